import { expect, test } from "vitest";
import type { Transition } from "../../src/core/events.ts";
import type { State } from "../../src/core/states.ts";
import { noticeOf } from "../../src/notify/notice.ts";
import { MORNING, row } from "../stats/sample.ts";

function ending(from: State, to: State, more: Partial<Transition> = {}) {
  return noticeOf(row("w1", MORNING, from, to, more));
}

test.each([
  ["WATCHING", "GREEN", "termination:green", "info"],
  ["WATCHING", "RED_CLASSIFIED", "termination:red_classified", "error"],
  ["WATCHING", "RED_UNCLASSIFIED", "termination:red_unclassified", "error"],
  ["RED_UNCLASSIFIED", "ESCALATED", "termination:escalated", "error"],
  ["GREEN", "MERGE_READY", "termination:merge_ready", "info"],
  ["MERGE_READY", "MERGED", "termination:merged", "info"],
  ["WATCHING", "ABANDONED", "termination:abandoned", "warning"],
  ["HEALING", "RED_UNCLASSIFIED", "termination:red_unclassified", "error"],
  ["MERGE_READY", "GREEN", "merge_ready:withdrawn", "warning"],
  ["MERGE_READY", "RED_UNCLASSIFIED", "merge_ready:withdrawn", "warning"],
] as const)("%s → %s is told as %s", (from, to, kind, severity) => {
  expect(ending(from, to)).toMatchObject({ kind, severity });
});

test.each([
  ["PUSHED", "WATCHING"],
  ["WATCHING", "PUSHED"],
  ["RED_CLASSIFIED", "HEALING"],
  ["HEALING", "WATCHING"],
  ["GREEN", "WATCHING"],
  ["RED_UNCLASSIFIED", "RED_CLASSIFIED"],
] as const)("%s → %s is told to nobody", (from, to) => {
  expect(ending(from, to)).toBeNull();
});

test.each(["superseded", "abandoned", "no_pr"])(
  "what the user did or nobody waits for (%s) is told to nobody",
  (outcome) => {
    expect(ending("WATCHING", "ABANDONED", { extra: { outcome } })).toBeNull();
  },
);

test("a notice names the target, the reason, the time it took and what comes next", () => {
  const notice = ending("WATCHING", "RED_UNCLASSIFIED", {
    extra: { outcome: "failed", reason: "lint failed", active_used: 140, url: "https://github.com/o/r/pull/42" },
  });
  expect(notice).toMatchObject({
    title: "PR #42 (o/r) → RED_UNCLASSIFIED",
    body: expect.stringMatching(/^lint failed\nAfter 2m 20s\nNext: \S/),
    url: "https://github.com/o/r/pull/42",
    payload: {
      wait_id: "w1",
      pr: 42,
      repo: "o/r",
      state: "RED_UNCLASSIFIED",
      outcome: "failed",
      next_action: expect.any(String),
    },
  });
});

test("the same event always has the same id, another one another", () => {
  expect(ending("WATCHING", "GREEN")?.id).toBe(ending("WATCHING", "GREEN")?.id);
  expect(ending("WATCHING", "GREEN")?.id).not.toBe(ending("WATCHING", "GREEN", { attempt: 1 })?.id);
});

test("text from outside is clipped to one harmless line in the title", () => {
  const notice = ending("WATCHING", "GREEN", { kind: "build", ref: `npm\u001b[31m\n${"x".repeat(500)}` });
  expect(notice?.title).not.toMatch(/[\u0000-\u001f]/);
  expect(notice?.title.length).toBeLessThan(200);
});

test("a stall is told with its wait's name", () => {
  const notice = noticeOf({
    type: "wait.stuck",
    ts: "2026-11-20T10:00:00+00:00",
    wait_id: "w1",
    reason: "2 of 9 for an hour",
    stalled_s: 3600,
    kind: "deploy",
    ref: "web",
    repo: null,
  });
  expect(notice).toMatchObject({
    kind: "stuck",
    title: "Stuck: deploy web",
    body: "2 of 9 for an hour\nNo progress for 1h",
  });
});

test("what a channel gets names a repository of another host by name and host", () => {
  const of = (repo: string) => ending("WATCHING", "GREEN", { repo })?.payload;
  expect(of("octo/app")).not.toHaveProperty("host");
  expect(of("github.acme.com/octo/app")).toMatchObject({ repo: "octo/app", host: "github.acme.com" });
});
