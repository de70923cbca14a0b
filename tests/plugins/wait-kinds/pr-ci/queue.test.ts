// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Pull } from "../../../servers/github/pull.ts";
import { type Bench, bench } from "./watch.ts";

let one: Bench;
let pull: Pull;
beforeEach(async () => {
  one = await bench();
  pull = one.world
    .repo("octo/app")
    .require({ required: ["build"], mergeQueue: true })
    .pull(42, { head: "first" });
  pull.head.checks("build");
});
afterEach(() => one.stop());

function enqueue(conclusion: string, ends = 120): void {
  pull.enqueue().run({ event: "merge_group", jobs: [{ name: "build", ends, conclusion }] });
}

describe("taken out of the merge queue", () => {
  test("because its group failed: ejected, with GitHub's reason and what failed there", async () => {
    enqueue("FAILURE");
    one.world.at(130, () => pull.eject("failed_checks"));
    const end = await one.watch();
    expect(end.outcome).toBe("ejected");
    expect(end.reason).toBe(
      'The merge queue took #42 out (failed checks): "build" failed on its merge group; who works on it must look and queue it again',
    );
    expect(end.at).toBeLessThan(260);
  });

  test("before the watch began: that is read from the pull request's history", async () => {
    enqueue("FAILURE", 20);
    one.clock.advance(60);
    pull.eject("failed_checks");
    expect(await one.watch()).toMatchObject({ outcome: "ejected" });
  });

  test("for a conflict: the reason is GitHub's", async () => {
    enqueue("SUCCESS");
    one.world.at(130, () => pull.eject("merge_conflict"));
    expect(await one.watch()).toMatchObject({
      outcome: "ejected",
      reason: expect.stringContaining("(merge conflict)"),
    });
  });

  test("by a person: what the checks say is the verdict", async () => {
    enqueue("SUCCESS", 900);
    one.world.at(130, () => pull.eject("manual"));
    expect(await one.watch()).toMatchObject({
      outcome: "succeeded",
      reason: expect.stringContaining("; it was in the merge queue, and a person took it out"),
    });
  });

  test("and queued again: it goes on", async () => {
    enqueue("FAILURE", 20);
    one.world.at(30, () => pull.eject("failed_checks"));
    one.world.at(35, () => enqueue("SUCCESS"));
    one.world.at(160, () => pull.merge());
    expect(await one.watch()).toMatchObject({ outcome: "merged" });
  });

  test("and pushed to: the new head is a new attempt", async () => {
    enqueue("FAILURE", 20);
    one.world.at(130, () => {
      pull.eject("failed_checks");
      pull.push("second").checks({ name: "build", ends: 60 });
    });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("and pushed to, a commit whose checks had run before: the push is the new attempt", async () => {
    enqueue("FAILURE", 20);
    one.clock.advance(60);
    pull.eject("failed_checks");
    one.clock.advance(60);
    const pushed = { sha: pull.head.sha, branch: "feature", at: one.clock.now() };
    expect(await one.watch({ pushed })).toMatchObject({ outcome: "succeeded" });
  });

  test("its history cannot be read now: no verdict until it can", async () => {
    enqueue("FAILURE");
    one.world.at(130, () => pull.eject("failed_checks"));
    one.world.hole({ field: "PullRequest.timelineItems", what: "SERVICE_UNAVAILABLE", lasts: 600 });
    const end = await one.watch();
    expect(end.outcome).toBe("ejected");
    expect(end.at).toBeGreaterThanOrEqual(600);
  });
});

describe("what the head has does not count while it is queued", () => {
  test.each<[string, (other: Pull) => void]>([
    ["no check, because the workflows start for merge groups only", () => {}],
    ["not all that is required", (other) => void other.head.checks("lint")],
    ["a required check that failed since", (other) => void other.head.checks({ name: "build", conclusion: "FAILURE" })],
  ])("%s: the merge is the end", async (_, has) => {
    const other = pull.repo.pull(43, { head: "other" });
    has(other);
    other.enqueue();
    one.world.at(1200, () => other.merge());
    expect(await one.watch({ ref: "43" })).toMatchObject({ outcome: "merged" });
  });

  test("no check, nothing required, and thrown out: ejected", async () => {
    const repo = one.world.repo("octo/lib").require({ required: [], mergeQueue: true });
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml", text: "on: merge_group" });
    const other = repo.pull(7, { head: "other" });
    other.enqueue().run({ event: "merge_group", jobs: [{ name: "build", ends: 400, conclusion: "FAILURE" }] });
    one.world.at(410, () => other.eject("failed_checks"));
    expect(await one.watch({ ref: "7", repo: "octo/lib" })).toMatchObject({
      outcome: "ejected",
      reason: expect.stringContaining('"build" failed on its merge group'),
    });
  });
});

test("merged by the queue: merged, also when GitHub shows that some seconds late", async () => {
  enqueue("SUCCESS");
  one.world.at(130, () => pull.eject("merged"));
  one.world.at(150, () => pull.merge());
  expect(await one.watch()).toMatchObject({ outcome: "merged" });
});

test("an entry that cannot be merged: somebody must look", async () => {
  enqueue("SUCCESS");
  one.world.at(60, () => {
    if (pull.queue) pull.queue.state = "UNMERGEABLE";
  });
  expect(await one.watch()).toMatchObject({
    outcome: "blocked",
    reason: "The merge queue cannot merge #42: who works on the branch must look",
  });
});

test("the history is asked for only where merges go through a queue", async () => {
  one.world.repo("octo/lib").pull(7, { head: "other" }).head.checks("build");
  await one.watch({ ref: "7", repo: "octo/lib" });
  expect(one.github.seen.some(({ query }) => query?.includes("MERGE_QUEUE_EVENT"))).toBe(false);
});
