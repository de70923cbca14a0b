// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gather } from "../../../src/heal/evidence/gather.ts";
import { endOfRuns, rerunFailed, runsThatGoOn } from "../../../src/heal/repair/rerun.ts";
import type { WatchDeps } from "../../../src/watch/deps.ts";
import { type Bench, bench, depsOf } from "../../plugins/wait-kinds/pr-ci/watch.ts";
import type { Suite } from "../../servers/github/checks.ts";
import type { CheckPlan } from "../../servers/github/mod.ts";
import type { Pull } from "../../servers/github/pull.ts";

let one: Bench;
let pull: Pull;
let deps: WatchDeps;
beforeEach(async () => {
  one = await bench();
  pull = one.world.repo("octo/app").pull(42, { head: "first" });
  deps = depsOf(one, {});
});
afterEach(() => one.stop());

const failing: CheckPlan = { name: "build", ends: 1, conclusion: "FAILURE", log: "npm error code ETIMEDOUT" };
const slow: CheckPlan = { name: "slow", ends: 600 };

function run(workflow: string, ...jobs: CheckPlan[]): Suite {
  return pull.head.run({ workflow, jobs });
}

async function red() {
  const { env, clock } = deps;
  one.clock.advance(2);
  const [github, { paths }] = [await deps.github(), deps.store];
  return gather("octo/app", 42, null, { github, env, paths, now: () => clock.now() });
}

const counted = () => [...deps.store.events()].filter(({ type }) => type === "heal.rerun").length;
const ask = async () => rerunFailed("octo/app", await red(), await deps.github(), deps);

describe("a re-run counts when GitHub has accepted it", () => {
  test("accepted", async () => {
    const { runId } = run("CI", failing);
    expect(await ask()).toEqual({ accepted: [runId], goOn: [] });
    expect(counted()).toBe(1);
  });

  test("the run goes on, so GitHub refuses for now: not counted, and no error", async () => {
    const { runId } = run("CI", failing, slow);
    expect(await ask()).toEqual({ accepted: [], goOn: [runId] });
    expect(counted()).toBe(0);
  });

  test("one run goes on, the other one is run again", async () => {
    const { runId: first } = run("CI", failing, slow);
    const { runId: second } = run("E2E", { ...failing, name: "e2e" });
    expect(await ask()).toEqual({ accepted: [second], goOn: [first] });
    expect(counted()).toBe(1);
  });

  test("refused for good: not counted, and said as what was asked", async () => {
    run("CI", failing);
    const before = await red();
    one.world.permissions.actions = false;
    await expect(rerunFailed("octo/app", before, await deps.github(), deps)).rejects.toMatchObject({
      problem: "forbidden",
      message: expect.stringContaining("does not let this token do it"),
    });
    expect(counted()).toBe(0);
  });
});

test("runs of failed jobs that go on are known before anything is asked", async () => {
  const { runId } = run("CI", failing, slow);
  run("E2E", { ...failing, name: "e2e" });
  expect(runsThatGoOn(await red())).toEqual([runId]);
});

describe("the end of a run", () => {
  test("is waited for, also through answers that do not come", async () => {
    const { runId } = run("CI", failing, slow);
    one.world.fault({ kind: "502", times: 3 });
    expect(await endOfRuns("octo/app", [runId], deps)).toBe(true);
    expect(one.world.elapsed()).toBeGreaterThanOrEqual(600);
  });

  test("is not waited for longer than an hour, nor past the signal", async () => {
    const { runId } = run("CI", failing, { ...slow, ends: null });
    expect(await endOfRuns("octo/app", [runId], deps)).toBe(false);
    expect(one.world.elapsed()).toBeLessThan(3700);
    expect(await endOfRuns("octo/app", [runId], deps, AbortSignal.abort())).toBe(false);
  });
});
