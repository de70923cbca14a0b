// needs: time
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "./helpers/p9.ts";

/** A folder in which the packed package lies as npm would install it; its dependencies are the project's own. */
let app: string;
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "p9-package-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", app], { cwd: ROOT, stdio: "ignore" });
  const installed = join(app, "node_modules", "@broomva", "p9");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(app, "broomva-p9-1.0.0.tgz"), "-C", installed, "--strip-components=1"]);
  symlinkSync(join(ROOT, "node_modules", "koffi"), join(app, "node_modules", "koffi"));
  writeFileSync(join(app, "package.json"), '{"type":"module"}');
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const env = () => ({ PATH: process.env.PATH ?? "", HOME: app, BROOMVA_P9_HOME: join(app, "state") });
const node = (...args: string[]) => spawnSync("node", args, { cwd: app, env: env(), encoding: "utf8" });
const p9 = (...args: string[]) => node(join(app, "node_modules/@broomva/p9/dist/p9.js"), ...args);

test("the packed package watches a build to its end, with koffi as the only package beside it", () => {
  const { status, stderr } = p9("watch", "build", "--", "sh", "-c", "exit 4");
  expect(stderr).toContain("P9-TERMINATION-REPORT");
  expect(status).toBe(10);
});

test("it carries its documents, its hooks and no tests", () => {
  const files = execFileSync("tar", ["-tzf", join(app, "broomva-p9-1.0.0.tgz")], { encoding: "utf8" }).split("\n");
  for (const file of [
    "README.md",
    "LICENSE",
    "references/states.md",
    "hooks/hooks.json",
    "dist/mod.mjs",
    "dist/types/mod.d.ts",
    "dist/man/p9.1",
    "dist/man/p9-watch.1",
    "dist/schemas/policy.schema.json",
  ]) {
    expect(files).toContain(`package/${file}`);
  }
  expect(files.filter((file) => /^package\/(tests|src|node_modules)\//.test(file))).toEqual([]);
});

test("npm install -g puts its manual where man looks", () => {
  const prefix = join(app, "prefix");
  const unpacked = join(app, "bare");
  mkdirSync(unpacked);
  execFileSync("tar", ["-xzf", join(app, "broomva-p9-1.0.0.tgz"), "-C", unpacked, "--strip-components=1"]);
  // Without its dependency, so that no registry is asked.
  const manifest = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  writeFileSync(join(unpacked, "package.json"), JSON.stringify({ ...manifest, dependencies: {} }));
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", unpacked], { cwd: unpacked, stdio: "ignore" });
  const args = ["install", "-g", "--offline", "--prefix", prefix, join(unpacked, "broomva-p9-1.0.0.tgz")];
  execFileSync("npm", args, { cwd: app, env: { ...env(), npm_config_cache: join(app, "cache") }, stdio: "pipe" });
  for (const name of ["p9.1", "p9-watch.1", "p9-wait-queue.1"])
    expect(readFileSync(join(prefix, "share", "man", "man1", name), "utf8")).toContain(".TH P9");
});

test("npm installs beside it what its programs load and nothing else, in the one version that was tried", () => {
  const dist = join(app, "node_modules/@broomva/p9/dist");
  const texts = readdirSync(dist)
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => readFileSync(join(dist, name), "utf8"));
  const named =
    /(?:\b(?:require|import)|createRequire\)?\(\w+\))\(["'`]([^"'`.][^"'`]*)["'`]\)|\bfrom ?["']([^"'.][^"']*)["']|\bimport ?["']([^"'.][^"']*)["']/g;
  const loaded = texts.flatMap((text) => [...text.matchAll(named)].flatMap((found) => found.slice(1).filter(Boolean)));
  const packages = new Set(loaded.filter((name) => name !== undefined && !isBuiltin(name) && isInstalled(name)));
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect([...packages]).toEqual(Object.keys(dependencies));
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

/** Whether a text names a package that is there; texts of templates name others. */
const isInstalled = (name: string) => existsSync(join(ROOT, "node_modules", name, "package.json"));

test("a plugin can import what it needs", () => {
  writeFileSync(
    join(app, "plugin.mjs"),
    'import { defineNotifier, definePlugin, defineQueueSource, defineWaitKind, ObservationError, parseDuration } from "@broomva/p9";\n' +
      "console.log([defineNotifier, definePlugin, defineQueueSource, defineWaitKind, ObservationError].every((it) => typeof it === 'function'), parseDuration('2m'));\n",
  );
  expect(node("plugin.mjs")).toMatchObject({ status: 0, stdout: "true 120\n" });
});

test("its types check a plugin, without Node's types", () => {
  const right =
    'import { defineWaitKind } from "@broomva/p9";\n' +
    'export default defineWaitKind({ name: "x", summary: "y",\n' +
    "  async pin(request) { return { ref: request.ref ?? '', key: 'k', identity: {}, complete: true }; },\n" +
    "  async look(context) { return { status: 'running', reason: String(context.look) }; } });\n";
  writeFileSync(join(app, "right.ts"), right);
  writeFileSync(join(app, "wrong.ts"), right.replace("'running'", "'nonsense'"));
  const check = (file: string) =>
    spawnSync(
      "node",
      [
        join(ROOT, "node_modules/typescript/bin/tsc"),
        "--noEmit",
        "--strict",
        "--target",
        "es2023",
        "--module",
        "nodenext",
        "--types",
        "",
        file,
      ],
      { cwd: app, encoding: "utf8" },
    );
  expect(check("right.ts").stdout).toBe("");
  expect(check("wrong.ts").stdout).toContain("nonsense");
});
