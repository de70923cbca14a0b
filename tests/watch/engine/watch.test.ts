import { describe, expect, it } from "vitest";
import { type LookResult, ObservationError } from "../../../src/plugin.ts";
import { recordDuration } from "../../../src/watch/durations.ts";
import { readLook } from "../../../src/watch/engine/look-file.ts";
import { driveWatch } from "../drive-watch.ts";
import { scriptedKind, world } from "../world.ts";

const running: LookResult = { status: "running", reason: "2 of 5 checks are done" };
const green: LookResult = { status: "succeeded", reason: "all 5 checks succeeded" };

describe("the engine", () => {
  it("looks at 5 s growing by half to 60 s and ends with the outcome", async () => {
    const kind = scriptedKind([...Array(12).fill(running), green]);
    const w = world(kind);
    const { wait } = await w.register();
    const { step, looks } = await driveWatch(w, kind, wait);
    expect(step).toMatchObject({
      next: "ended",
      wait: { state: "GREEN", extra: { outcome: "succeeded", cause: "look" } },
    });
    const pauses = looks.slice(1).map((at, i) => Math.round((at - looks[i]!) * 10) / 10);
    expect(pauses.slice(0, 4)).toEqual([5, 7.5, 11.3, 16.9]);
    expect(Math.max(...pauses)).toBe(60);
  });

  it("believes an outcome that must settle only after two equal looks", async () => {
    const settling = { ...green, settle: { looks: 2, confirmS: 1 } };
    const kind = scriptedKind([settling, running, settling, settling]);
    const w = world(kind);
    const { wait } = await w.register();
    const { step, looks } = await driveWatch(w, kind, wait);
    expect(step.next).toBe("ended");
    expect(looks).toHaveLength(4);
    expect(looks[3]! - looks[2]!).toBeCloseTo(1);
  });

  it("does not believe an outcome before the moment that the kind names", async () => {
    const w = world(scriptedKind([green]));
    const notBefore = w.clock.now() + 30_000;
    const kind = scriptedKind([{ ...green, settle: { looks: 2, notBefore } }]);
    const { wait } = await w.register();
    const { looks } = await driveWatch(w, kind, wait);
    expect(looks.at(-1)).toBeGreaterThanOrEqual(30);
  });

  it("backs off on observation errors, counts and shows them, and never makes them a verdict", async () => {
    const kind = scriptedKind([running, ...Array(6).fill(new ObservationError("HTTP 502")), green]);
    const w = world(kind);
    const { wait } = await w.register();
    const seen: (number | undefined)[] = [];
    const { step, looks } = await driveWatch(w, kind, wait, {
      between: () => void seen.push(readLook(w.store.paths.looks, wait.wait_id)?.errors),
    });
    expect(step).toMatchObject({ next: "ended", wait: { state: "GREEN" } });
    expect(Math.max(...seen.map((n) => n ?? 0))).toBe(6);
    expect(looks.at(-1)! - looks.at(-2)!).toBe(120);
  });

  it("waits as long as the service asks", async () => {
    const kind = scriptedKind([new ObservationError("rate limit", { retryAfterS: 900 }), green]);
    const w = world(kind);
    const { wait } = await w.register();
    const { looks } = await driveWatch(w, kind, wait);
    expect(looks).toEqual([0, 900]);
  });

  it("says what a wait needs, and that it needs it no longer", async () => {
    const kind = scriptedKind([new ObservationError("401", { needs: "gh auth login" }), running, green]);
    const w = world(kind);
    const { wait } = await w.register();
    const needs: (string | null | undefined)[] = [];
    await driveWatch(w, kind, wait, { between: () => void needs.push(w.store.read().waits.get(wait.wait_id)?.needs) });
    expect(needs).toEqual([null, "gh auth login", null]);
  });

  it("leaves the foreground when looking cannot work by waiting, and the wait stays", async () => {
    const kind = scriptedKind([new ObservationError("no checks:read", { needs: "checks:read", lasting: true })]);
    const w = world(kind);
    const { wait } = await w.register();
    const { step, looks } = await driveWatch(w, kind, wait);
    expect(step.next).toBe("external");
    expect(looks.at(-1)).toBeLessThan(60);
    expect(w.store.read().waits.get(wait.wait_id)).toMatchObject({ state: "WATCHING", needs: "checks:read" });
  });

  it("ends at its deadline as timed_out, naming the last error", async () => {
    const kind = scriptedKind([running, new ObservationError("HTTP 502")]);
    const w = world(kind);
    const { wait } = await w.register({ timeoutS: 300 });
    const { step, looks } = await driveWatch(w, kind, wait);
    expect(step).toMatchObject({
      next: "ended",
      wait: { state: "ABANDONED", extra: { outcome: "timed_out", cause: "deadline" } },
    });
    expect(looks.at(-1)).toBeGreaterThanOrEqual(300);
    expect(looks.at(-1)).toBeLessThan(430);
  });

  it("a clock that jumps hours in either direction eats none of the deadline", async () => {
    const kind = scriptedKind([...Array(20).fill(running), green]);
    const w = world(kind);
    const { wait } = await w.register({ timeoutS: 3600 });
    const { step } = await driveWatch(w, kind, wait, {
      between: (at) => {
        if (at > 60 && at < 100) w.clock.jump(at % 2 ? 9 * 3_600_000 : -5 * 3_600_000);
      },
    });
    expect(step).toMatchObject({ wait: { state: "GREEN" } });
  });

  it("a process that was stopped for hours has not used its deadline", async () => {
    const kind = scriptedKind([...Array(6).fill(running), green]);
    const w = world(kind);
    const { wait } = await w.register({ timeoutS: 600 });
    let stopped = false;
    const { step } = await driveWatch(w, kind, wait, {
      between: (at) => {
        if (at > 10 && !stopped) {
          stopped = true;
          w.clock.advance(7_200_000);
        }
      },
    });
    expect(step).toMatchObject({ wait: { state: "GREEN" } });
  });

  it("a condition that holds for its grace ends the wait; one that passes does not", async () => {
    const none: LookResult = {
      status: "waiting",
      reason: "no checks yet",
      grace: { name: "appear", outcome: "no_checks", reason: "No checks appeared" },
    };
    const w1 = world(scriptedKind([none]));
    const first = await w1.register();
    const ended = await driveWatch(w1, scriptedKind([none]), first.wait);
    expect(ended.step).toMatchObject({ wait: { state: "RED_UNCLASSIFIED", extra: { outcome: "no_checks" } } });
    expect(ended.looks.at(-1)).toBeGreaterThanOrEqual(180);
    expect(ended.looks.at(-1)).toBeLessThan(182);

    const kind = scriptedKind([...Array(6).fill(none), ...Array(8).fill(running), ...Array(2).fill(none), green]);
    const w2 = world(kind);
    const second = await w2.register();
    expect((await driveWatch(w2, kind, second.wait)).step).toMatchObject({ wait: { state: "GREEN" } });
  });

  it("reports a value that it does not know once", async () => {
    const odd = { ...running, unknown: ["conclusion PURPLE"] };
    const kind = scriptedKind([odd, odd, odd, green]);
    const w = world(kind);
    const { wait } = await w.register();
    await driveWatch(w, kind, wait);
    expect([...w.store.events()].filter((event) => event.type === "wait.unknown_value")).toHaveLength(1);
  });

  it("looks every 3 s around the expected end once five earlier waits are known, at most 45 times", async () => {
    const kind = scriptedKind([running]);
    const w = world(kind);
    for (const seconds of [590, 600, 610, 600, 600]) recordDuration(w.store.paths.durations, "pr-ci:o/r", seconds);
    const { wait } = await w.register();
    const { looks } = await driveWatch(w, kind, wait, { maxS: 1200 });
    const quick = looks.filter((at, i) => i > 0 && at - looks[i - 1]! < 3.5);
    expect(quick.length).toBeGreaterThan(40);
    expect(quick.length).toBeLessThanOrEqual(46);
    expect(quick[0]).toBeGreaterThan(525);
    expect(quick.at(-1)).toBeLessThan(680);
    expect(looks.filter((at) => at < 500).length).toBeLessThan(16);
  });

  it("looks at least every 5 s just beside the quick looks, and every 10 s when it is later still", async () => {
    const kind = scriptedKind([running]);
    const w = world(kind);
    for (const seconds of [590, 600, 610, 600, 600]) recordDuration(w.store.paths.durations, "pr-ci:o/r", seconds);
    const { wait } = await w.register();
    const { looks } = await driveWatch(w, kind, wait, { maxS: 1200 });
    const pauses = (from: number, to: number) =>
      looks.flatMap((at, i) => (i > 0 && at > from && at < to ? [at - looks[i - 1]!] : []));
    expect(Math.max(...pauses(510, 530))).toBeLessThanOrEqual(6);
    expect(Math.max(...pauses(672, 695))).toBeLessThanOrEqual(6);
    expect(Math.max(...pauses(700, 750))).toBeLessThanOrEqual(12);
    expect(Math.max(...pauses(800, 1200))).toBeGreaterThan(30);
  });

  it("lengthens the deadline to three times the 95th percentile of earlier waits, and never shortens it", async () => {
    const kind = scriptedKind([running], { deadlineS: 1000 });
    const w = world(kind);
    for (const seconds of [500, 500, 500, 500, 600]) recordDuration(w.store.paths.durations, "pr-ci:o/r", seconds);
    expect((await w.register()).wait.extra.deadline).toBe(1800);
    const short = world(scriptedKind([running], { deadlineS: 7200 }));
    for (let i = 0; i < 5; i += 1) recordDuration(short.store.paths.durations, "pr-ci:o/r", 10);
    expect((await short.register()).wait.extra.deadline).toBe(7200);
  });

  it("follows a moved head: the verdict names the new commit and the earlier one is remembered", async () => {
    const pin = {
      ref: "x",
      key: "x",
      repo: "o/r",
      pr: 1,
      sha: "b".repeat(40),
      prev_shas: ["a".repeat(40)],
      identity: {},
      complete: true,
    };
    const kind = scriptedKind([running, { ...running, pin, moved: true, note: "The head moved" }, green]);
    const w = world(kind);
    const { wait } = await w.register();
    const { step } = await driveWatch(w, kind, wait);
    expect(step).toMatchObject({
      wait: { state: "GREEN", sha: "b".repeat(40), extra: { prev_shas: ["a".repeat(40)] } },
    });
  });

  it("stops when another watcher has taken the wait, and writes nothing", async () => {
    const kind = scriptedKind([running, green]);
    const w = world(kind);
    const { wait } = await w.register();
    const { step } = await driveWatch(w, kind, wait, {
      between: async (at) => {
        if (at > 0) await w.register({ force: true });
      },
    });
    expect(step).toMatchObject({ next: "lost", wait: { state: "ABANDONED", extra: { outcome: "superseded" } } });
    expect([...w.store.read().waits.values()].filter(({ state }) => state === "GREEN")).toHaveLength(0);
  });

  it("goes on slowly after a background verdict, and a red that turns green tells both", async () => {
    const red: LookResult = { status: "failed", reason: "lint failed" };
    const moved = {
      ref: "x",
      key: "x",
      repo: "o/r",
      pr: 1,
      sha: "b".repeat(40),
      prev_shas: ["a".repeat(40)],
      identity: {},
      complete: true,
    };
    const kind = scriptedKind(
      [
        running,
        red,
        red,
        { ...running, pin: moved, moved: true },
        running,
        green,
        green,
        { status: "merged", reason: "merged" },
      ],
      {
        slowAfterVerdict: true,
      },
    );
    const w = world(kind);
    const { wait } = await w.register();
    const config = await w.deps.config(w.home);
    const { Watch } = await import("../../../src/watch/engine/watch.ts");
    const watch = new Watch({
      wait,
      kind,
      config,
      deps: w.deps,
      mode: "background",
      signal: new AbortController().signal,
    });
    const states: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      const step = await watch.step();
      if (step.next === "ended") states.push(`${step.wait.state}${step.slow ? "+slow" : ""}`);
      if (step.next === "ended" && !step.slow) break;
      w.clock.advance(Math.max(1, watch.dueAt - w.clock.monotonic()));
    }
    expect(states).toEqual(["RED_UNCLASSIFIED+slow", "GREEN+slow", "MERGED"]);
    expect(w.store.find(wait.wait_id)).toMatchObject({ state: "MERGED", sha: "b".repeat(40), attempt: 0 });
  });
});

it("no secret of a failing command's output reaches the log", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const red: LookResult = {
    status: "failed",
    reason: `exited with 1: ${token}`,
    evidence: [{ text: `Authorization: Bearer ${token}` }],
  };
  const kind = scriptedKind([red]);
  const w = world(kind);
  const { wait } = await w.register();
  const { step } = await driveWatch(w, kind, wait);
  expect(JSON.stringify(step)).toContain("exited with 1");
  expect(JSON.stringify([...w.store.events()])).not.toContain(token);
});
