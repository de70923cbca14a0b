// needs: time, gh
import { describe, expect, onTestFinished, test } from "vitest";
import review from "../../../../plugins/wait-kinds/review.ts";
import type { Hole } from "../../../servers/github/mod.ts";
import { bench } from "../pr-ci/watch.ts";

const RABBIT = "coderabbitai[bot]";
const WHAT = "SERVICE_UNAVAILABLE";

/** A pull request that looks reviewed and free of work as long as the part behind the hole is not seen. */
async function behind(hole: Hole) {
  const one = await bench();
  onTestFinished(() => one.stop());
  const pull = one.world.repo("octo/app").pull(42);
  one.world.hole({ ...hole, lasts: 600 });
  return { pull, now: () => one.world.now(), watch: () => one.watch({ kind: review, config: {} }) };
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
