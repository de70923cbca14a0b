import { describe, expect, test } from "vitest";
import { isEnding, isTold } from "../../src/core/announce.ts";
import type { Transition } from "../../src/core/events.ts";
import { isRunning, STATES, type State } from "../../src/core/states.ts";

function row(from: State | null, to: State, extra: Transition["extra"] = { outcome: "failed" }): Transition {
  return {
    type: "transition",
    ts: "2026-11-27T00:00:00+00:00",
    wait_id: "w",
    kind: "pr-ci",
    ref: "#42",
    pr: 42,
    repo: "octo/app",
    sha: null,
    from_state: from,
    to_state: to,
    watcher_id: "x",
    attempt: 0,
    evaluator_score: null,
    session_id: "s",
    extra,
  };
}

const heard = (one: Transition) => [isEnding(one) && "session", isTold(one) && "people"].filter(Boolean).join(" and ");

describe("who hears of a transition", () => {
  test.each<[what: string, row: Transition, by: string]>([
    ["a watch that ends green", row("WATCHING", "GREEN", { outcome: "succeeded" }), "session and people"],
    ["a watch that ends red", row("WATCHING", "RED_UNCLASSIFIED"), "session and people"],
    [
      "a wait that ends before it was watched",
      row("PUSHED", "ABANDONED", { outcome: "timed_out" }),
      "session and people",
    ],
    ["a heal that was refused", row("HEALING", "RED_CLASSIFIED", { outcome: "failed", cause: "heal-refused" }), ""],
    ["an ending that is to stay silent", row("WATCHING", "RED_CLASSIFIED", { outcome: "failed", silent: true }), ""],
    ["a push without a pull request", row("PUSHED", "ABANDONED", { outcome: "no_pr" }), ""],
    ["a watch that another one took over", row("WATCHING", "ABANDONED", { outcome: "superseded" }), ""],
    ["a wait that was given up", row("WATCHING", "ABANDONED", { outcome: "abandoned" }), ""],
    ["readiness that is taken back by a failing check", row("MERGE_READY", "RED_UNCLASSIFIED"), "session and people"],
    ["readiness that is taken back by a push", row("MERGE_READY", "WATCHING", {}), "people"],
    ["a merge after the verdict", row("GREEN", "MERGED", { outcome: "merged" }), "people"],
    ["an escalation of a red that was told", row("RED_UNCLASSIFIED", "ESCALATED"), "people"],
    ["a red that gets its name", row("RED_UNCLASSIFIED", "RED_CLASSIFIED"), ""],
  ])("%s: %3$s", (_what, one, by) => {
    expect(heard(one)).toBe(by);
  });

  test("nobody hears of a wait that only begins or runs on", () => {
    for (const from of [null, ...STATES])
      for (const to of STATES.filter(isRunning))
        if (from !== "MERGE_READY") expect([from, to, heard(row(from, to, {}))]).toEqual([from, to, ""]);
  });

  test("no session hears of an ending of which people do not", () => {
    for (const from of [null, ...STATES])
      for (const to of STATES)
        for (const extra of [{}, { outcome: "failed" }, { outcome: "merged" }, { outcome: "failed", silent: true }])
          if (isEnding(row(from, to, extra)))
            expect([from, to, isTold(row(from, to, extra))]).toEqual([from, to, true]);
  });
});
