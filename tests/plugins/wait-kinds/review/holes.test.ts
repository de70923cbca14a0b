// needs: time, gh
import { describe, expect, onTestFinished, test } from "vitest";
import review from "../../../../plugins/wait-kinds/review.ts";
import type { JsonObject } from "../../../../src/plugin.ts";
import type { Hole } from "../../../servers/github/mod.ts";
import { bench } from "../pr-ci/watch.ts";

const RABBIT = "coderabbitai[bot]";
const WHAT = "SERVICE_UNAVAILABLE";

/** A pull request that looks reviewed and free of work as long as the part behind the hole is not seen. */
async function behind(hole: Hole) {
  const one = await bench();
  onTestFinished(() => one.stop());
  const pull = one.world.repo("octo/app").pull(42);
  const { world } = one;
  world.hole({ ...hole, lasts: 600 });
  return {
    ...{ pull, world },
    now: () => world.now(),
    watch: () => one.watch({ kind: review, config: {} }),
    /** The hole stays. */
    forEver: (reviews: JsonObject = {}) => {
      world.hole(hole);
      return one.watch({ kind: review, config: { reviews } });
    },
  };
}

describe("a part of the reviews that is missing is no empty part", () => {
  test.each<[string, Hole]>([
    ["all threads", { field: "PullRequest.reviewThreads", what: WHAT }],
    ["one thread", { field: "PullRequest.reviewThreads", node: 0, what: WHAT }],
    ["threads that GitHub withholds for a time", { field: "PullRequest.reviewThreads", what: "FORBIDDEN" }],
  ])("%s: no verdict while it lasts, and the true one afterwards", async (_, hole) => {
    const { pull, now, watch } = await behind(hole);
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    pull.threads.push({ path: "src/app.ts", line: 3, author: RABBIT, body: "Off by one", at: now() });
    expect(await watch()).toMatchObject({ outcome: "failed" });
  });

  test("a change request behind a hole is work when it is seen", async () => {
    const { pull, now, watch } = await behind({ field: "PullRequest.latestOpinionatedReviews", what: WHAT });
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    pull.reviews.push({ author: "ann", state: "CHANGES_REQUESTED", body: "", at: now() });
    expect(await watch()).toMatchObject({ outcome: "failed" });
  });

  test.each<[string, Hole]>([
    ["the checks of the head", { field: "Commit.statusCheckRollup", what: WHAT }],
    ["the commit", { field: "Repository.object", what: WHAT }],
    ["the pull requests of the base", { field: "Repository.pullRequests", what: WHAT }],
  ])("a reviewer that runs behind a hole is waited for: %s", async (_, hole) => {
    const { pull, watch } = await behind(hole);
    pull.head.status({
      context: "CodeRabbit",
      states: [
        [0, "PENDING", "Review in progress"],
        [900, "SUCCESS", "Review completed"],
      ],
    });
    const end = await watch();
    expect(end.reason).toContain("is reviewed by CodeRabbit");
    expect(end.at).toBeGreaterThan(900);
  });

  test("review requests behind a hole are waited for", async () => {
    const { watch } = await behind({ field: "PullRequest.reviewRequests", what: WHAT });
    const end = await watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.errors.length).toBeGreaterThan(0);
  });
});

describe("what GitHub withholds for good", () => {
  const FIRST = "GitHub does not let this token read";

  test.each<[string, Hole, RegExp]>([
    [
      "all threads",
      { field: "PullRequest.reviewThreads", what: "FORBIDDEN" },
      /^GitHub does not let this token read what is said on #42: /,
    ],
    [
      "one thread",
      { field: "PullRequest.reviewThreads", node: 0, what: WHAT },
      /^GitHub showed only a part of the review threads of #42: /,
    ],
    [
      "what is said",
      { field: "PullRequest.comments", what: WHAT },
      /^GitHub showed only a part of what is said on #42: /,
    ],
    [
      "the checks, which may hold findings",
      { field: "Commit.statusCheckRollup", what: "FORBIDDEN" },
      /^GitHub showed only a part of what the reviewers did \(checks\)/,
    ],
  ])("%s: no verdict, and at the ceiling an end that says so", async (_, hole, reason) => {
    const { pull, now, forEver } = await behind(hole);
    pull.threads.push({ path: "src/app.ts", line: 3, author: RABBIT, body: "Off by one", resolved: true, at: now() });
    const end = await forEver({ reviewers: [] });
    expect([end.outcome, end.reason]).toEqual(["timed_out", expect.stringMatching(reason)]);
    expect(end.reason).toMatch(/, and 3[0-2] min have passed$/);
    expect(end.at).toBeGreaterThanOrEqual(1800);
    expect(end.at).toBeLessThan(2100);
    expect(end.looks.at(-1)!.next).toContain("p9 watch review 42 --repo octo/app");
  });

  test("findings in a check are not taken for none", async () => {
    const { pull, world, forEver } = await behind({ field: "PullRequest.nothing", what: WHAT });
    world.fault({ kind: "404", match: /annotations/ });
    const bugbot = { name: "Cursor Bugbot", app: "cursor", title: "Found 1 potential issue", conclusion: "NEUTRAL" };
    pull.head.checks({ ...bugbot, starts: 0, ends: 30, annotations: [{ path: "a.ts", line: 1, message: "Leak" }] });
    const end = await forEver();
    expect([end.outcome, end.reason]).toEqual([
      "timed_out",
      expect.stringMatching(/^GitHub does not show what reviewers found/),
    ]);
    expect(end.at).toBeGreaterThanOrEqual(1800);
  });

  test("work that can be seen is told at the ceiling, with what could not", async () => {
    const { pull, now, forEver } = await behind({ field: "PullRequest.comments", what: "FORBIDDEN" });
    pull.threads.push({ path: "src/app.ts", line: 3, author: RABBIT, body: "Off by one", at: now() });
    const end = await forEver({ reviewers: [] });
    expect([end.outcome, end.reason]).toEqual(["failed", expect.stringContaining(`; ${FIRST} what is said on #42`)]);
  });
});
