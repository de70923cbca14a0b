import { describe, expect, test } from "vitest";
import { foldLog } from "../../src/stats/cycles.ts";
import { intersection, measure, union } from "../../src/stats/intervals.ts";
import { spread, summarize } from "../../src/stats/summary.ts";
import { MINUTE, MORNING, NO_MINUTES, row, wait, workSpan } from "./sample.ts";

const NOW = MORNING + 120 * MINUTE;

function stats(events: Parameters<typeof foldLog>[0], work = [workSpan("none", 0, 0)], since: number | null = null) {
  const log = foldLog(events, NOW, since ?? undefined);
  return summarize({ log, work, wakes: [], githubPoints: 0, ciMinutes: NO_MINUTES, flakes: 0, since, now: NOW });
}

describe("intervals", () => {
  const span = (from: number, to: number) => ({ from, to });

  test("union() joins what overlaps or touches, in any order", () => {
    expect(union([span(5, 9), span(0, 2), span(2, 3), span(8, 12), span(4, 4)])).toEqual([span(0, 3), span(5, 12)]);
  });

  test("intersection() is the time that both sides have", () => {
    expect(intersection([span(0, 10), span(20, 30)], [span(5, 22), span(24, 25), span(29, 40)])).toEqual([
      span(5, 10),
      span(20, 22),
      span(24, 25),
      span(29, 30),
    ]);
    expect(intersection([span(0, 10)], [])).toEqual([]);
  });

  test("measure() counts overlapping time once", () => {
    expect(measure([span(0, 10), span(5, 15)])).toBe(15);
  });
});

describe("foldLog()", () => {
  test("takes a stretch of watching per verdict, so a healed wait counts twice", () => {
    const { cycles, heals } = foldLog(
      [
        ...wait("a", 0, 10, "RED_CLASSIFIED"),
        row("a", MORNING + 10 * MINUTE, "RED_CLASSIFIED", "HEALING"),
        row("a", MORNING + 11 * MINUTE, "HEALING", "WATCHING", { attempt: 1 }),
        row("a", MORNING + 20 * MINUTE, "WATCHING", "GREEN", { attempt: 1 }),
        row("a", MORNING + 50 * MINUTE, "GREEN", "MERGED"),
      ],
      NOW,
    );
    expect(cycles.map(({ from, to, state }) => [from - MORNING, to - MORNING, state])).toEqual([
      [0, 10 * MINUTE, "RED_CLASSIFIED"],
      [11 * MINUTE, 20 * MINUTE, "GREEN"],
    ]);
    expect(heals).toEqual({ attempted: 1, succeeded: 1, escalated: 0 });
  });

  test("does not count the slow phase after a verdict as waiting", () => {
    const events = [...wait("a", 0, 5, "GREEN"), row("a", MORNING + 100 * MINUTE, "GREEN", "MERGED")];
    expect(stats(events).waited_s).toBe(300);
  });

  test("keeps a running wait open until now", () => {
    const { cycles } = foldLog(wait("a", 30, 40, "GREEN").slice(0, 2), NOW);
    expect(cycles[0]).toMatchObject({ state: "WATCHING", to: NOW });
  });

  test("counts a heal as failed when its wait is red again", () => {
    const { heals } = foldLog(
      [
        ...wait("a", 0, 10, "RED_CLASSIFIED"),
        row("a", MORNING + 11 * MINUTE, "RED_CLASSIFIED", "HEALING"),
        row("a", MORNING + 12 * MINUTE, "HEALING", "WATCHING"),
        row("a", MORNING + 20 * MINUTE, "WATCHING", "RED_UNCLASSIFIED"),
        row("a", MORNING + 21 * MINUTE, "RED_UNCLASSIFIED", "ESCALATED"),
        row("a", MORNING + 22 * MINUTE, "ESCALATED", "WATCHING"),
        row("a", MORNING + 29 * MINUTE, "WATCHING", "GREEN"),
      ],
      NOW,
    );
    expect(heals).toEqual({ attempted: 1, succeeded: 0, escalated: 1 });
  });
});

describe("summarize()", () => {
  test("counts time that two waits share once as blocked, and twice as waited", () => {
    const result = stats([...wait("a", 0, 10, "GREEN"), ...wait("b", 5, 15, "GREEN", { ref: "#43" })]);
    expect(result).toMatchObject({ waits: 2, waited_s: 1200, blocked_s: 900, reclaimed_s: 0, reclaimed_share: 0 });
  });

  test("reclaims nothing with work that was taken and not done", () => {
    const work = [workSpan("done", 0, 3), workSpan("taken", 2, 9, { done: false })];
    expect(stats(wait("a", 0, 10, "GREEN"), work)).toMatchObject({
      reclaimed_s: 180,
      work: { items: 2, done: 1, time_s: 180, not_done: 1, not_done_s: 420 },
    });
  });

  test("reclaims only the time in which the same session waited and worked", () => {
    const events = [...wait("a", 0, 10, "GREEN"), ...wait("b", 0, 60, "GREEN", { session_id: "s2" })];
    const work = [
      workSpan("before and after", -5, 4),
      workSpan("overlapping", 3, 8),
      workSpan("s3", 0, 60, { session: "s3" }),
    ];
    expect(stats(events, work)).toMatchObject({ blocked_s: 4200, reclaimed_s: 480 });
  });

  test("treats linked sessions as one", () => {
    const link = { type: "session.link", ts: "", session_id: "s9", linked_to: "s1", source: "clear" } as const;
    const work = [workSpan("after the clear", 0, 10, { session: "s9" })];
    expect(stats([...wait("a", 0, 10, "GREEN"), link], work).reclaimed_s).toBe(600);
    expect(stats(wait("a", 0, 10, "GREEN"), work).reclaimed_s).toBe(0);
  });

  test("counts the part of a wait that reaches into the period", () => {
    const since = MORNING + 60 * MINUTE;
    const events = [...wait("old", 0, 10, "GREEN"), ...wait("reaching", 50, 70, "RED_UNCLASSIFIED")];
    expect(stats(events, [workSpan("x", 55, 65)], since)).toMatchObject({ waits: 1, waited_s: 600, reclaimed_s: 300 });
  });

  test("groups by kind, repository and day, and names every verdict", () => {
    const result = stats([
      ...wait("a", 0, 10, "GREEN", { extra: { outcome: "succeeded" } }),
      ...wait("b", 0, 30, "RED_UNCLASSIFIED", { kind: "deploy", repo: null, extra: { outcome: "blocked" } }),
      ...wait("c", 0, 1, "ABANDONED", { kind: "deploy", repo: null, extra: { outcome: "killed" } }),
    ]);
    expect(result.verdicts).toEqual({ blocked: 1, killed: 1, succeeded: 1 });
    expect(result.by_kind).toEqual([
      { name: "deploy", waits: 2, green: 0, red: 1, other: 1, waited_s: 1860 },
      { name: "pr-ci", waits: 1, green: 1, red: 0, other: 0, waited_s: 600 },
    ]);
    expect(result.by_repo.map((group) => group.name)).toEqual(["(no repository)", "o/r"]);
    expect(result.by_day).toHaveLength(1);
  });

  test("says nothing where nothing is known", () => {
    expect(stats([])).toMatchObject({
      waits: 0,
      reclaimed_share: null,
      heals: { success_rate: null },
      wake_latency_s: { count: 0, median: null },
    });
  });

  test("takes the provider's own end for the verdict's latency, and none that lies outside the wait", () => {
    const ended = (minutes: number) => ({ extra: { target_ended_at: MORNING + minutes * MINUTE - 2_500 } });
    const result = stats([...wait("a", 0, 10, "GREEN", ended(10)), ...wait("b", 0, 10, "GREEN", ended(-60))]);
    expect(result.verdict_latency_s).toEqual({ count: 1, median: 2.5, p95: 2.5, max: 2.5 });
  });

  test("spread() uses the nearest rank", () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(spread(values)).toEqual({ count: 100, median: 50, p95: 95, max: 100 });
  });
});
