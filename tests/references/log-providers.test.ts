import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { logProviders } from "../../plugins/log-providers/registry.ts";
import { checkBlock } from "../../src/config/check.ts";
import { serviceProblems } from "../../src/config/services.ts";
import { readCiLog } from "../../src/log-providers/log.ts";
import { knownLogProviders, logProviderVariables } from "../../src/provider.ts";
import { ROOT } from "../helpers/p9.ts";
import { logAsker } from "../log-providers/reading.ts";
import { startVendor } from "../servers/vendors/harness.ts";
import { blocksOf } from "./snippets.ts";

const PAGE = readFileSync(join(ROOT, "references", "log-providers.md"), "utf8");

describe("references/log-providers.md", () => {
  it.each(Object.entries(logProviders))(
    "has a row for %s with its variables and how it was checked",
    async (name, load) => {
      const provider = await load();
      const row = PAGE.split("\n").find((line) => line.startsWith("|") && line.includes(`(\`${name}\`)`)) ?? "";
      expect(row).toContain(provider.title);
      expect(row).toContain(provider.checked);
      for (const variable of logProviderVariables(provider)) expect(row).toContain(`\`${variable}\``);
    },
  );

  it("shows a configuration that p9 takes as it is, and reads a log with", async () => {
    const { parse } = await import("yaml");
    const text = blocksOf(PAGE).find(({ file }) => file === "config.yaml")?.text ?? "";
    const { ci_watch } = parse(text);
    const checked = checkBlock("ci_watch", ci_watch, "config.yaml");
    expect(checked).toMatchObject({ problems: [], warnings: [] });
    expect(serviceProblems(checked.value, "config.yaml")).toEqual([]);
    const server = await startVendor({
      allows: ({ authorization }) => authorization === "Bearer acme-secret",
      refusal: { status: 401, body: {} },
      notFound: { status: 404, body: {} },
      routes: [
        [
          "GET",
          /^\/builds\/7$/,
          () => ({ body: { state: "red", jobs: [{ id: 9, name: "unit", state: "red", code: 3 }] } }),
        ],
        ["GET", /^\/jobs\/9\/log$/, () => ({ headers: { "content-type": "text/plain" }, body: "boom" })],
      ],
    });
    onTestFinished(() => server.close());
    const env = { ACME_CI_URL: server.url, ACME_CI_TOKEN: "acme-secret" };
    const known = await knownLogProviders(logProviders, {
      config: ci_watch,
      env,
      trusted: async () => true,
      logProviders: async () => [],
    });
    expect(known.slice(0, 3).map(({ provider }) => provider.name)).toEqual(["jenkins", "their-gitlab", "acme-ci"]);
    const check = { name: "acme", app: null, url: "https://acme.example/builds/7" };
    expect((await readCiLog(check, known, logAsker(env)))?.text).toBe(
      "unit\t\t1970-01-01T00:00:00Z boom\nunit\t\t1970-01-01T00:00:00Z ##[error]Process completed with exit code 3.",
    );
  });
});
