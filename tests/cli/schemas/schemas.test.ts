import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv } from "ajv";
import { parse as parseJsonc } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { checkBlock } from "../../../src/config/check.ts";
import { type SchemaName, schemaAddress } from "../../../src/config/schema-address.ts";
import { buildChannels } from "../../../src/notify/channels.ts";
import { readPluginsFile } from "../../../src/plugins-host/find/plugins-file.ts";
import { ROOT, sandbox } from "../../helpers/p9.ts";

const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new Map<SchemaName, ReturnType<Ajv["compile"]>>();

/** What the built schema has against a value; empty: nothing. */
function against(name: SchemaName, value: unknown): readonly string[] {
  const file = join(ROOT, "dist", "schemas", `${name}.schema.json`);
  const validate = validators.get(name) ?? ajv.compile(JSON.parse(readFileSync(file, "utf8")));
  validators.set(name, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Values of `ci_watch` and `ci_heal`. Those that p9 takes and those that it refuses. */
const BLOCKS: readonly (readonly ["ci_watch" | "ci_heal", string])[] = [
  ["ci_watch", "{}"],
  ["ci_watch", "{ enabled: true, max_concurrent_prs: 5, settle: 30s, auto: [pr-ci, deploy] }"],
  ["ci_watch", "{ grace: { appear: 3m, runner: 900 }, deadline: { pr-ci: 2h }, keep: { days: 12h, size: 500M } }"],
  ["ci_watch", "{ keep: { days: 0.5, size: 1.5 GiB }, no_checks: green, sleep: deny, offer: never, observer: gh }"],
  ["ci_watch", "{ isolation_tier_map: { docs: worktree }, blocked_paths: [infra/, '*.md'], plugins: ['npm:x'] }"],
  [
    "ci_watch",
    "{ providers: { render: { service: srv-1 } }, index_sync: { docs: { url: 'https://x', paths: [docs/**] } } }",
  ],
  ["ci_watch", "{ notify: [{ type: ntfy, topic: x }] }"],
  ["ci_watch", "{ enabled: 'false' }"],
  ["ci_watch", "{ max_concurrent_prs: 0 }"],
  ["ci_watch", "{ max_concurrent_prs: 1.5 }"],
  ["ci_watch", "{ settle: soon }"],
  ["ci_watch", "{ settle: -1 }"],
  ["ci_watch", "{ settle: [30] }"],
  ["ci_watch", "{ keep: { days: '30' } }"],
  ["ci_watch", "{ keep: { size: 5 parsecs } }"],
  ["ci_watch", "{ no_checks: yellow }"],
  ["ci_watch", "{ auto: pr-ci }"],
  ["ci_watch", "{ auto: [''] }"],
  ["ci_watch", "{ blocked_paths: [''] }"],
  ["ci_watch", "{ blocked_paths: ['!a'] }"],
  ["ci_watch", "{ deadline: { pr-ci: later } }"],
  ["ci_watch", "{ grace: 5 }"],
  ["ci_watch", "[]"],
  ["ci_heal", "{}"],
  ["ci_heal", "{ max_attempts: 3, stability_floor: 0.5, setup: npm ci, commands: { lint: npm run fix } }"],
  [
    "ci_heal",
    "{ commands: { lint: { run: a, check: b }, format: [a, b] }, min_confidence: { lint: 0.9 }, network: true }",
  ],
  ["ci_heal", "{ escalation_channel: { linear_team: OPS }, allow_paths: ['**/*.snap'] }"],
  ["ci_heal", "{ escalation_channel: null, min_confidence: 0.5 }"],
  ["ci_heal", "{ max_attempts: -1 }"],
  ["ci_heal", "{ stability_floor: 2 }"],
  ["ci_heal", "{ min_confidence: high }"],
  ["ci_heal", "{ commands: [lint] }"],
  ["ci_heal", "{ network: 'yes' }"],
  ["ci_heal", "{ escalation_channel: ops }"],
];

describe("the schemas of the policy and of config.yaml", () => {
  test.each(BLOCKS)("%s: %s is for an editor what it is for p9", (name, text) => {
    const value = parseYaml(text);
    const { problems } = name === "ci_watch" ? checkBlock(name, value, "x") : checkBlock(name, value, "x");
    const found = against("config", { [name]: value });
    expect({ isRefused: found.length > 0, found }).toEqual({ isRefused: problems.length > 0, found });
    const whole = { ci_watch: {}, ci_heal: {}, auto_merge: { enabled: true }, [name]: value };
    expect(against("policy", whole).length > 0).toBe(problems.length > 0);
  });

  test("an unknown key is shown, a block of somebody else's is not", () => {
    expect(against("config", { ci_watch: { setle: 3 } })).toEqual([
      "/ci_watch must NOT have additional properties",
      expect.anything(),
      expect.anything(),
    ]);
    expect(against("config", { $schema: "x", other: { setle: 3 }, ci_heal: null })).toEqual([]);
    expect(against("policy", { ci_watch: {} })).toEqual([" must have required property 'ci_heal'"]);
  });

  test("says of each key what references/config.md does", () => {
    const schema = JSON.parse(readFileSync(join(ROOT, "dist/schemas/policy.schema.json"), "utf8"));
    for (const block of ["ci_watch", "ci_heal"]) {
      const bare = Object.entries<{ description?: string; properties?: object }>(schema.properties[block].properties)
        .filter(([, { description, properties }]) => description === undefined && properties === undefined)
        .map(([key]) => `${block}.${key}`);
      expect(bare.filter((key) => !/escalation_channel/.test(key))).toEqual([]);
    }
  });
});

describe("the schemas of plugins.jsonc and notify.json", () => {
  test.each([
    '{ "plugins": ["npm:x", { "use": "./y", "options": { "tasks": { "max": 5 } } }] }',
    '{ "$schema": "x" }',
    '["exec:/bin/x"]',
    '{ "plugins": "npm:x" }',
    '{ "plugins": [{ "options": {} }] }',
    '{ "plugins": [{ "use": "x", "options": { "tasks": 5 } }] }',
    '{ "plugins": [5] }',
    "5",
  ])("plugins.jsonc: %s is for an editor what it is for p9", async (text) => {
    const path = join(sandbox().dir, "plugins.jsonc");
    writeFileSync(path, text);
    const isRead = await readPluginsFile(path).then(
      () => true,
      () => false,
    );
    expect(against("plugins", JSON.parse(text)).length === 0).toBe(isRead);
  });

  test.each([
    { type: "ntfy", topic: "x", kinds: ["stuck"], severity: "error", min_duration: "10m" },
    { type: "webhook", url: "https://x", headers: { A: "env:B" }, timeout: 5 },
    { type: "command", argv: ["a"], timeout: "15s", repos: "octo/app" },
    { type: "of-a-plugin", anything: true },
    {},
    { type: "" },
    { type: "ntfy", topic: "x", severity: "loud" },
    { type: "ntfy", topic: "x", kinds: [5] },
    { type: "ntfy", topic: "x", min_duration: "long" },
    { type: "ntfy", topic: "x", timeout: [5] },
  ])("a channel such as %j is for an editor what it is for p9", (entry) => {
    const { problems } = buildChannels([{ entry, workspace: null }]);
    expect(against("notify", { channels: [entry] }).length > 0).toBe(problems.length > 0);
  });

  test("an option that a channel must have is missed", () => {
    expect(against("notify", { channels: [{ type: "ntfy" }] })).toContain(
      "/channels/0 must have required property 'topic'",
    );
  });
});

describe("every example in references/", () => {
  const pages = ["README.md", ...readdirSync(join(ROOT, "references")).map((file) => `references/${file}`)];
  const snippets = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```(ya?ml|jsonc?)\b[^\n]*\n([\s\S]*?)^```$/gm)].map(
      ([, language = "", text = ""]) => ({ page, language, text }),
    ),
  );

  test("is accepted by the schema of its file", () => {
    let seen = 0;
    for (const { page, language, text } of snippets) {
      const value: unknown = language.startsWith("y") ? parseYaml(text) : parseJsonc(text);
      if (typeof value !== "object" || value === null) continue;
      const name = "channels" in value ? "notify" : "plugins" in value ? "plugins" : "config";
      if (name === "config" && !("ci_watch" in value || "ci_heal" in value)) continue;
      seen += 1;
      expect(against(name, value), `${page}:\n${text}`).toEqual([]);
    }
    expect(seen).toBeGreaterThanOrEqual(5);
  });
});

describe("what p9 writes", () => {
  /** The schema that a text names, and what that schema has against it. */
  function named(text: string, value: unknown) {
    const address = /\$schema(?:=|": ")(\S+?)"?,?$/m.exec(text)?.[1] ?? "";
    const name = (["policy", "config", "plugins", "notify"] as const).find((one) => schemaAddress(one) === address);
    return { name, file: basename(address), problems: name ? against(name, value) : ["names no schema"] };
  }

  test.each([
    ["config", ["init"]],
    ["policy", ["init", "--project"]],
  ] as const)("p9 init begins %s.yaml with the schema, which accepts it", async (name, args) => {
    const { p9, home, work } = sandbox();
    expect((await p9(args)).code).toBe(0);
    const text = readFileSync(
      name === "config" ? join(home, "config.yaml") : join(work, ".control/policy.yaml"),
      "utf8",
    );
    expect(text).toMatch(/^# yaml-language-server: \$schema=/);
    expect(named(text, parseYaml(text))).toEqual({ name, file: `${name}.schema.json`, problems: [] });
    expect(readdirSync(join(ROOT, "dist/schemas"))).toContain(`${name}.schema.json`);
  });

  test("p9 init leaves the head of a file that is there alone", async () => {
    const { p9, work, write } = sandbox();
    write(".control/policy.yaml", "# ours\nauto_merge: {}\n");
    await p9(["init", "--project"]);
    expect(readFileSync(join(work, ".control/policy.yaml"), "utf8")).toMatch(/^# ours\nauto_merge: \{\}\n\nci_watch:/);
  });

  test("p9 plugin add names the schema in a new plugins.jsonc, and reads it again", async () => {
    const { p9, home, write, json } = sandbox();
    const answer = JSON.stringify({ name: "mine", queueSources: [{ name: "mine", summary: "x" }] });
    const file = write("mine.sh", `#!/bin/sh\ncat > /dev/null\necho '${answer}'\n`);
    const { chmodSync } = await import("node:fs");
    chmodSync(file, 0o755);
    const added = await p9(["plugin", "add", file]);
    expect(added).toMatchObject({ code: 0 });
    const text = readFileSync(join(home, "plugins.jsonc"), "utf8");
    expect(named(text, parseJsonc(text))).toMatchObject({ name: "plugins", problems: [] });
    expect((await json<{ plugins: unknown[] }>(["plugin", "list"])).plugins).toHaveLength(1);
  });

  test("a byte order mark at the start of any of the files is nothing that p9 minds", async () => {
    const { p9, home, write, json } = sandbox();
    mkdirSync(home, { mode: 0o700 });
    write("own.mjs", "export default {}");
    writeFileSync(join(home, "config.yaml"), "\ufeffci_watch: { max_concurrent_prs: 7 }\n");
    writeFileSync(join(home, "notify.json"), '\ufeff{"channels": [{"type": "command", "cmd": "cat > heard"}]}');
    writeFileSync(join(home, "plugins.jsonc"), '\ufeff{"plugins": []}');
    write(".control/policy.yaml", "\ufeffci_watch: { settle: 0 }\nci_heal: {}\n");
    expect(await p9(["watch", "build", "--", "true"])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/No policy|Cannot read/),
    });
    expect(await json(["plugin", "list"])).toMatchObject({ plugins: [] });
    expect(await p9(["notify", "x"])).toMatchObject({ code: 0, stdout: "ok   command\n" });
    expect((await p9(["doctor"])).stdout).not.toMatch(/Cannot read|malformed/);
  });

  test("a $schema in any of the files is nothing that p9 minds", async () => {
    const { p9, home, write } = sandbox();
    mkdirSync(home, { mode: 0o700 });
    const schema = { $schema: "https://example.com/x.json" };
    writeFileSync(join(home, "config.yaml"), "$schema: https://example.com/x.json\nci_watch: {}\n");
    writeFileSync(join(home, "notify.json"), JSON.stringify({ ...schema, channels: [] }));
    writeFileSync(join(home, "plugins.jsonc"), JSON.stringify({ ...schema, plugins: [] }));
    write(".control/policy.yaml", "$schema: https://example.com/x.json\nci_watch: {}\nci_heal: {}\n");
    const { code, stderr } = await p9(["watch", "build", "--", "true"]);
    expect(code).toBe(0);
    expect(stderr).not.toContain("schema");
    expect(await p9(["plugin", "list"])).toMatchObject({ code: 0, stderr: "" });
    expect((await p9(["notify", "x"])).stderr).toContain("no channel is configured");
  });
});
