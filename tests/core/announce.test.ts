import { describe, expect, test } from "vitest";
import { isEnding, isTold } from "../../src/core/announce.ts";
import { mayFollow, OUTCOMES, STATES, type State } from "../../src/core/states.ts";
import { MORNING, row } from "../stats/sample.ts";

/** Who hears of each transition with an outcome: `s` the sessions, `p` people, `-` nobody. */
const HEARD: Readonly<Record<State | "nothing", Readonly<Partial<Record<State, "-" | "p" | "sp">>>>> = {
  nothing: { PUSHED: "-" },
  PUSHED: { WATCHING: "-", MERGED: "sp", ABANDONED: "sp" },
  WATCHING: {
    PUSHED: "-",
    GREEN: "sp",
    RED_CLASSIFIED: "sp",
    RED_UNCLASSIFIED: "sp",
    MERGED: "sp",
    ABANDONED: "sp",
  },
  GREEN: { WATCHING: "-", PUSHED: "-", MERGE_READY: "p", MERGED: "p", ABANDONED: "p" },
  RED_CLASSIFIED: {
    WATCHING: "-",
    PUSHED: "-",
    RED_UNCLASSIFIED: "-",
    HEALING: "-",
    ESCALATED: "p",
    MERGED: "p",
    ABANDONED: "p",
  },
  RED_UNCLASSIFIED: {
    WATCHING: "-",
    PUSHED: "-",
    RED_CLASSIFIED: "-",
    HEALING: "-",
    ESCALATED: "p",
    MERGED: "p",
    ABANDONED: "p",
  },
  HEALING: {
    WATCHING: "-",
    RED_CLASSIFIED: "sp",
    RED_UNCLASSIFIED: "sp",
    ESCALATED: "sp",
    MERGED: "sp",
    ABANDONED: "sp",
  },
  MERGE_READY: {
    WATCHING: "p",
    PUSHED: "p",
    GREEN: "p",
    RED_CLASSIFIED: "sp",
    RED_UNCLASSIFIED: "sp",
    MERGED: "p",
    ABANDONED: "p",
  },
  ESCALATED: { WATCHING: "-", PUSHED: "-", HEALING: "-", MERGED: "p", ABANDONED: "p" },
  MERGED: {},
  ABANDONED: {},
};

type Extra = NonNullable<Parameters<typeof row>[4]>["extra"];

/** Every transition that the state machine allows. */
const STEPS = [
  { from: null, to: "PUSHED" as State },
  ...STATES.flatMap((from) => STATES.filter((to) => mayFollow(from, to)).map((to) => ({ from, to }))),
];

function heard(from: State | null, to: State, extra: Extra): string {
  const event = row("w1", MORNING, from, to, { extra });
  return `${isEnding(event) ? "s" : ""}${isTold(event) ? "p" : ""}` || "-";
}

test("the table below names every transition of the state machine, and no other", () => {
  const named = Object.entries(HEARD).flatMap(([from, row]) => Object.keys(row).map((to) => `${from} ${to}`));
  expect(named.sort()).toEqual(STEPS.map(({ from, to }) => `${from ?? "nothing"} ${to}`).sort());
});

const CAUSES = [
  "look",
  "deadline",
  "signal:TERM",
  "reaped:dead-watcher",
  "escalated",
  "merge-ready",
  "rerun",
  "healed",
];
const SILENT = ["no_pr", "superseded", "abandoned"];

describe.each(STEPS)("$from → $to", ({ from, to }) => {
  const expected = HEARD[from ?? "nothing"][to];

  test(`is heard by ${expected}, whatever its cause and outcome`, () => {
    const outcomes = Object.keys(OUTCOMES).filter((outcome) => !SILENT.includes(outcome));
    const extras = CAUSES.flatMap((cause) => outcomes.map((outcome) => ({ cause, outcome })));
    expect(extras.filter((extra) => heard(from, to, extra) !== expected)).toEqual([]);
  });

  test("is heard by nobody when nobody waits for it or it is marked as silent", () => {
    const extras = [...SILENT.map((outcome) => ({ outcome })), { outcome: "failed", silent: true }];
    expect(extras.map((extra) => heard(from, to, extra))).toEqual(["-", "-", "-", "-"]);
  });

  test("is heard by nobody when it is a heal that was refused: the red was told before", () => {
    expect(heard(from, to, { outcome: "failed", cause: "heal-refused" })).toBe("-");
  });

  test("without an outcome is no end to a session", () => {
    expect(heard(from, to, { cause: "look" })).toBe(expected?.replace("s", ""));
  });
});

test("no session hears of an ending of which people do not", () => {
  const pairs = [null, ...STATES].flatMap((from) => STATES.map((to) => ({ from, to })));
  const extras = [{}, { outcome: "failed" }, { outcome: "merged" }, { outcome: "failed", silent: true }];
  const found = pairs.flatMap(({ from, to }) => extras.map((extra) => heard(from, to, extra)));
  expect(found.filter((audience) => audience === "s")).toEqual([]);
});

test("people are told of a stall, and of no other event", () => {
  const ts = "2026-11-20T10:00:00+00:00";
  expect(isTold({ type: "wait.stuck", ts, wait_id: "w1", reason: "2 of 9", stalled_s: 3600 })).toBe(true);
  expect(isTold({ type: "wait.note", ts, wait_id: "w1", note: "lag" })).toBe(false);
  expect(isTold({ type: "heal.push", ts, wait_id: "w1" })).toBe(false);
});
