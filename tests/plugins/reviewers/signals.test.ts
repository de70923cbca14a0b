import { describe, expect, test } from "vitest";
import { reviewers } from "../../../plugins/reviewers/registry.ts";
import type { Act } from "../../../src/reviewers/activity.ts";
import type { Reviewer } from "../../../src/reviewers/describe/reviewer.ts";
import { judgeReviewer } from "../../../src/reviewers/judge.ts";
import { CASES, HEAD } from "./signals.ts";

const PUSHED = 1_000_000;
const act = (more: Partial<Act>): Act => ({
  ...{ in: "comment", by: null, name: "", is: "", text: "", sha: null, at: PUSHED + 1000, url: null },
  ...more,
});

describe("the built-in reviewers", () => {
  test.each(CASES)("%s: %j means %s", async (name, more, state) => {
    const reviewer = await reviewers[name]();
    const judged = judgeReviewer(reviewer, { head: HEAD, headAt: PUSHED, acts: [act(more)], partial: false });
    expect(judged.state).toBe(state);
  });

  test.each(Object.entries(reviewers))("%s has a case for each of its signals", async (name, load) => {
    const { signals }: Reviewer = await load();
    const acts = CASES.filter(([of]) => of === name).map(([, more]) => act(more));
    const first = acts.map((one) =>
      signals.findIndex(
        (signal) =>
          signal.in === one.in &&
          (!signal.is || signal.is.includes(one.is)) &&
          (signal.text === undefined || new RegExp(signal.text, "i").test(one.text)),
      ),
    );
    expect(signals.filter((_, at) => !first.includes(at))).toEqual([]);
  });

  test("no app's name alone, and no person's account of a bot's name, gives a signal", async () => {
    for (const [name, more] of CASES.filter(([, { by }]) => by?.endsWith("[bot]"))) {
      const reviewer = await reviewers[name]();
      const acts = [act({ ...more, by: more.by?.replace("[bot]", "") ?? null })];
      expect(judgeReviewer(reviewer, { head: HEAD, headAt: PUSHED, acts, partial: false }).seen).toBe(false);
    }
  });
});
