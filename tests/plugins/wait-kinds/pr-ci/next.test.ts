// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, bench, type WatchOptions } from "./watch.ts";

let one: Bench;
beforeEach(async () => {
  one = await bench();
});
afterEach(() => one.stop());

/** What the look that ended the watch says is to be done next. */
async function nextAfter(options?: WatchOptions) {
  const { outcome, looks } = await one.watch(options);
  return { outcome, next: looks.at(-1)?.next };
}

const repo = () => one.world.repo("octo/app");
const later = (because: string) => ({
  outcome: "succeeded",
  next: `p9 why 42 --repo octo/app: it cannot be merged yet, because ${because}`,
});

describe("after green, the next step is never one that is refused for what the look has seen", () => {
  test("a draft", async () => {
    repo().pull(42, { draft: true }).head.checks("build");
    expect(await nextAfter()).toEqual(later("it is a draft"));
  });

  test("a missing review", async () => {
    repo().require({ required: ["build"], approvals: 1 });
    repo().pull(42).head.checks("build");
    expect(await nextAfter()).toEqual(later("a required review is missing"));
  });

  test("requested changes", async () => {
    repo().require({ required: ["build"], approvals: 1 });
    const pull = repo().pull(42);
    pull.head.checks("build");
    pull.reviews.push({ author: "boss", state: "CHANGES_REQUESTED" });
    expect(await nextAfter()).toEqual(later("changes are requested"));
  });

  test("a branch that is behind", async () => {
    repo().require({ required: ["build"], strict: true });
    const pull = repo().pull(42);
    pull.head.checks("build");
    pull.mergeState = "BEHIND";
    expect(await nextAfter()).toEqual(later("it is behind its base"));
  });

  test("a merge that GitHub blocks", async () => {
    const pull = repo().pull(42);
    repo().require({ required: ["build"] });
    pull.head.checks("build");
    pull.mergeState = "BLOCKED";
    expect(await nextAfter()).toEqual(later("GitHub blocks the merge"));
  });

  test("one that can be merged says nothing of its own", async () => {
    repo().pull(42).head.checks("build");
    expect(await nextAfter()).toEqual({ outcome: "succeeded", next: undefined });
  });
});

test("after a cancelled run it is to run that again", async () => {
  const suite = repo()
    .pull(42)
    .head.run({ workflow: "CI", jobs: [{ name: "build", conclusion: "CANCELLED" }] });
  expect(await nextAfter()).toEqual({
    outcome: "cancelled",
    next: `gh run rerun ${suite.runId} --repo octo/app, if nobody meant to stop it`,
  });
});

test("after a failure of a fork's pull request it is not to heal it, which p9 refuses", async () => {
  repo().pull(42, { fork: "stranger" }).head.checks({ name: "build", conclusion: "FAILURE" });
  expect(await nextAfter()).toEqual({
    outcome: "failed",
    next: "p9 heal 42 --repo octo/app --classify, then tell its author: p9 never pushes to a fork",
  });
});
