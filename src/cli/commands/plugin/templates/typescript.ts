import type { PartType, Template } from "./template.ts";

/** A plugin in TypeScript: an npm package that is built with tsc, with a test for node:test. */
export const typescript: Template = (type, name) => ({
  files: [
    { path: "package.json", text: `${JSON.stringify(manifest(type, name), null, 2)}\n` },
    { path: "tsconfig.json", text: `${JSON.stringify(TSCONFIG, null, 2)}\n` },
    { path: ".gitignore", text: "node_modules/\ndist/\n" },
    { path: "src/plugin.ts", text: PLUGIN[type].replaceAll("NAME", name) },
    { path: "test/plugin.test.mjs", text: TEST[type].replaceAll("NAME", name) },
  ],
  next: ["npm install", "npm test"],
});

function manifest(type: PartType, name: string) {
  return {
    name: `p9-plugin-${name}`,
    version: "0.1.0",
    description: `A ${type.replace("-", " ")} for p9`,
    keywords: ["p9-plugin"],
    type: "module",
    exports: "./dist/plugin.js",
    files: ["dist"],
    scripts: {
      build: "tsc",
      test: "npm run build && node --test test/ && p9 plugin test .",
      prepack: "npm run build",
    },
    peerDependencies: { "@broomva/p9": "^1.0.0" },
    devDependencies: { "@broomva/p9": "^1.0.0", "@types/node": "^20.0.0", typescript: ">=5.8" },
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    rootDir: "src",
    outDir: "dist",
    declaration: true,
    skipLibCheck: true,
  },
  include: ["src"],
};

const PLUGIN: Readonly<Record<PartType, string>> = {
  source: `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { definePlugin, defineQueueSource, UnavailableError } from "@broomva/p9";

const source = defineQueueSource({
  name: "NAME",
  summary: "Open tasks in TODO.md",
  options: {
    file: { type: "string", description: "File with the tasks", default: "TODO.md" },
  },
  async discover({ root, cwd, options }) {
    const path = join(root ?? cwd, String(options.file ?? "TODO.md"));
    return readLines(path)
      .filter((line) => line.startsWith("- [ ] "))
      .map((line) => line.slice(6).trim())
      .map((task) => ({ item: task, key: task, minutes: 15 }));
  },
});

/** "Cannot be asked" is another answer than "nothing to do". */
function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\\n");
  } catch (error) {
    throw new UnavailableError(\`\${path} cannot be read\`, { cause: error });
  }
}

export default definePlugin({ name: "NAME", version: "0.1.0", queueSources: [source] });
`,
  "wait-kind": `import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineWaitKind, definePlugin, type LookResult, ObservationError, RefError } from "@broomva/p9";

const kind = defineWaitKind({
  name: "NAME",
  summary: "A file that says how far a job is",
  examples: [{ ref: "job.json" }],
  async pin({ ref }, { cwd }) {
    if (!ref || /[\\u0000-\\u001f]/.test(ref)) throw new RefError("Wanted the path of a status file");
    const path = resolve(cwd, ref);
    return { ref, key: path, identity: { path }, complete: true };
  },
  async look({ pin }): Promise<LookResult> {
    const path = String(pin.identity.path);
    if (!existsSync(path)) return { status: "waiting", reason: "The job has not started" };
    const state = readState(path);
    if (state === "done") return { status: "succeeded", reason: "The job is done" };
    if (state === "failed") return { status: "failed", reason: "The job failed" };
    if (state === "running") return { status: "running", reason: "The job runs" };
    // A value that is not known is not a result.
    return { status: "running", reason: \`The job is in state "\${state}"\`, unknown: [state] };
  },
});

/** Not being able to look is not a result either. */
function readState(path: string): string {
  try {
    return String(JSON.parse(readFileSync(path, "utf8")).state);
  } catch (error) {
    throw new ObservationError("The status file cannot be read", { cause: error });
  }
}

export default definePlugin({ name: "NAME", version: "0.1.0", waitKinds: [kind] });
`,
  notifier: `import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { defineNotifier, definePlugin } from "@broomva/p9";

const notifier = defineNotifier({
  name: "NAME",
  summary: "Appends each notice to a file",
  async deliver(notice, { dataDir }) {
    appendFileSync(join(dataDir(), "notices.txt"), \`\${notice.title}\\n\`);
  },
});

export default definePlugin({ name: "NAME", version: "0.1.0", notifiers: [notifier] });
`,
};

const TEST_HEAD = `import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import plugin from "../dist/plugin.js";

const folder = mkdtempSync(join(tmpdir(), "NAME-"));
`;

const TEST: Readonly<Record<PartType, string>> = {
  source: `${TEST_HEAD.replace("readFileSync, ", "")}const [source] = plugin.queueSources;

test("offers open tasks only", async () => {
  writeFileSync(join(folder, "TODO.md"), "- [ ] write the docs\\n- [x] done\\n");
  const items = await source.discover({ root: folder, options: {} });
  assert.deepEqual(items.map(({ item }) => item), ["write the docs"]);
});

test("says that there is no file", async () => {
  await assert.rejects(source.discover({ root: "/nowhere", options: {} }), /TODO.md cannot be read/);
});
`,
  "wait-kind": `${TEST_HEAD.replace("readFileSync, ", "")}const [kind] = plugin.waitKinds;

test("follows the file", async () => {
  const pin = await kind.pin({ ref: "job.json" }, { cwd: folder });
  assert.equal((await kind.look({ pin })).status, "waiting");
  for (const [state, status] of [["running", "running"], ["done", "succeeded"], ["asleep", "running"]]) {
    writeFileSync(join(folder, "job.json"), JSON.stringify({ state }));
    assert.equal((await kind.look({ pin })).status, status);
  }
});

test("cannot look at what is no JSON", async () => {
  writeFileSync(join(folder, "torn.json"), "{");
  const pin = await kind.pin({ ref: "torn.json" }, { cwd: folder });
  await assert.rejects(kind.look({ pin }), { name: "ObservationError" });
});
`,
  notifier: `${TEST_HEAD.replace(", writeFileSync", "")}const [notifier] = plugin.notifiers;

test("keeps the title", async () => {
  await notifier.deliver({ title: "green" }, { dataDir: () => folder });
  assert.equal(readFileSync(join(folder, "notices.txt"), "utf8"), "green\\n");
});
`,
};
