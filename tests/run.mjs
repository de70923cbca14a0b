// `npm test`: everything, on a fresh clone too. `--only <name>`: one stage by its name, or the test files whose path holds it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftOut } from "./needs.mjs";
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
  "tests/plugins/queue-sources/",
];

const STAGES = {
  types: () => check("types", [process.execPath, module("typescript/bin/tsc"), "-p", "tests"]),
  lint: () => check("lint", [module(".bin/biome"), "check", "--error-on-warnings", "."]),
  node: () => runVitest("node", [process.execPath, module("vitest/vitest.mjs"), ...vitest]),
  "deno-types": () => check("types on Deno", [module(".bin/deno"), "check", "--quiet", "src", "plugins"]),
  deno: () =>
    runVitest(
      "deno",
      [...deno, "--node-modules-dir=manual", module("vitest/vitest.mjs"), ...vitest],
      ON_DENO.filter((folder) => existsSync(join(root, folder))),
    ),
  "deno-cli": () => check("the command line from source on Deno", [...deno, "src/main.ts", "status", "--json"]),
};

const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "") : null;
if (only === "") {
  console.error('Cannot tell what to run: wanted "--only <name>"');
  process.exit(3);
}
const scratch = mkdtempSync(join(tmpdir(), "p9-tests-"));
// Not the user's own state directory, whatever is run.
const env = { ...process.env, P9_TEST_BUILT: "1", NO_COLOR: "1", BROOMVA_P9_HOME: join(scratch, "home") };
delete env.FORCE_COLOR;
// It makes every start of Node 20 take twice as long, and there are thousands.
delete env.NODE_EXTRA_CA_CERTS;

const total = { passed: 0, failed: 0 };
try {
  await prepare();
  if (only === null) for (const stage of Object.values(STAGES)) add(await stage());
  else if (only in STAGES) add(await STAGES[only]());
  else add(await runVitest(only, [process.execPath, module("vitest/vitest.mjs"), ...vitest], [only]));
} catch (error) {
  console.error(error.message);
  total.failed += 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed`);

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

/** Sets up what the tests run on. */
async function prepare() {
  setUp();
  const client = "tests/e2e/claude/support/install-client.mjs";
  if (/^(null|headline|.*e2e.*|.*claude.*)$/.test(String(only)))
    await run("the Claude Code client", [process.execPath, client]);
  if (only === null || only.includes("contract"))
    await run("the vendors' clients", [process.execPath, "tests/contract/install.mjs"]);
}

/** A stage that passes or fails as one test. */
async function check(what, argv) {
  const { code } = await run(what, argv);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs vitest and counts its tests; a file that cannot be loaded counts as a failed test. */
async function runVitest(what, argv, files = []) {
  const report = join(scratch, `${what.replace(/\W+/g, "-")}.json`);
  const missing = leftOut(files);
  for (const { program, hint, files: out } of missing) {
    console.log(`Left out: ${out.length} file${out.length > 1 ? "s need" : " needs"} ${program} (${hint})`);
  }
  const excluded = [...new Set(missing.flatMap((one) => one.files))];
  const excludes = excluded.map((file) => `--exclude=${file}`);
  const { code } = await run(what, [...argv, `--outputFile.json=${report}`, ...excludes, ...files]);
  // Where everything is said to be there, what is left out has failed.
  const missed = process.env.CI || process.env.P9_TEST_REQUIRE_CLIENT === "1" ? excluded.length : 0;
  if (!existsSync(report)) return { passed: 0, failed: 1 + missed };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const unloaded = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = numFailedTests + unloaded + missed;
  return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function run(what, [program, ...args]) {
  console.log(`\n== ${what}`);
  const start = Date.now();
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`Cannot run "${program}": ${error.message}`);
      resolve({ code: 1 });
    });
    child.once("close", (code) => {
      console.log(`== ${what}: ${code === 0 ? "ok" : `exit ${code}`} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      resolve({ code });
    });
  });
}
