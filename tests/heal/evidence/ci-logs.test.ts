// needs: gh
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { trustSubjects } from "../../../src/cli/commands/setup/trust-subjects.ts";
import { loadPolicy } from "../../../src/config/load.ts";
import { createGitHub } from "../../../src/github/client.ts";
import { ciLogReader, earlyCiLogReader } from "../../../src/heal/evidence/ci-log.ts";
import { gather } from "../../../src/heal/evidence/gather.ts";
import { readLedger } from "../../../src/heal/evidence/ledger.ts";
import type { RedPullRequest } from "../../../src/heal/evidence/red-pull-request.ts";
import { run } from "../../../src/process/exec.ts";
import { paths } from "../../../src/store/paths.ts";
import { grant } from "../../../src/trust/trust.ts";
import { buildkiteVendor } from "../../servers/ci/buildkite.ts";
import { circleciVendor } from "../../servers/ci/circleci.ts";
import { type CiServer, type CiVendor, startCi } from "../../servers/ci/vendor.ts";
import { woodpeckerVendor } from "../../servers/ci/woodpecker.ts";
import { type GitHub, type Pull, startGitHub } from "../../servers/github/mod.ts";

let github: GitHub;
let pull: Pull;
let home: string;
let cwd: string;

beforeEach(async () => {
  github = await startGitHub();
  pull = github.world.repo("octo/app").pull(42);
  home = mkdtempSync(join(tmpdir(), "p9-ci-"));
  cwd = join(home, "work");
  mkdirSync(join(cwd, ".control"), { recursive: true });
});
afterEach(async () => {
  await github.stop();
  rmSync(home, { recursive: true, force: true });
});

async function service(vendor: CiVendor): Promise<CiServer> {
  const server = await startCi(vendor);
  onTestFinished(() => server.close());
  return server;
}

function look(env: Readonly<Record<string, string>> = {}): Promise<RedPullRequest> {
  const all = { ...process.env, ...github.env, ...env };
  const client = createGitHub({ exec: run, env: all, clock: systemClock });
  const ciLog = ciLogReader({ env: all, cwd, home });
  return gather("octo/app", 42, null, { github: client, paths: paths(home), env: all, now: Date.now, ciLog });
}

function status(targetUrl: string, context = "ci/woodpecker/pr/test") {
  pull.head.status({ context, states: [[0, "FAILURE"]], targetUrl, description: "Pipeline failed" });
}

test("a commit status of another CI is explained by its log, with step, file and page", async () => {
  const server = await service(woodpeckerVendor);
  const page = woodpeckerVendor.pages(server.url)[0] ?? "";
  status(page);
  const red = await look(woodpeckerVendor.env(server.url));
  expect(red.found).toMatchObject({ failure_type: "type" });
  expect(red.evidence[0]).toMatchObject({
    job: "ci/woodpecker/pr/test",
    step: "types",
    file: "src/a.ts",
    line: 12,
    url: page,
  });
  expect(red.logs).toMatchObject([{ external: false, note: null }]);
  expect(readLedger(paths(home))).toMatchObject([{ job: "ci/woodpecker/pr/test", outcome: "failed" }]);
});

test("what a check run says itself is read before the log of its service", async () => {
  const server = await service(circleciVendor);
  pull.head.checks({
    name: "test",
    ends: 0,
    conclusion: "FAILURE",
    app: "circleci-checks",
    summary: "1 of 2 jobs failed",
    detailsUrl: circleciVendor.pages(server.url)[3] ?? "",
  });
  const red = await look(circleciVendor.env(server.url));
  const text = red.logs[0]?.text ?? "";
  expect(text.indexOf("1 of 2 jobs failed")).toBe(0);
  expect(text.indexOf("TS2322")).toBeGreaterThan(0);
  expect(red.found).toMatchObject({ failure_type: "type" });
  expect(red.evidence[0]).toMatchObject({ job: "test", step: "npm test" });
});

test("without a token the variable is named and the link kept", async () => {
  const server = await service(buildkiteVendor);
  const [page = ""] = buildkiteVendor.pages(server.url);
  status(page, "buildkite/my-pipeline");
  const red = await look({ BUILDKITE_API_URL: server.url });
  expect(red.found).toMatchObject({
    failure_type: "external",
    rationale: expect.stringContaining('"BUILDKITE_API_TOKEN"'),
  });
  expect(red.evidence).toContainEqual({
    job: "buildkite/my-pipeline",
    text: expect.stringContaining('the variable "BUILDKITE_API_TOKEN" is not set'),
    url: page,
  });
  expect(server.requests).toEqual([]);

  const later = await look(buildkiteVendor.env(server.url));
  expect(later.found.failure_type).toBe("type");
});

test("a log is fetched once per run of the service, and is kept without secrets", async () => {
  const server = await service(woodpeckerVendor);
  const env = woodpeckerVendor.env(server.url);
  server.world.log = ["src/a.ts(12,5): error TS2322: no", `token ${env.WOODPECKER_TOKEN}`];
  status(woodpeckerVendor.pages(server.url)[0] ?? "");
  await look(env);
  const asked = server.requests.length;
  const again = await look(env);
  expect(server.requests.length).toBe(asked);
  expect(again.found.failure_type).toBe("type");
  expect(again.logs[0]?.external).toBe(false);
  const kept = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"))
    .join("\n");
  expect(kept).toContain("TS2322");
  expect(kept).not.toContain("secret-of-woodpecker");

  status(woodpeckerVendor.pages(server.url)[1] ?? "");
  await look(env);
  expect(server.requests.length).toBeGreaterThan(asked);
});

test("a status that fails once more at the same page has its log read anew", async () => {
  const server = await service(woodpeckerVendor);
  const env = woodpeckerVendor.env(server.url);
  const targetUrl = woodpeckerVendor.pages(server.url)[0] ?? "";
  pull.head.status({ context: "ci/woodpecker", states: [[-60, "FAILURE"]], targetUrl });
  expect((await look(env)).found.failure_type).toBe("type");
  server.world.log = ["src/a.ts: 3 problems (3 errors, 0 warnings)", "the second try"];
  pull.head.status({ context: "ci/woodpecker", states: [[-1, "FAILURE"]], targetUrl });
  expect((await look(env)).logs.map(({ text }) => text)).toContainEqual(expect.stringContaining("the second try"));
});

test("while a wait goes on only a whole log counts, and none once nobody wants it", async () => {
  const server = await service(woodpeckerVendor);
  const env = woodpeckerVendor.env(server.url);
  const check = { name: "ci/woodpecker", app: null, url: woodpeckerVendor.pages(server.url)[0] ?? "" };
  const wanted = new AbortController();
  const read = earlyCiLogReader({ env, cwd, home }, wanted.signal);
  expect(await read(check)).toMatchObject({ text: expect.stringContaining("TS2322"), note: null });
  server.world.state = "running";
  expect(await read(check)).toMatchObject({ text: "", note: expect.stringContaining("still runs") });
  wanted.abort();
  const asked = server.requests.length;
  expect(await read(check)).toMatchObject({ text: "" });
  expect(server.requests).toHaveLength(asked);
});

test("a server of one's own that nobody has named is hinted at, and not asked", async () => {
  const server = await service(woodpeckerVendor);
  status(woodpeckerVendor.pages(server.url)[0] ?? "");
  const { evidence } = await look();
  expect(evidence).toContainEqual(
    expect.objectContaining({
      text: expect.stringContaining('looks like a page of Woodpecker: set "WOODPECKER_SERVER"'),
    }),
  );
  expect(server.requests).toEqual([]);
});

test("what a repository's policy names is asked once it is trusted, and only the user's own at once", async () => {
  const server = await service(woodpeckerVendor);
  const { WOODPECKER_TOKEN = "" } = woodpeckerVendor.env(server.url);
  const [page = ""] = woodpeckerVendor.pages(server.url);
  status(page);
  const entry = `ci_watch:\n  log_providers:\n    ours: { use: woodpecker, base: "${server.url}" }\nci_heal: {}\n`;
  writeFileSync(join(cwd, ".control/policy.yaml"), entry);
  const { evidence } = await look({ WOODPECKER_TOKEN });
  expect(evidence).toContainEqual({
    job: "ci/woodpecker/pr/test",
    text: 'Its log is not read before "ci_watch.log_providers.ours" is trusted: run p9 trust',
    url: page,
  });
  expect(server.requests).toEqual([]);

  const place = { env: process.env, cwd, home };
  const policy = await loadPolicy(place);
  const [shown, ...others] = await trustSubjects({ ...place, policy, root: cwd });
  expect(others).toEqual([]);
  expect(shown).toMatchObject({ subject: "ci_watch.log_providers.ours" });
  expect(shown?.content).toContain(`Sends WOODPECKER_TOKEN to ${server.url}`);
  expect(shown?.content).toContain("Not on the public internet: 127.0.0.1");
  await grant(place, [{ subject: shown?.subject ?? "", content: shown?.content ?? "", base: null }], Date.now());
  expect((await look({ WOODPECKER_TOKEN })).found.failure_type).toBe("type");

  writeFileSync(join(cwd, ".control/policy.yaml"), "ci_watch: {}\nci_heal: {}\n");
  writeFileSync(join(home, "config.yaml"), entry);
  status(woodpeckerVendor.pages(server.url)[1] ?? "");
  expect((await look({ WOODPECKER_TOKEN })).found.failure_type).toBe("type");
});
