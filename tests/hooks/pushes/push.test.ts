// needs: time
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolvePush } from "../../../src/hooks/pushes/resolve-push.ts";
import { readPushes } from "../../../src/hooks/pushes/trace.ts";
import { run } from "../../../src/process/exec.ts";
import { NO_PUSHES, PUSHES, PushLab, type PushScenario } from "./push-scenarios.ts";

let root: string;
let lab: PushLab;
let trace: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "p9 push ")));
  lab = new PushLab(root);
  trace = join(root, "trace");
  mkdirSync(trace, { mode: 0o700 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function tool(scenario: PushScenario): void {
  scenario.prepare?.(lab);
  const command =
    typeof scenario.command === "string" ? scenario.command : scenario.command(lab).replaceAll(root, "$LAB");
  const quoted = command.replace(/\$LAB[^\s;&|]*/g, '"$&"');
  const env = {
    PATH: process.env.PATH,
    HOME: lab.home,
    LAB: root,
    GIT_TRACE2_EVENT: trace,
    npm_config_loglevel: "silent",
  };
  try {
    execFileSync("sh", ["-c", quoted], { cwd: lab.work, env, stdio: "pipe" });
  } catch {
    // A push that fails is one of the scenarios.
  }
}

async function detect() {
  const context = { exec: run, env: { PATH: process.env.PATH, HOME: lab.home }, cwd: lab.work };
  const { pushes } = readPushes(trace);
  const found = await Promise.all(pushes.map((push) => resolvePush(push, context)));
  for (const push of pushes) push.take();
  return found.flat();
}

describe("a push is known by git's own trace", () => {
  test.each(PUSHES)("$name", async (scenario) => {
    tool(scenario);
    const found = await detect();
    expect([...new Set(found.map(({ repo, branch }) => `${repo} ${branch}`))]).toEqual(scenario.pushed);
    const bare = join(root, `${found[0]?.repo}.git`);
    expect(found.at(-1)?.sha).toBe(lab.git(["rev-parse", `refs/heads/${found[0]?.branch}`], bare));
    expect(readdirSync(trace)).toEqual([]);
  });
});

describe("what is no push", () => {
  test.each(NO_PUSHES)("$name", async (scenario) => {
    tool(scenario);
    expect(await detect()).toEqual([]);
    expect(readdirSync(trace)).toEqual([]);
  });
});

test("of two callers that read a push one takes it, and it is gone then", async () => {
  tool({ name: "", command: "git push", pushed: [] });
  const both = [...readPushes(trace).pushes, ...readPushes(trace).pushes];
  expect(both.map((push) => push.take())).toEqual([true, false]);
  expect(readPushes(trace).pushes).toEqual([]);
});

test("readPushes() leaves a push that still runs for the next call", async () => {
  tool({ name: "", command: "git push", pushed: [] });
  const name =
    readdirSync(trace).find((file) => readFileSync(join(trace, file), "utf8").includes('"name":"push"')) ?? "";
  const whole = readFileSync(join(trace, name), "utf8");
  writeFileSync(join(trace, name), whole.replace(/^.*"event":"(exit|atexit)".*\n/gm, ""));
  expect(readPushes(trace).pushes).toEqual([]);
  expect(readdirSync(trace)).toEqual([name]);
  writeFileSync(join(trace, name), whole);
  expect(readPushes(trace).pushes).toHaveLength(1);
});

test("readPushes() says that the trace overflowed, once", () => {
  const env = { PATH: process.env.PATH, HOME: lab.home, GIT_TRACE2_EVENT: trace, GIT_TRACE2_MAX_FILES: "3" };
  execFileSync("sh", ["-c", "for i in 1 2 3 4 5; do git status; done; git push"], {
    cwd: lab.work,
    env,
    stdio: "pipe",
  });
  expect(readPushes(trace).overflow).toBe(true);
  expect(readPushes(trace).overflow).toBe(false);
});
