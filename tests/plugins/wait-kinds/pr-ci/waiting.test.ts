// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EnvironmentPlan } from "../../../servers/github/mod.ts";
import type { Pull } from "../../../servers/github/pull.ts";
import { type Bench, bench } from "./watch.ts";

let one: Bench;
let pull: Pull;
beforeEach(async () => {
  one = await bench();
  pull = one.world.repo("octo/app").pull(42, { head: "first" });
});
afterEach(() => one.stop());

const deploys = (environment: EnvironmentPlan, more = {}) => ({ name: "deploy", ends: 30, environment, ...more });
const rest = () => one.github.seen.filter(({ query }) => query === null).map(({ path }) => path);

describe("WAITING is told apart by what it waits for", () => {
  test.each<[string, EnvironmentPlan, string]>([
    [
      "a wait timer",
      { name: "production", waitTimer: 5 },
      'the wait timer of the environment "production" runs (5 min)',
    ],
    [
      "an app that decides",
      { name: "staging", customRule: "gatekeeper", released: 300 },
      'a deployment protection rule of the environment "staging" decides',
    ],
    ["a policy on branches, for a moment", { name: "staging", released: 20 }, "staging"],
  ])("%s: it waits, says for what, and is green when it was let go", async (_, environment, says) => {
    pull.head.run({ jobs: [{ name: "build" }, deploys(environment)] });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.at).toBeGreaterThanOrEqual((environment.released ?? 300) + 30);
    expect(end.looks.some(({ reason }) => reason.includes(says))).toBe(true);
  });

  test("a reviewer: a human must act, named with the environment", async () => {
    pull.head.run({ jobs: [{ name: "build" }, deploys({ name: "production", reviewers: ["ada", "grace"] })] });
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "blocked",
      reason: '"deploy" waits for a human: a reviewer of the environment "production" must approve it (ada, grace)',
    });
    expect(end.at).toBeLessThan(10);
  });

  test("a reviewer holds an optional job while a required check is missing: both are said after the grace", async () => {
    one.world.repo("octo/app").require({ required: ["build", "security"] });
    pull.head.run({ jobs: [{ name: "build" }, deploys({ name: "production", reviewers: ["ada"] })] });
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringMatching(/"security" never reported.*; "deploy" waits for a human, and may bring it$/),
    });
  });

  test("of two jobs of one run only the one that asks somebody is blocked", async () => {
    one.world.repo("octo/app").require({ required: ["deploy"] });
    pull.head.run({
      jobs: [
        deploys({ name: "staging", waitTimer: 5 }),
        { name: "release", environment: { name: "production", reviewers: ["ada"] } },
      ],
    });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("who is asked cannot be read: it waits and says so", async () => {
    pull.head.run({ jobs: [{ name: "build" }, deploys({ name: "production", released: 300 })] });
    one.world.hole({ field: "CheckRun.pendingDeploymentRequest", what: "FORBIDDEN" });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
  });

  test("nothing is asked while nothing waits", async () => {
    pull.head.run({ jobs: [{ name: "build", ends: 100 }] });
    await one.watch();
    // The minutes of a run that ended are counted by its jobs.
    expect(rest().filter((path) => path.includes("/runs/") && !path.includes("/jobs?"))).toEqual([]);
  });
});

describe("PENDING is a concurrency group, and no want of runners", () => {
  test("a run behind another one waits for as long as it takes", async () => {
    const concurrency = { group: "deploy" };
    one.world
      .repo("octo/app")
      .push("main", "base")
      .run({ event: "push", concurrency, jobs: [{ name: "deploy", ends: 1200 }] });
    one.clock.advance(1);
    const other = one.world.repo("octo/app").pull(43, { head: "second" });
    other.head.run({ concurrency, jobs: [{ name: "build", ends: 60 }] });
    const end = await one.watch({ ref: "43" });
    expect(end).toMatchObject({ outcome: "succeeded" });
    expect(end.at).toBeGreaterThanOrEqual(1200);
    expect(end.looks[0]).toMatchObject({
      status: "waiting",
      reason: expect.stringContaining('its concurrency group "deploy"'),
    });
  });

  test("what is queued and finds no runner is still said", async () => {
    pull.head.run({ jobs: [{ name: "build", starts: null }] });
    expect(await one.watch()).toMatchObject({ outcome: "no_runner", reason: expect.stringContaining('"build"') });
  });
});

test("a run of an outside contributor waits for a maintainer, and goes on when one approves it", async () => {
  pull.head.run({ approved: null, jobs: [{ name: "build" }] });
  expect(await one.watch()).toMatchObject({
    outcome: "blocked",
    reason: '"CI" waits for a human: a maintainer must approve the workflow run of an outside contributor',
  });
});
