// needs: time, gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shaOf } from "../../../servers/github/mod.ts";
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

const TEN_YEARS_S = 315_360_000;

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

  test("a rule that is taken away in mid-watch is waited for no longer", async () => {
    repo.require({ required: ["build", "security"] });
    pull.head.checks({ name: "build", ends: 30 });
    one.world.at(120, () => repo.rules.splice(0, 1, { required: ["build"] }));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "The required check passed" });
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

  test("also when GitHub takes two minutes to show the forced head", async () => {
    pull.head.checks("build");
    one.clock.advance(600);
    pull.push("amended", { force: true, lag: 120 }).checks({ name: "build", ends: 90, conclusion: "FAILURE" });
    const end = await one.watch({ pushed: { sha: shaOf("amended"), branch: "feature-42", at: one.clock.now() } });
    expect(end).toMatchObject({ outcome: "failed", sha: shaOf("amended") });
    expect(end.looks.some((look) => look.moved)).toBe(false);
  });

  test("a pushed commit that GitHub never shows as the head is given up for the one it shows", async () => {
    pull.head.checks({ name: "build", ends: 900 });
    const sha = repo.commit("elsewhere", { parents: [pull.head.sha] }).sha;
    const end = await one.watch({ pushed: { sha, branch: "feature-42", at: one.clock.now() } });
    expect(end).toMatchObject({ outcome: "succeeded", sha: shaOf("first") });
    expect(end.notes.join()).toMatch(/has not shown \w{7} for 5 minutes/);
  });

  test("force-pushed in mid-watch: it follows, says so, and the verdict names the new sha", async () => {
    pull.head.checks({ name: "build", ends: null });
    one.world.at(30, () => pull.push("rewritten", { force: true }).checks({ name: "build", ends: 20 }));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", sha: shaOf("rewritten") });
    expect(end.notes.join()).toMatch(/Head moved from \w{7} to \w{7}/);
    expect(end.looks.filter((look) => look.moved)).toHaveLength(1);
  });

  test("pushed in mid-watch has the whole time in which its first check may appear, however long nothing reported before", async () => {
    repo.workflows.push({ name: "CI", path: ".github/workflows/CI.yml" });
    one.world.at(580, () =>
      pull.push("second").checks({ name: "build", appears: 60, ends: 90, conclusion: "FAILURE" }),
    );
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "build" failed' });
  });

  test("CLEAN of a head that was pushed in mid-watch is not believed against a check that has yet to come", async () => {
    repo.require({ required: ["build"] });
    pull.mergeState = "CLEAN";
    pull.head.checks({ name: "docs", ends: 900 });
    one.world.at(580, () =>
      pull.push("second").checks({ name: "build", appears: 100, ends: 130, conclusion: "FAILURE" }),
    );
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Required check "build" failed' });
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

  test("back to a head that was watched before: after 20 s it is no slow replica any more", async () => {
    pull.head.checks({ name: "build", ends: null });
    one.world.at(20, () => pull.push("second").checks({ name: "build", ends: null }));
    one.world.at(100, () => pull.push("first"));
    one.world.at(130, () => pull.head.checks({ name: "lint", conclusion: "FAILURE" }));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", sha: shaOf("first") });
    expect(end.notes.join()).toMatch(/back to an earlier commit/);
    expect(end.looks.filter((look) => look.moved)).toHaveLength(2);
  });

  test("of a repository that is renamed in mid-watch stays the head", async () => {
    pull.head.checks({ name: "build", ends: 100 });
    one.world.at(30, () => one.world.rename("octo/app", "octo/renamed"));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", errors: [] });
    expect(end.notes).toContain("octo/app is now octo/renamed");
    expect(end.looks.at(-1)?.pin ?? end.looks.find(({ pin }) => pin)?.pin).toMatchObject({
      repo: "octo/renamed",
      key: "octo/renamed#42",
    });
  });

  test("of another repository that takes the old name is nobody's: the watch ends, and says so", async () => {
    pull.head.checks({ name: "build", ends: 600 });
    one.world.at(30, () => {
      one.world.rename("octo/app", "octo/renamed");
      one.world.replace("octo/app").pull(42, { head: "strange" }).head.checks("build");
    });
    expect(await one.watch()).toMatchObject({
      outcome: "unknown",
      reason: "Cannot watch #42 any longer: octo/app is another repository now, with another #42",
      sha: shaOf("first"),
    });
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

describe("a pull request that is opened on a commit with reports of before", () => {
  test.each<[string, string[]]>([
    ["nothing is required", []],
    ["the check is required", ["build"]],
  ])("is no green at once: its own runs start some seconds later (%s)", async (_, required) => {
    repo.require({ required });
    repo.commit("early").checks({ name: "build", event: "push", ends: 60 });
    one.clock.advance(600);
    const other = repo.pull(43, { head: "early" });
    other.head.run({ appears: 608, jobs: [{ name: "build", ends: 60, conclusion: "FAILURE" }] });
    expect(await one.watch({ ref: "43" })).toMatchObject({ outcome: "failed", sha: shaOf("early") });
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

  test.each(["proxy-403", "proxy-404", "proxy-407"] as const)(
    "a page of a proxy's own (%s) is no word of GitHub's, in mid-watch and at the start",
    async (kind) => {
      pull.head.checks({ name: "build", ends: 120 });
      one.world.fault({ kind, after: 20, lasts: 60 });
      const end = await one.watch();
      expect(end).toMatchObject({ outcome: "succeeded" });
      expect(end.errors[0]).toMatchObject({ problem: "not-json", lasting: false });
      one.world.fault({ kind });
      await expect(one.watch()).rejects.toMatchObject({ problem: "not-json" });
    },
  );

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

  test.each<[string, () => void]>([
    [
      "to be left alone",
      () => one.world.fault({ kind: "secondary-429", after: 20, times: 1, retryAfter: TEN_YEARS_S }),
    ],
    [
      "until the limit's reset",
      () => {
        one.world.at(20, () => one.world.rate.exhaust(TEN_YEARS_S));
        one.world.at(1000, () => one.world.rate.leave(5000));
      },
    ],
  ])("a wait of years that a wrong clock or a proxy asks for, %s, is an hour", async (_, ask) => {
    pull.head.checks({ name: "build", ends: 60 });
    ask();
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded" });
    expect(end.at).toBeGreaterThan(3600);
    expect(end.errors).toHaveLength(1);
  });

  test("a token that may not read checks: the missing permission is named and waiting is said to be of no use", async () => {
    pull.head.checks("build");
    one.world.permissions.checks = false;
    const end = await one.watch({ deadline: 60 });
    expect(end.outcome).toBe("open");
    expect(end.errors[0]).toMatchObject({ lasting: true, needs: expect.stringMatching(/Checks: read/) });
  });

  test("a token that may not read checks still tells that the pull request was merged", async () => {
    pull.head.checks("build");
    one.world.permissions.checks = false;
    one.world.at(2, () => pull.merge());
    expect((await one.watch({ deadline: 300 })).outcome).toBe("merged");
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
