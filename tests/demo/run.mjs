// `npm run demo`: a session with real builds, in a home of its own. Needs Node 20 and git; no account, nothing installed before.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, setUp } from "../setup.mjs";

setUp();
const dir = mkdtempSync(join(tmpdir(), "p9-demo-"));
const project = join(dir, "shop");
const env = { ...process.env, HOME: dir, BROOMVA_P9_HOME: join(dir, "p9"), BROOMVA_P9_SESSION: "demo", NO_COLOR: "1" };
delete env.NODE_EXTRA_CA_CERTS;
const codes = [];
try {
  play();
} finally {
  p9Quietly(["abandon", ...openWaits()]);
  rmSync(dir, { recursive: true, force: true });
}

function play() {
  makeProject();
  say("A test suite that takes a while is watched in the background; the command returns at once.");
  p9(["watch", "build", "--background", "--", "node", "suite.test.mjs"]);
  const [suite] = openWaits();

  say("Meanwhile there is other work. It was put in the queue before; the queue says where it may be done.");
  p9(["wait-queue", "push", "--item", "Write down how prices are rounded in docs/rounding.md", "--source", "session"]);
  const item = JSON.parse(p9(["wait-queue", "pop"]).stdout);
  mkdirSync(join(project, "docs"));
  writeFileSync(join(project, "docs", "rounding.md"), "Prices are rounded half to even, once, at the end.\n");
  console.log("\n  … docs/rounding.md is written while the tests run …");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
  p9(["wait-queue", "done", item.id]);
  p9(["status"]);

  say("Back to the wait: attach follows it to its end and exits by its outcome.");
  p9(["attach", suite], "the tests passed");

  say("A type check that fails: the report has the end of the log and one next action.");
  p9(
    ["watch", "build", "--", "node", join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "price.ts"],
    "the type check failed",
  );

  say("A program that does not exist, a deadline, a watch that was interrupted and goes on:");
  p9(["watch", "build", "--", "no-such-compiler"], "no such program");
  p9(["watch", "build", "--timeout", "1s", "--", "sleep", "60"], "timed out, and its command was ended");
  p9(["watch", "build", "--slice", "1s", "--", "sleep", "4"], "the slice is over, the wait goes on in the background");

  say("What has ended, newest first; and what the time was used for:");
  p9(["report", "--limit", "3"]);
  p9(["stats"]);

  say("Exit codes of the watches above:");
  for (const { code, what } of codes) console.log(`  ${String(code).padStart(3)}  ${what}`);
}

function makeProject() {
  mkdirSync(project);
  const tests = Array.from(
    { length: 8 },
    (_, n) =>
      `test("price list ${n + 1}", async () => { await setTimeout(700); console.log("${n + 1}/8 price lists"); });`,
  );
  writeFileSync(
    join(project, "suite.test.mjs"),
    `import test from "node:test";\nimport { setTimeout } from "node:timers/promises";\n${tests.join("\n")}\n`,
  );
  writeFileSync(
    join(project, "price.ts"),
    'export function total(prices: number[]): number {\n  return prices.join("+");\n}\n',
  );
  mkdirSync(join(project, ".control"));
  writeFileSync(join(project, ".control", "policy.yaml"), "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n");
  spawnSync("git", ["init", "-q"], { cwd: project, env });
}

function say(text) {
  console.log(`\n# ${text}`);
}

/** Runs p9 as a user would and shows what it says. */
function p9(args, what) {
  const shown = args.map((word) => (/[\s"']/.test(word) ? `"${word}"` : word.replace(`${root}/`, "")));
  console.log(`\n$ p9 ${shown.join(" ")}`);
  const result = p9Quietly(args);
  const text = `${result.stdout}${result.stderr}`.trimEnd();
  if (text) console.log(text.replace(/^/gm, "  "));
  if (what !== undefined) codes.push({ code: result.status, what });
  return result;
}

function p9Quietly(args) {
  return spawnSync(process.execPath, [join(root, "dist", "p9.js"), ...args], { cwd: project, env, encoding: "utf8" });
}

function openWaits() {
  const { stdout } = p9Quietly(["status", "--json"]);
  return JSON.parse(stdout)
    .open_waits.filter(({ to_state }) => to_state === "WATCHING")
    .map(({ wait_id }) => wait_id);
}
