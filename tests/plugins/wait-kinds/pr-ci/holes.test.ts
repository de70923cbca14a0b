// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Hole } from "../../../servers/github/mod.ts";
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

/** 149 checks that pass, and one on the second page that does not. */
function manyChecks(last: string): void {
  for (let index = 0; index < 149; index += 1) pull.head.checks(`check ${index}`);
  pull.head.checks({ name: "the last", conclusion: last });
}

const LATER = { after: 1 };

describe("a part that is missing is no empty part", () => {
  test.each<[string, Hole]>([
    ["the second page", { field: "StatusCheckRollup.contexts", page: 2, what: "SERVICE_UNAVAILABLE" }],
    ["the first page", { field: "StatusCheckRollup.contexts", page: 1, what: "RESOURCE_LIMITS_EXCEEDED" }],
    ["the whole roll-up", { field: "Commit.statusCheckRollup", what: "SERVICE_UNAVAILABLE" }],
    ["one node", { field: "StatusCheckRollup.contexts", page: 1, node: 7, what: "SERVICE_UNAVAILABLE" }],
    ["the state of one check", { field: "CheckRun.status", what: "SERVICE_UNAVAILABLE" }],
    ["whether one is required", { field: "CheckRun.isRequired", what: "SERVICE_UNAVAILABLE" }],
    ["the commit", { field: "Repository.object", what: "RESOURCE_LIMITS_EXCEEDED" }],
    ["the suites", { field: "Commit.checkSuites", what: "RESOURCE_LIMITS_EXCEEDED" }],
    ["a page whose cursor comes back", { field: "StatusCheckRollup.contexts", page: 2, what: "repeats" }],
    ["more than the count shows", { field: "StatusCheckRollup.contexts", what: "counts" }],
    ["the merge queue's entry", { field: "PullRequest.mergeQueueEntry", what: "SERVICE_UNAVAILABLE" }],
  ])("%s: no verdict while it lasts, and the true one afterwards", async (_, hole) => {
    manyChecks("SUCCESS");
    one.world.hole({ ...hole, ...LATER, lasts: 300 });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 150 checks passed" });
    expect(end.at).toBeGreaterThanOrEqual(300);
    expect(end.errors.length).toBeGreaterThan(0);
    expect(end.errors.every((error) => "problem" in error && error.problem === "partial" && !error.lasting)).toBe(true);
  });

  test("what was read of a part may be red", async () => {
    manyChecks("SUCCESS");
    pull.head.checks({ name: "lint", app: "circleci", conclusion: "FAILURE" });
    pull.head.suites.unshift(...pull.head.suites.splice(-1));
    one.world.hole({ field: "StatusCheckRollup.contexts", page: 2, what: "RESOURCE_LIMITS_EXCEEDED" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "lint" failed' });
  });

  test("a failure behind the hole is seen when it closes", async () => {
    manyChecks("FAILURE");
    one.world.hole({ field: "StatusCheckRollup.contexts", page: 2, what: "RESOURCE_LIMITS_EXCEEDED", lasts: 60 });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "the last" failed' });
  });

  test("a page that is too much for GitHub is asked for in smaller ones", async () => {
    manyChecks("FAILURE");
    one.world.hole({ field: "StatusCheckRollup.contexts", page: 2, what: "RESOURCE_LIMITS_EXCEEDED", times: 1 });
    const end = await one.watch();
    expect([end.outcome, end.errors]).toEqual(["failed", []]);
  });

  test("rules behind a hole are asked for at their other source, and nothing required is forgotten", async () => {
    repo.require({ required: ["build", "e2e"] });
    pull.head.checks("build", { name: "e2e", appears: 100, ends: 120 });
    one.world.hole({ field: "Ref.rules", what: "SERVICE_UNAVAILABLE", after: 20 });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 2 required checks passed" });
    expect(end.at).toBeGreaterThanOrEqual(120);
  });

  test("the checks of the earlier head behind a hole still hold green up", async () => {
    pull.head.checks("build", "e2e");
    one.clock.advance(3600);
    pull.push("second").checks("build");
    one.world.hole({ field: "Commit.statusCheckRollup", under: "earlier", what: "SERVICE_UNAVAILABLE", lasts: 30 });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: 'The check passed ("e2e" did not report)' });
  });

  test("a pull request that merged is told, whatever else is missing", async () => {
    pull.head.checks("build");
    pull.merge();
    one.world.hole({ field: "Commit.statusCheckRollup", what: "SERVICE_UNAVAILABLE" });
    expect((await one.watch()).outcome).toBe("merged");
  });
});

describe("what is withheld is named by what grants it", () => {
  test.each<[string, Hole, RegExp]>([
    ["single sign-on", { field: "Repository.pullRequest", what: "saml" }, /single sign-on \(gh auth refresh/],
    ["an IP allow list", { field: "Repository.pullRequest", what: "ip-allow-list" }, /IP allow list of "octo"/],
    [
      "scopes",
      { field: "Repository.pullRequest", what: "scopes" },
      /the scope "read:org" \(gh auth refresh --scopes read:org\)/,
    ],
    ["single sign-on of the checks alone", { field: "Commit.statusCheckRollup", what: "saml" }, /single sign-on/],
    ["checks", { field: "Commit.statusCheckRollup", what: "FORBIDDEN" }, /"Checks: read" and "Commit statuses: read"/],
  ])("%s, in mid-watch", async (_, hole, needs) => {
    pull.head.checks({ name: "build", ends: 600 });
    one.world.hole({ ...hole, ...LATER });
    const end = await one.watch({ deadline: 3600 });
    expect(end.outcome).toBe("open");
    expect(end.errors.at(-1)).toMatchObject({
      problem: "forbidden",
      lasting: true,
      needs: expect.stringMatching(needs),
    });
  });

  test("a pull request is only missing when GitHub says that, and nothing else beside it", async () => {
    await expect(one.watch({ ref: "77" })).rejects.toMatchObject({ name: "RefError", message: /no pull request #77/ });
    one.world.hole({ field: "Repository.pullRequest", what: "saml" });
    await expect(one.watch()).rejects.toMatchObject({
      problem: "forbidden",
      needs: expect.stringContaining("sign-on"),
    });
  });

  test("without the right to read runs a verdict comes all the same", async () => {
    one.world.permissions.actions = false;
    repo.require({ required: ["build"] });
    pull.head.checks({ name: "build", ends: 20 }, { name: "docs", conclusion: "FAILURE" });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", errors: [] });
  });

  test("without it two workflows' jobs of one name each count", async () => {
    one.world.permissions.actions = false;
    pull.head.checks({ name: "build", workflow: "A", conclusion: "FAILURE" }, { name: "build", workflow: "B" });
    expect((await one.watch()).outcome).toBe("failed");
  });

  test("suites that are withheld are made good by the runs, and where both are nothing is green by itself", async () => {
    one.world.hole({ field: "Commit.checkSuites", what: "FORBIDDEN" });
    pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Workflow "Deploy" failed' });
    one.world.permissions.actions = false;
    const end = await one.watch({ deadline: 600, ref: "octo/app#42" }).catch(() => null);
    expect(end?.outcome ?? "open").not.toBe("succeeded");
  });
});
