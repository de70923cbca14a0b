import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shaOf } from "../../servers/github/mod.ts";
import type { Pull } from "../../servers/github/pull.ts";
import type { Repo } from "../../servers/github/repo.ts";
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

describe("green", () => {
  test("all expected checks green, neutral and skipped among them", async () => {
    repo.require({ required: ["build", "lint", "docs"] });
    pull.head.checks(
      { name: "build", ends: 60 },
      { name: "lint", conclusion: "NEUTRAL" },
      { name: "docs", conclusion: "SKIPPED" },
    );
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 3 required checks passed", sha: shaOf("first") });
    expect(end.at).toBeLessThan(70);
  });

  test("no checks for 60 s after the push, then they appear and pass: never red or green before", async () => {
    pull.head.checks({ name: "build", appears: 60, ends: 90 });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    const early = end.looks.filter((look) => look.status !== "waiting" && look.status !== "running");
    expect(early.every((look) => (look.endedAt ?? 0) >= pull.head.pushedAt + 90_000)).toBe(true);
    expect(end.at).toBeGreaterThanOrEqual(90);
  });

  test("with no required check known, not before 30 s without a new check", async () => {
    pull.head.checks("build", { name: "late", appears: 25 });
    const end = await one.watch();
    expect(end.at).toBeGreaterThanOrEqual(55);
    expect(end.looks.at(-1)?.items).toHaveLength(2);
  });

  test("a green that is old already is believed at once", async () => {
    pull.head.checks({ name: "build", ends: 60 });
    one.clock.advance(3600);
    const end = await one.watch();
    expect(end.at).toBeLessThan(3610);
  });

  test("optional checks that fail or still run do not hold up the required ones", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks(
      { name: "build", ends: 10 },
      { name: "codecov", conclusion: "FAILURE" },
      { name: "slow", ends: 500 },
    );
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "succeeded",
      reason: 'All 1 required check passed; optional "codecov" did not',
    });
    expect(end.at).toBeLessThan(30);
  });

  test("only commit statuses: EXPECTED, then SUCCESS", async () => {
    pull.head.status({
      context: "ci/circle",
      states: [
        [0, "EXPECTED"],
        [40, "SUCCESS"],
      ],
    });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.at).toBeGreaterThanOrEqual(40);
  });

  test("checks that the earlier head had and this one has not hold green up until they can no longer be late", async () => {
    pull.head.checks("build", "e2e");
    one.clock.advance(3600);
    pull.push("second").checks("build");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: 'All 1 check passed ("e2e" did not report)' });
    expect(end.at).toBeGreaterThanOrEqual(3600 + 180);
  });
});

describe("red", () => {
  test("a required check fails while others run: red early, naming it", async () => {
    repo.require({ required: ["build", "lint"] });
    pull.head.checks({ name: "build", ends: 600 }, { name: "lint", ends: 20, conclusion: "FAILURE" });
    const end = await one.watch();
    expect(end.outcome).toBe("failed");
    expect(end.reason).toMatch(/^Required check "lint" failed; 1 check still running/);
    expect(end.at).toBeLessThan(40);
  });

  test("without fail-fast it waits for the rest", async () => {
    pull.head.checks({ name: "build", ends: 100 }, { name: "lint", ends: 20, conclusion: "FAILURE" });
    const end = await one.watch({ options: { "fail-fast": false } });
    expect(end).toMatchObject({ outcome: "failed" });
    expect(end.at).toBeGreaterThanOrEqual(100);
  });

  test.each(["FAILURE", "TIMED_OUT", "STARTUP_FAILURE", "STALE"])("a check that ended with %s", async (conclusion) => {
    pull.head.checks("build", { name: "lint", ends: 5, conclusion });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "lint" failed' });
  });

  test("a cancelled check", async () => {
    pull.head.checks("build", { name: "lint", ends: 5, conclusion: "CANCELLED" });
    expect(await one.watch()).toMatchObject({ outcome: "cancelled", reason: '"lint" was cancelled' });
  });

  test("a workflow that could not start and so has no check at all", async () => {
    pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "Deploy" failed' });
  });

  test("a commit status with ERROR", async () => {
    pull.head.status({
      context: "ci/circle",
      states: [
        [0, "PENDING"],
        [20, "ERROR"],
      ],
    });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "ci/circle" failed' });
  });

  test("250 contexts over three pages, the failing one last", async () => {
    for (let index = 0; index < 249; index += 1) pull.head.checks(`check ${index}`);
    pull.head.checks({ name: "the last", conclusion: "FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "the last" failed' });
  });
});

describe("a human must act", () => {
  test.each([
    ["ACTION_REQUIRED", { name: "deploy", ends: 5, conclusion: "ACTION_REQUIRED" }],
    ["WAITING", { name: "deploy", ends: null, status: "WAITING" }],
  ])("%s", async (_, plan) => {
    pull.head.checks("build", plan);
    const end = await one.watch();
    expect(end.outcome).toBe("blocked");
    expect(end.reason).toMatch(/"deploy" waits for a human/);
  });

  test("a fork's run that awaits approval", async () => {
    pull.head.suite({ workflow: "CI", status: "COMPLETED", conclusion: "ACTION_REQUIRED" });
    expect((await one.watch()).outcome).toBe("blocked");
  });

  test("a merge conflict, at once", async () => {
    pull.mergeable = "CONFLICTING";
    const end = await one.watch();
    expect(end.outcome).toBe("blocked");
    expect(end.reason).toMatch(/conflicts with "main"/);
    expect(end.at).toBeLessThan(5);
  });
});

describe("no checks", () => {
  test("without workflows: after 3 minutes", async () => {
    const end = await one.watch();
    expect(end.outcome).toBe("no_checks");
    expect(end.at).toBeGreaterThanOrEqual(180);
    expect(end.at).toBeLessThan(200);
  });

  test("with workflows: after 10 minutes", async () => {
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml" });
    const end = await one.watch();
    expect(end.outcome).toBe("no_checks");
    expect(end.at).toBeGreaterThanOrEqual(600);
  });

  test("with workflows that only run by hand: after 3 minutes", async () => {
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml", text: "on: workflow_dispatch" });
    expect((await one.watch()).at).toBeLessThan(200);
  });

  test.each([
    ["green", "succeeded"],
    ["ignore", "open"],
  ])("the policy says %s", async (policy, outcome) => {
    expect((await one.watch({ config: { no_checks: policy }, deadline: 900 })).outcome).toBe(outcome);
  });

  test("a required check that is known makes it a missing one, whatever the policy", async () => {
    repo.require({ required: ["build"] });
    expect((await one.watch({ config: { no_checks: "green" } })).outcome).toBe("missing_required");
  });
});

describe("a required check never reports", () => {
  test.each(["ruleset", "protection"] as const)("demanded by a %s", async (source) => {
    repo.require({ required: ["build", "security"], source });
    pull.head.checks({ name: "build", ends: 30 });
    const end = await one.watch();
    expect(end.outcome).toBe("missing_required");
    expect(end.reason).toMatch(/"security" never reported/);
    expect(end.at).toBeGreaterThanOrEqual(930);
  });

  test("the rules cannot be read: it says so and goes by what was seen before", async () => {
    repo.require({ required: ["build", "security"] });
    one.world.permissions.rulesets = false;
    one.world.permissions.protection = false;
    one.world.permissions.branches = false;
    pull.head.checks("build", "security");
    one.clock.advance(600);
    pull.push("second").checks("build");
    const end = await one.watch();
    expect(end.outcome).toBe("missing_required");
    expect(end.reason).toMatch(/"security" never reported/);
  });

  test("unreadable rules are named unknown in a green verdict", async () => {
    repo.require({ required: ["build"] });
    one.world.permissions.rulesets = false;
    one.world.permissions.protection = false;
    one.world.permissions.branches = false;
    pull.head.checks("build");
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.notes.join()).toMatch(/rules of "main" cannot be read.*unknown/);
  });

  test("classic protection that only admins read is still known by what the branch tells", async () => {
    repo.require({ required: ["build", "security"], source: "protection" });
    one.world.permissions.protection = false;
    pull.head.checks("build");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "missing_required" });
  });
});

describe("the head", () => {
  test("after a push the API shows the previous head's green for 20 s: not green until the pushed head's own checks pass", async () => {
    pull.head.checks("build");
    one.clock.advance(600);
    pull.push("second", { lag: 20 }).checks({ name: "build", appears: 5, ends: 90 });
    const end = await one.watch({ pushed: { sha: shaOf("second"), branch: "feature-42", at: one.clock.now() } });
    expect(end).toMatchObject({ outcome: "succeeded", sha: shaOf("second") });
    expect(end.at).toBeGreaterThanOrEqual(690);
    expect(end.notes.join()).toMatch(/GitHub still shows/);
  });

  test("the same after a force push, where the shown head is no ancestor", async () => {
    pull.head.checks("build");
    one.clock.advance(600);
    pull.push("amended", { force: true, lag: 20 }).checks({ name: "build", ends: 90, conclusion: "FAILURE" });
    const end = await one.watch({ pushed: { sha: shaOf("amended"), branch: "feature-42", at: one.clock.now() } });
    expect(end).toMatchObject({ outcome: "failed", sha: shaOf("amended") });
  });

  test("force-pushed in mid-watch: it follows, says so, and the verdict names the new sha", async () => {
    pull.head.checks({ name: "build", ends: null });
    one.world.at(30, () => pull.push("rewritten", { force: true }).checks({ name: "build", ends: 20 }));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", sha: shaOf("rewritten") });
    expect(end.notes.join()).toMatch(/Head moved from \w{7} to \w{7}/);
    expect(end.looks.filter((look) => look.moved)).toHaveLength(1);
  });

  test("rebased back to an earlier sha: it follows there too", async () => {
    pull.head.checks({ name: "build", ends: 10, conclusion: "FAILURE" });
    one.clock.advance(20);
    one.world.at(20, () => pull.push("second").checks({ name: "build", ends: null }));
    one.world.at(60, () => pull.push("first"));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", sha: shaOf("first") });
    expect(end.looks.filter((look) => look.moved)).toHaveLength(1);
  });

  test("merged and closed by someone else in mid-watch", async () => {
    pull.head.checks({ name: "build", ends: null });
    one.world.at(30, () => pull.merge());
    expect((await one.watch()).outcome).toBe("merged");
    const other = repo.pull(43);
    other.head.checks({ name: "build", ends: null });
    one.world.at(60, () => other.close());
    expect((await one.watch({ ref: "43" })).outcome).toBe("closed");
  });
});

describe("duplicates", () => {
  test("a cancelled run superseded by a newer success of the same workflow and event is green", async () => {
    pull.head.checks(
      { name: "build", conclusion: "CANCELLED", run: 1 },
      { name: "build", run: 2, appears: 5, ends: 20 },
    );
    one.clock.advance(5);
    expect((await one.watch()).outcome).toBe("succeeded");
  });

  test("a cancelled run of another event counts for itself", async () => {
    pull.head.checks({ name: "build", event: "push", conclusion: "CANCELLED" }, { name: "build", ends: 20 });
    expect((await one.watch()).outcome).toBe("cancelled");
  });

  test("a re-run replaces the failed attempt", async () => {
    pull.head.checks({ name: "flaky", ends: 10, conclusion: "FAILURE", rerun: [{ ends: 30 }] });
    one.clock.advance(60);
    pull.head.rerunFailed(pull.head.suites[0]!);
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.at).toBeGreaterThanOrEqual(90);
  });

  test("jobs of the same name in one run all count", async () => {
    pull.head.checks({ name: "test", ends: 10, conclusion: "FAILURE" }, { name: "test", starts: 5, ends: 20 });
    expect((await one.watch()).outcome).toBe("failed");
  });
});

describe("what is no result", () => {
  test("502, a dropped connection, a page in HTML, then 200: it keeps watching and the verdict comes from the checks", async () => {
    pull.head.checks({ name: "build", ends: 60, conclusion: "FAILURE" });
    const kinds = ["502", "drop", "html"] as const;
    for (const kind of kinds) one.world.fault({ kind, after: 10, times: 1 });
    const end = await one.watch();
    expect(end.outcome).toBe("failed");
    expect(new Set(end.errors.map((error) => "problem" in error && error.problem))).toEqual(
      new Set(["server-error", "unreachable", "not-json"]),
    );
  });

  test("401 in mid-watch: it waits, says why, and resumes", async () => {
    pull.head.checks({ name: "build", ends: 120 });
    one.world.at(20, () => {
      one.world.viewer = null;
    });
    one.world.at(90, () => {
      one.world.viewer = "octocat";
    });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.errors[0]).toMatchObject({ needs: expect.stringMatching(/gh auth login/), lasting: false });
  });

  test("an exhausted rate limit: it waits for the reset and not a second less", async () => {
    pull.head.checks({ name: "build", ends: 60 });
    one.world.at(20, () => one.world.rate.exhaust(600));
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.at).toBeGreaterThanOrEqual(620);
    expect(one.github.seen.filter((seen) => seen.at > 25 && seen.at < 620)).toHaveLength(0);
  });

  test("a token that may not read checks: the missing permission is named and waiting is said to be of no use", async () => {
    pull.head.checks("build");
    one.world.permissions.checks = false;
    const end = await one.watch({ deadline: 60 });
    expect(end.outcome).toBe("open");
    expect(end.errors[0]).toMatchObject({ lasting: true, needs: expect.stringMatching(/Checks: read/) });
  });

  test("a value that does not exist today is pending and reported by name", async () => {
    pull.head.checks("build", { name: "lint", ends: 5, conclusion: "IMPROVISED" });
    const end = await one.watch({ deadline: 600 });
    expect(end.outcome).toBe("open");
    expect(end.unknown).toEqual(['COMPLETED/IMPROVISED of check "lint"']);
  });
});

describe("queues", () => {
  test("all jobs queued and none starts: no runner after 15 minutes", async () => {
    pull.head.checks({ name: "build", starts: null }, { name: "lint", starts: null });
    const end = await one.watch();
    expect(end.outcome).toBe("no_runner");
    expect(end.at).toBeGreaterThanOrEqual(900);
  });

  test("in the merge queue green checks are not the end: the merge is", async () => {
    pull.head.checks("build");
    pull.queue = { state: "AWAITING_CHECKS", position: 2 };
    one.world.at(300, () => pull.merge());
    const end = await one.watch();
    expect(end.outcome).toBe("merged");
    expect(end.looks[0]?.reason).toMatch(/merge queue at position 2/);
  });
});
