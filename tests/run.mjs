// `npm test`: everything, on a fresh clone too. `--quick`: on Node, without what takes long. `--only <name>`: one stage by its
// name, or the test files whose path holds it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askedFor, CLIENTS } from "./e2e/clients/support/install-clients.mjs";
import { leftOut, slowFiles } from "./needs.mjs";
import { readReport } from "./report.mjs";
import { root, setUp } from "./setup.mjs";

const module = (path) => join(root, "node_modules", path);
const vitest = ["run", "-c", "tests/vitest.config.ts", "--reporter=default", "--reporter=json"];
const deno = [module(".bin/deno"), "run", "-A", "--quiet"];

/** Folders of tests that hold for both runtimes: what they test touches no other program than git and sh. */
const ON_DENO = [
  "tests/base/",
  "tests/core/",
  "tests/store/",
  "tests/python-home/",
  "tests/config/",
  "tests/trust/",
  "tests/watch/",
  "tests/plugins-host/",
  "tests/queue/",
  "tests/show/",
  "tests/plugins/queue-sources/",
  "tests/log-providers/",
  "tests/harness/",
];

const vitestOnNode = [process.execPath, module("vitest/vitest.mjs"), ...vitest];
const vitestOnDeno = [...deno, "--node-modules-dir=manual", module("vitest/vitest.mjs"), ...vitest];

const STAGES = {
  types: (name) => check(name, [process.execPath, module("typescript/bin/tsc"), "-p", "tests"]),
  "page-types": (name) =>
    check(name, [process.execPath, module("typescript/bin/tsc"), "-p", "tests/tsconfig.page.json"]),
  lint: (name) => check(name, [module(".bin/biome"), "check", "--error-on-warnings", "."]),
  node: (name) => runVitest(name, vitestOnNode, { env: envOfNode }),
  "deno-types": (name) => check(name, [module(".bin/deno"), "check", "--quiet", "src", "plugins"]),
  deno: (name) => runVitest(name, vitestOnDeno, { files: ON_DENO.filter((folder) => existsSync(join(root, folder))) }),
  "deno-cli": (name) => check(name, [...deno, "src/main.ts", "status", "--json"]),
};
const QUICK = ["types", "lint", "node"];

const quick = process.argv.includes("--quick");
const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "") : null;
if (only === "") {
  console.error('Cannot tell what to run: wanted "--only <name>"');
  process.exit(3);
}
const scratch = mkdtempSync(join(tmpdir(), "p9-tests-"));
// Not the user's own state directory, whatever is run.
const env = { ...process.env, P9_TEST_BUILT: "1", NO_COLOR: "1", BROOMVA_P9_HOME: join(scratch, "home") };
delete env.FORCE_COLOR;
// A start of Node 20 takes twice as long with it, and the tests make thousands. npm and Deno need it for packages.
const { NODE_EXTRA_CA_CERTS: _, ...envOfNode } = env;

let passed = 0;
/** Each test and stage that failed, as it is named at the end. */
const failed = [];
try {
  const stages = stagesToRun();
  setUp();
  await installClients();
  for (const [name, stage] of stages) await stage(name);
} catch (error) {
  failed.push(error.message);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
if (failed.length > 0) console.log(`\nFailed:\n${failed.map((one) => `  ${one}`).join("\n")}`);
console.log(`${passed} passed, ${failed.length} failed`);

/** The stages that were asked for, by name; says first what they are and how long they take. */
function stagesToRun() {
  if (only !== null && !(only in STAGES)) {
    console.log(`Runs the test files whose path holds "${only}"`);
    return [[only, (name) => runVitest(name, vitestOnNode, { files: [only], env: envOfNode })]];
  }
  if (only !== null) return [[only, STAGES[only]]];
  const names = quick ? QUICK : Object.keys(STAGES);
  console.log(`Runs ${names.join(", ")}: ${quick ? "about 90 seconds" : "20 to 25 minutes"} on two quiet cores`);
  return names.map((name) => [name, STAGES[name]]);
}

/** Installs other people's clients that the tests drive. */
async function installClients() {
  if (quick) return;
  const claude = "tests/e2e/claude/support/install-client.mjs";
  if (/^(null|headline|.*e2e.*|.*claude.*)$/.test(String(only)))
    await run("the Claude Code client", [process.execPath, claude]);
  if (only === null || only.includes("contract"))
    await run("the vendors' clients", [process.execPath, "tests/contract/install.mjs"]);
  if (only !== null && !/e2e|client/.test(only)) return;
  const asked = askedFor();
  const rest = Object.keys(CLIENTS).filter((name) => !asked.includes(name));
  if (rest.length > 0)
    console.log(`Left out: the tests with ${rest.join(", ")} (P9_TEST_CLIENTS=all installs them, 2 GB)`);
  if (asked.length > 0)
    await run("the agents' clients", [process.execPath, "tests/e2e/clients/support/install-clients.mjs"]);
}

/** A stage that passes or fails as one test. */
async function check(name, argv) {
  const { ok, how } = await run(name, argv);
  if (ok) passed += 1;
  else failed.push(`${name}: ${how}`);
}

/** Runs vitest and counts its tests. A file that fails beside its tests, or a run that does, counts as a failed test. */
async function runVitest(name, argv, { files = [], env: own = env }) {
  const excluded = excludedFrom(files);
  const report = join(scratch, `${name.replace(/\W+/g, "-")}.json`);
  const excludes = excluded.map((file) => `--exclude=${file}`);
  const { ok, how } = await run(name, [...argv, `--outputFile.json=${report}`, ...excludes, ...files], own);
  const result = readReport(report, root);
  passed += result?.passed ?? 0;
  const where = argv === vitestOnDeno ? " (on Deno)" : "";
  failed.push(...(result?.failed ?? []).map((one) => `${one}${where}`));
  if (result === null) failed.push(`${name}: ${how} without a report`);
  else if (!ok && result.failed.length === 0) failed.push(`${name}: ${how}, an error outside the tests`);
}

/** Files that are not run here, named with what they need. */
function excludedFrom(files) {
  const slow = quick ? slowFiles() : [];
  if (slow.length > 0) console.log(`Left to npm test: ${slow.length} files that take long`);
  const missing = leftOut(files, slow);
  for (const { program, hint, files: out } of missing) {
    console.log(`Left out: ${out.length} file${out.length > 1 ? "s need" : " needs"} ${program} (${hint})`);
    // Where everything is said to be there, what is left out has failed.
    if (process.env.CI || process.env.P9_TEST_REQUIRE_CLIENT === "1") {
      failed.push(...out.map((file) => `${file}: needs ${program}`));
    }
  }
  return [...new Set([...slow, ...missing.flatMap((one) => one.files)])];
}

/** Runs a program to its end; says how it ended. */
function run(name, [program, ...args], own = env) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const child = spawn(program, args, { cwd: root, env: own, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`Cannot run "${program}": ${error.message}`);
      resolve({ ok: false, how: `cannot be started (${error.message})` });
    });
    child.once("close", (code, signal) => {
      const how = code === 0 ? "ok" : signal ? `ended by ${signal}` : `exit ${code}`;
      console.log(`== ${name}: ${how} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      resolve({ ok: code === 0, how });
    });
  });
}
