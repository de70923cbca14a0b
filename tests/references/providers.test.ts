// needs: time, git
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { deployProviders, indexProviders } from "../../plugins/wait-kinds/providers/registry.ts";
import { checkBlock } from "../../src/config/check.ts";
import { ROOT, sandbox } from "../helpers/p9.ts";
import { type Route, startVendor } from "../servers/vendors/harness.ts";
import { blocksOf } from "./snippets.ts";

const PAGE = readFileSync(join(ROOT, "references", "providers.md"), "utf8");
const block = (file: string) => blocksOf(PAGE).find((one) => one.file === file)?.text ?? "";

describe("references/providers.md", () => {
  it.each(Object.entries({ ...deployProviders, ...indexProviders }))(
    "has a row for %s that says how it was checked",
    async (name, load) => {
      const watcher = await load();
      const row = PAGE.split("\n").find((line) => line.startsWith("|") && line.includes(`(\`${name}\`)`)) ?? "";
      expect(row).toContain(watcher.title);
      if ("provider" in watcher) {
        expect(row).toContain((watcher.provider as { checked: string }).checked);
        const named = watcher.env.filter(
          (variable) => /KEY|TOKEN|PASSWORD/.test(variable) && !variable.startsWith("ALGOLIA"),
        );
        for (const variable of named) expect(row).toContain(variable);
      }
    },
  );

  it("shows a policy that p9 takes as it is", async () => {
    const { parse } = await import("yaml");
    const policy = parse(block("policy.yaml"));
    expect(checkBlock("ci_watch", policy.ci_watch, "policy.yaml")).toMatchObject({ problems: [], warnings: [] });
  });
});

/** A server of the page's make-believe vendor. */
async function acme(routes: readonly Route[]) {
  const server = await startVendor({
    routes,
    allows: ({ authorization, "x-api-key": key }) => [authorization, key].some((one) => one?.includes("acme-secret")),
    refusal: { status: 401, body: {} },
    notFound: { status: 404, body: {} },
  });
  onTestFinished(() => server.close());
  return server;
}

describe("the provider that the page describes as data", () => {
  async function watch(release: object, ...args: string[]) {
    const user = sandbox();
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...words], {
        cwd: user.work,
        encoding: "utf8",
      }).trim();
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "x");
    const sha = git("rev-parse", "HEAD");
    const one = { id: "12", commit: sha, created_at: "2026-11-20T08:00:00Z", host: "shop.example", ...release };
    const server = await acme([
      ["GET", /^\/apps\/shop\/releases$/, () => ({ body: { releases: [one] } })],
      ["GET", /^\/apps\/shop\/releases\/12$/, () => ({ body: one })],
      ["GET", /^\/apps\/shop\/releases\/12\/log$/, () => ({ body: { lines: [{ text: "Error: no such table" }] } })],
    ]);
    user.write("../state/config.yaml", block("config.yaml"));
    const env = { ACME_URL: server.url, ACME_TOKEN: "acme-secret", ACME_APP: "shop" };
    const { code, stdout } = await user.p9(["watch", "deploy", ...args, "--interval", "1", "--json"], { env });
    return { code, ...JSON.parse(stdout) };
  }

  it("succeeds, fails with its log, and is blocked by a person", async () => {
    expect(await watch({ status: "live" })).toMatchObject({ code: 0, outcome: "succeeded" });
    expect(await watch({ status: "broken", error: { message: "migration failed" } }, "rel-12")).toMatchObject({
      code: 10,
      reason: expect.stringContaining("migration failed"),
      evidence: [{ text: "Error: no such table" }],
    });
    expect(
      await watch({ status: "queued", needs_approval: true, approver: "Ana" }, "--provider", "acme"),
    ).toMatchObject({ code: 11, reason: expect.stringContaining("Ana must approve it") });
  });
});

describe("the plugin that the page shows", () => {
  it("passes the conformance suite and watches its task", async () => {
    const user = sandbox();
    const server = await acme([["GET", /^\/tasks\/7$/, () => ({ body: { state: "done", done: 3, total: 3 } })]]);
    user.write("acme-search.mjs", block("acme-search.mjs"));
    const env = { ACME_SEARCH_URL: server.url, ACME_SEARCH_KEY: "acme-secret" };
    // The suite starts a process for each of some forty calls.
    const suite = ["plugin", "test", "./acme-search.mjs", "--ref", "task-7", "--here"];
    const tested = await user.p9(suite, { env, timeoutMs: 100_000 });
    expect(tested, tested.stdout + tested.stderr).toMatchObject({ code: 0 });
    expect((await user.p9(["plugin", "add", "./acme-search.mjs"], { env })).code).toBe(0);
    const watched = await user.p9(["watch", "acme-search", "task-7", "--interval", "1", "--json"], { env });
    expect({ code: watched.code, ...JSON.parse(watched.stdout) }).toMatchObject({ code: 0, outcome: "succeeded" });
  }, 120_000);
});
