// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EnvironmentPlan } from "../../../servers/github/actions/plan.ts";
import type { RunPlan } from "../../../servers/github/mod.ts";
import type { Pull } from "../../../servers/github/pull.ts";
import type { Repo } from "../../../servers/github/repo.ts";
import { type Bench, bench } from "./watch.ts";

let one: Bench;
let repo: Repo;
let pull: Pull;
beforeEach(async () => {
  one = await bench();
  repo = one.world.repo("octo/app");
  pull = repo.pull(42, { head: "first" });
});
afterEach(() => one.stop());

function passingStatus(context: string): void {
  pull.head.status({ context, states: [[0, "SUCCESS"]] });
}

describe("required as GitHub compares", () => {
  test("the context of a status meets a rule whatever its case", async () => {
    repo.require({ required: ["CI/Circle"] });
    passingStatus("ci/circle");
    expect(await one.watch()).toMatchObject({ outcome: "succeeded", reason: "The required check passed" });
  });

  test("the name of a check run does not", async () => {
    repo.require({ required: ["Build"] });
    pull.head.checks("build");
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('Required check "Build" never reported'),
    });
  });

  test.each(["ruleset", "protection"] as const)("of a pinned app only its own report counts (%s)", async (source) => {
    repo.require({ source, required: [{ context: "build", app: "circleci" }] });
    pull.head.checks("build");
    passingStatus("build");
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('"build"'),
    });
    const other = repo.pull(43, { head: "second" });
    other.head.checks({ name: "build", app: "circleci", conclusion: "FAILURE" }, "build");
    expect(await one.watch({ ref: "43" })).toMatchObject({ outcome: "failed" });
  });
});

describe("a status of a name that one rule takes from any app and another from one app", () => {
  beforeEach(() => {
    repo.require({ required: ["coverage"] });
    repo.require({ required: [{ context: "coverage", app: "vercel" }] });
  });

  test("is not that app's because GitHub marks it as required", async () => {
    passingStatus("coverage");
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('"coverage" never reported'),
    });
  });

  test("is that app's where GitHub says that the pull request can be merged", async () => {
    pull.head.status({ context: "coverage", app: "vercel", states: [[0, "SUCCESS"]] });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded", reason: "The required check passed" });
  });
});

describe("workflows that a ruleset demands", () => {
  const scan = ".github/workflows/Scan.yml";

  test("decide as a required check does", async () => {
    repo.require({ required: ["build"], workflows: [scan] });
    pull.head.checks("build", "docs");
    pull.head.run({ workflow: "Scan", jobs: [{ name: "scan", ends: 200, conclusion: "FAILURE" }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: `Workflow "${scan}" failed` });
  });

  test("are waited for, and then green", async () => {
    repo.require({ required: [], workflows: [scan] });
    pull.head.checks({ name: "docs", conclusion: "FAILURE" });
    pull.head.run({ workflow: "Scan", jobs: [{ name: "scan", ends: 200 }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: expect.stringMatching(/^The required check passed/) });
    expect(end.at).toBeGreaterThanOrEqual(200);
  });

  test.each<[string, Partial<RunPlan>]>([
    ["the repository's own of that name", { workflow: "Own", path: scan }],
    ["the same one, started by another event", { event: "push" }],
  ])("are not passed because another run is newer: %s", async (_, other) => {
    repo.require({ required: [], workflows: [scan] });
    pull.head.run({ workflow: "Scan", path: scan, jobs: [{ name: "scan", ends: 200, conclusion: "FAILURE" }] });
    pull.head.run({ workflow: "Scan", path: scan, appears: 2, jobs: [{ name: "fast" }], ...other });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", reason: expect.stringContaining(`Workflow "${scan}" failed`) });
  });

  test("whose jobs wait for a person wait for that person", async () => {
    repo.require({ required: ["deploy"], workflows: [scan] });
    const environment = { name: "production", reviewers: ["ada"] };
    pull.head.run({ workflow: "Scan", path: scan, jobs: [{ name: "scan" }, { name: "deploy", environment }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "blocked", reason: expect.stringContaining("must approve it (ada)") });
    expect(end.at).toBeLessThan(60);
  });

  test.each<[string, Omit<EnvironmentPlan, "name">]>([
    ["an app", { customRule: "gate" }],
    ["a timer", { waitTimer: 30 }],
  ])("whose jobs wait for %s lack no runner", async (_, held) => {
    repo.require({ required: [], workflows: [scan] });
    const environment = { name: "production", released: 960, ...held };
    pull.head.run({ workflow: "Scan", path: scan, jobs: [{ name: "scan", ends: 10, environment }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded" });
    expect(end.at).toBeGreaterThanOrEqual(960);
  });

  test("are waited for in an older run too, as long as that goes on", async () => {
    repo.require({ required: [], workflows: [scan] });
    pull.head.run({ workflow: "Scan", path: scan, jobs: [{ name: "scan", ends: 400, conclusion: "FAILURE" }] });
    pull.head.run({ workflow: "Scan", path: scan, appears: 2, jobs: [{ name: "fast" }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: expect.stringContaining('optional "scan" did not') });
    expect(end.at).toBeGreaterThanOrEqual(400);
  });

  test("are decided by their newest run when an older one was cancelled", async () => {
    repo.require({ required: [], workflows: [scan] });
    pull.head.run({ workflow: "Scan", path: scan, cancelled: 10, jobs: [{ name: "scan", ends: 400 }] });
    pull.head.run({ workflow: "Scan", path: scan, appears: 20, jobs: [{ name: "fast", ends: 90 }] });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("that never ran are missing, by name", async () => {
    repo.require({ required: ["build"], workflows: [scan] });
    pull.head.checks("build");
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining(`"${scan}" never reported`),
    });
  });

  describe("and whose runs this login may not read", () => {
    beforeEach(() => {
      repo.require({ required: ["build"], workflows: [scan] });
      one.world.permissions.actions = false;
      pull.head.checks("build");
    });

    test("fail with any check that may be theirs, once it has ended", async () => {
      pull.head.run({ workflow: "Scan", jobs: [{ name: "scan", ends: 200, conclusion: "FAILURE" }] });
      const end = await one.watch();
      expect(end).toMatchObject({ outcome: "failed", reason: expect.stringContaining('"scan" failed') });
      expect(end.at).toBeGreaterThanOrEqual(200);
    });

    test("are met when GitHub says that the pull request can be merged", async () => {
      pull.head.run({ workflow: "Scan", jobs: [{ name: "scan", ends: 200 }] });
      pull.head.checks({ name: "docs", conclusion: "FAILURE" });
      expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
    });

    test("make no green otherwise, and the right is named", async () => {
      const end = await one.watch({ deadline: 600 });
      expect(end.outcome).not.toBe("succeeded");
      expect(end.errors[0]).toMatchObject({ needs: 'a token with the permission "Actions: read"' });
    });
  });
});

describe("deployments that the base demands", () => {
  beforeEach(() => {
    repo.require({ required: ["build"], requiredDeployments: ["staging"] });
    pull.head.checks("build");
  });

  function deployed(...states: [number, string][]): void {
    repo.deploy("first", { environment: "staging", states });
  }

  test("are waited for, and then green", async () => {
    deployed([0, "IN_PROGRESS"], [300, "SUCCESS"]);
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 2 required checks passed" });
    expect(end.at).toBeGreaterThanOrEqual(300);
  });

  test("fail", async () => {
    deployed([0, "IN_PROGRESS"], [60, "FAILURE"]);
    expect(await one.watch()).toMatchObject({
      outcome: "failed",
      reason: 'Required check "deployment to staging" failed',
    });
  });

  test("that nobody makes are missing; another commit's and another environment's do not count", async () => {
    repo.push("main", "base");
    repo.deploy("base", { environment: "staging", states: [[0, "SUCCESS"]] });
    repo.deploy("first", { environment: "preview", states: [[0, "SUCCESS"]] });
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('"deployment to staging" never reported'),
    });
  });

  test("that this login may not read: no green, and the right is named", async () => {
    one.world.permissions.deployments = false;
    const end = await one.watch({ deadline: 600 });
    expect(end.outcome).not.toBe("succeeded");
    expect(end.errors[0]).toMatchObject({ needs: 'a token with the permission "Deployments: read"' });
  });

  test("wait for a reviewer: a human must act", async () => {
    const environment = { name: "staging", reviewers: ["ada"] };
    pull.head.run({ workflow: "Deploy", jobs: [{ name: "deploy", environment }] });
    deployed([0, "WAITING"]);
    expect(await one.watch()).toMatchObject({ outcome: "blocked" });
  });

  test("make no other check required", async () => {
    deployed([0, "SUCCESS"]);
    pull.head.checks({ name: "docs", conclusion: "FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });
});

describe("results of code scanning that the base demands", () => {
  beforeEach(() => {
    repo.require({ required: ["build"], codeScanning: ["CodeQL"] });
    pull.head.checks("build");
  });

  test("are waited for, and then green", async () => {
    one.world.at(300, () => pull.head.scans.set("CodeQL", "clean"));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 2 required checks passed" });
    expect(end.at).toBeGreaterThanOrEqual(300);
  });

  test("with alerts fail", async () => {
    pull.head.scans.set("CodeQL", "alerts");
    expect(await one.watch()).toMatchObject({
      outcome: "failed",
      reason: 'Required check "results of CodeQL" failed',
    });
  });

  test("with alerts fail where no check reports at all", async () => {
    repo.rules.length = 0;
    repo.require({ required: [], codeScanning: ["CodeQL"] });
    const second = pull.push("second");
    second.scans.set("CodeQL", "alerts");
    expect(await one.watch()).toMatchObject({
      outcome: "failed",
      reason: 'Required check "results of CodeQL" failed',
    });
  });

  test("with alerts fail where a workflow that is required too never ran", async () => {
    repo.require({ required: [], workflows: [".github/workflows/Gate.yml"] });
    pull.head.checks("docs");
    pull.head.scans.set("CodeQL", "alerts");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", reason: 'Required check "results of CodeQL" failed' });
    expect(end.at).toBeLessThan(300);
  });

  test("with alerts that the base has too do not: that GitHub blocks the merge all the same is said", async () => {
    repo.push("main", "base").scans.set("CodeQL", "alerts");
    pull.head.scans.set("CodeQL", "alerts");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: expect.stringContaining("GitHub blocks the merge") });
  });

  test("of an earlier head are none of this one", async () => {
    pull.head.scans.set("CodeQL", "clean");
    pull.push("second").checks("build");
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('"results of CodeQL" never reported'),
    });
  });

  test("that this login may not read: no green, and the right is named", async () => {
    one.world.permissions.codeScanning = false;
    const end = await one.watch({ deadline: 600 });
    expect(end.outcome).not.toBe("succeeded");
    expect(end.errors[0]).toMatchObject({ needs: 'a token with the permission "Code scanning alerts: read"' });
  });

  test("that this login may not read, and that code scanning reports as a check: the check tells", async () => {
    one.world.permissions.codeScanning = false;
    pull.head.checks({ name: "CodeQL", app: "github-advanced-security", conclusion: "FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Required check "results of CodeQL" failed' });
  });

  test("nothing of it is asked while a check goes on, nor when GitHub says that it can be merged", async () => {
    pull.head.scans.set("CodeQL", "clean");
    one.clock.advance(200);
    await one.watch();
    const other = repo.pull(43, { head: "second" });
    other.head.checks({ name: "build", ends: 100, conclusion: "FAILURE" });
    await one.watch({ ref: "43" });
    expect(one.github.seen.filter(({ path }) => path.includes("/code-scanning/"))).toEqual([]);
  });
});

describe("GitHub's own word is the cross-check", () => {
  test("CLEAN excludes never reported: looked at once more, and then said", async () => {
    repo.require({ required: ["build", "renamed"] });
    pull.head.checks("build");
    pull.mergeState = "CLEAN";
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "succeeded",
      reason: expect.stringContaining('"renamed" never reported, and GitHub says that it can be merged (CLEAN)'),
    });
    expect(end.at).toBeGreaterThanOrEqual(10);
  });

  // Extra-Chill/homeboy#4872: CLEAN and no check for minutes after a force push, until the runs of the new head are there.
  test.each<[string, string[]]>([
    ["no check at all", []],
    ["another app's check", ["cla"]],
  ])(
    "CLEAN of a head that was just pushed is not believed against a check that has yet to come: %s",
    async (_, there) => {
      repo.require({ required: ["build"] });
      pull.mergeState = "CLEAN";
      pull.head.checks(...there.map((name) => ({ name, app: "cla-bot" })));
      pull.head.checks({ name: "build", appears: 100, ends: 130, conclusion: "FAILURE" });
      expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Required check "build" failed' });
    },
  );

  test("CLEAN of a head that was just pushed is not believed against a deployment that has yet to come", async () => {
    repo.require({ required: ["build"], requiredDeployments: ["staging"] });
    pull.mergeState = "CLEAN";
    pull.head.checks("build");
    one.world.at(60, () => repo.deploy("first", { environment: "staging", states: [[0, "FAILURE"]] }));
    expect(await one.watch()).toMatchObject({
      outcome: "failed",
      reason: 'Required check "deployment to staging" failed',
    });
  });

  test("UNSTABLE beside a required check that failed: looked at once more, and then said", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks({ name: "build", event: "push", conclusion: "FAILURE" }, { name: "build", ends: 5 });
    pull.mergeState = "UNSTABLE";
    one.clock.advance(300);
    const end = await one.watch();
    expect(end.outcome).toBe("failed");
    expect(end.reason).toMatch(/"build" failed, although GitHub says that it can be merged \(UNSTABLE\)$/);
    expect(end.at).toBeGreaterThanOrEqual(310);
  });

  test("BEHIND is no failure, and said", async () => {
    repo.require({ required: ["build"], strict: true });
    pull.head.checks("build");
    repo.push("main", "later");
    expect(await one.watch()).toMatchObject({
      outcome: "succeeded",
      reason: 'The required check passed; it is behind "main", and GitHub merges it only when it is up to date',
    });
  });

  test("BLOCKED without a reason is looked at once more, and then said", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks("build");
    pull.mergeState = "BLOCKED";
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "succeeded",
      reason: "The required check passed; GitHub blocks the merge, and nothing that can be read says why",
    });
    expect(end.at).toBeGreaterThanOrEqual(10);
  });

  test("BLOCKED for a moment after the last check is none", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks("build");
    pull.mergeState = "BLOCKED";
    one.world.at(4, () => {
      pull.mergeState = null;
    });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded", reason: "The required check passed" });
  });

  test("BLOCKED for want of a review is people's matter", async () => {
    repo.require({ required: ["build"], approvals: 1 });
    pull.head.checks("build");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "The required check passed" });
    expect(end.at).toBeLessThan(10);
  });

  test("BLOCKED where rules cannot be read is a rule that is hidden: no green", async () => {
    Object.assign(one.world.permissions, { rulesets: false, protection: false, branches: false });
    repo.require({ required: ["build", "secret"] });
    pull.head.checks({ name: "build", required: true });
    expect(await one.watch()).toMatchObject({
      outcome: "missing_required",
      reason: expect.stringContaining('the rules of "main" cannot be read'),
    });
  });

  test("and what the hidden rule demands may be what still runs", async () => {
    Object.assign(one.world.permissions, { rulesets: false, protection: false, branches: false });
    repo.require({ required: ["build", "secret"] });
    pull.head.checks({ name: "build", required: true }, { name: "docs", ends: 600 });
    const end = await one.watch();
    expect(end.outcome).toBe("missing_required");
    expect(end.at).toBeGreaterThanOrEqual(600 + 900);
  });
});

test("what is required is missing 15 minutes after the last check ended, also when that ran between two looks", async () => {
  repo.require({ required: ["security"] });
  const environment = { name: "production", reviewers: ["ada"], released: 603 };
  pull.head.run({ jobs: [{ name: "deploy", environment, ends: 1 }] });
  const end = await one.watch();
  expect(end).toMatchObject({ outcome: "missing_required" });
  expect(end.at).toBeGreaterThanOrEqual(603 + 1 + 900);
});

test("what is required is missing 15 minutes after the last check ended, also a check that a newer run had replaced", async () => {
  repo.require({ required: ["build", "security"] });
  pull.head.run({ jobs: [{ name: "build", ends: 603 }] });
  pull.head.run({ appears: 20, jobs: [{ name: "build", ends: 60 }] });
  const end = await one.watch();
  expect(end).toMatchObject({ outcome: "missing_required" });
  expect(end.at).toBeGreaterThanOrEqual(603 + 900);
});
