import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { type LookContext, type LookResult, ObservationError, type WaitKind } from "../../../src/plugin.ts";
import { Watch } from "../../../src/watch/engine/watch.ts";
import { scriptedKind, world } from "../world.ts";

// The machine's own clock and timers, moved by hand: what hangs is broken off by them.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => void vi.useRealTimers());

/** The world on that clock, with one wait that must end within `timeoutS`. */
async function timedWorld(kind: WaitKind, timeoutS: number) {
  const w = world(kind, { observer: "gh" });
  const deps = { ...w.deps, clock: systemClock, random: Math.random };
  const { wait } = await w.register({ timeoutS });
  const config = await deps.config("/");
  const signal = new AbortController().signal;
  const start = systemClock.monotonic();
  const watch = new Watch({ wait, kind, config, deps, mode: "foreground", signal });
  return { w, watch, wait, secondsSince: () => (systemClock.monotonic() - start) / 1000 };
}

/** Steps a watch to its end; time passes while a step is under way, and between steps as the watch says. */
async function toTheEnd({ watch, secondsSince }: Awaited<ReturnType<typeof timedWorld>>, limitS: number) {
  for (;;) {
    let step: Awaited<ReturnType<Watch["step"]>> | undefined;
    void watch.step().then((done) => {
      step = done;
    });
    await vi.advanceTimersByTimeAsync(0);
    while (!step && secondsSince() < limitS) await vi.advanceTimersByTimeAsync(50);
    if (step?.next !== "look") return { step, endedAtS: secondsSince() };
    await vi.advanceTimersByTimeAsync(Math.max(1, watch.dueAt - systemClock.monotonic()));
  }
}

const hang = (signal?: AbortSignal) =>
  new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value));

/** Random numbers that a seed repeats (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One random look: anything that may hold a watch up, and now and then a fact. */
function randomLook(random: () => number, seen: { terminal: boolean }) {
  const running: LookResult = { status: "running", reason: "1 of 2 checks done" };
  const long = () => 5 + random() * 5000;
  const looks: ((context: LookContext) => Promise<LookResult>)[] = [
    async () => running,
    async () => ({ ...running, notBeforeS: long() }),
    async () => ({ ...running, etaS: long() }),
    async () => ({ ...running, grace: { name: "required", outcome: "missing_required", reason: "never reported" } }),
    async () => ({
      status: "succeeded",
      reason: "All passed",
      settle: { looks: 2, notBefore: systemClock.now() + long() * 1000 },
    }),
    async () => ({ status: "succeeded", reason: "All passed", settle: { looks: 9, confirmS: long() } }),
    () => Promise.reject(new ObservationError("GitHub asks to wait", { retryAfterS: long() })),
    () => Promise.reject(new ObservationError("Cannot reach GitHub")),
    () => Promise.reject(new Error("a plugin that breaks")),
    () => after(random() * 90_000, running),
    ({ signal }) => (random() < 0.5 ? hang(signal) : hang()),
    async () => {
      if (random() < 0.9) return running;
      seen.terminal = true;
      return { status: "failed", reason: "lint failed" };
    },
  ];
  return looks[Math.floor(random() * looks.length)] ?? looks[0]!;
}

test("no watch steps or ends later than a second after its deadline, whatever its looks do; it is timed out unless a fact was seen", async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seeded(seed);
    const seen = { terminal: false };
    const stepped: number[] = [];
    const timeoutS = 1 + Math.floor(random() * 600);
    const slowStart = random();
    const kind = scriptedKind([], {
      look: (context) => {
        stepped.push(run.secondsSince());
        return randomLook(random, seen)(context);
      },
      begin: async (pin) => (slowStart < 0.2 ? hang() : slowStart < 0.4 ? after(30_000 * random(), pin) : pin),
      observe: async () => after(1000 * random(), undefined),
    });
    const run = await timedWorld(kind, timeoutS);
    const { step, endedAtS } = await toTheEnd(run, timeoutS + 60);
    const what = `seed ${seed}, deadline ${timeoutS} s`;
    expect(endedAtS, what).toBeLessThanOrEqual(timeoutS + 1);
    expect(Math.max(0, ...stepped), what).toBeLessThanOrEqual(timeoutS);
    const outcome = step?.next === "ended" ? step.wait.extra.outcome : step?.next;
    const wanted = seen.terminal ? ["failed"] : ["timed_out", "missing_required", "succeeded"];
    expect(wanted, what).toContain(outcome);
    if (outcome === "timed_out") expect(endedAtS, what).toBeGreaterThanOrEqual(timeoutS - 0.1);
  }
}, 120_000);

test("binding a target that hangs is over at the deadline", async () => {
  const kind = scriptedKind([], {
    pin: async ({ network }, { signal }) => {
      const pin = { ref: "x", key: "x", identity: {}, complete: false };
      return network && signal ? hang(signal) : pin;
    },
  });
  const run = await timedWorld(
    { ...kind, pin: async () => ({ ref: "x", key: "x", identity: {}, complete: false }) },
    30,
  );
  const watch = new Watch({
    wait: run.wait,
    kind,
    config: await run.w.deps.config("/"),
    deps: { ...run.w.deps, clock: systemClock },
    mode: "foreground",
    signal: new AbortController().signal,
  });
  const { step, endedAtS } = await toTheEnd({ ...run, watch }, 60);
  expect(endedAtS).toBeLessThan(31);
  expect(step).toMatchObject({
    next: "ended",
    wait: { extra: { outcome: "timed_out", reason: expect.stringMatching(/looking it up got no answer in time/) } },
  });
});

test("a failure that is seen before the deadline is told by then, with or without its explanation", async () => {
  const kind = scriptedKind([{ status: "failed", reason: "lint failed" }]);
  const run = await timedWorld(kind, 20);
  const healing = { ...run.w.deps.healing, classify: () => hang() };
  const watch = new Watch({
    wait: run.wait,
    kind,
    config: await run.w.deps.config("/"),
    deps: { ...run.w.deps, clock: systemClock, healing },
    mode: "foreground",
    signal: new AbortController().signal,
  });
  const { step, endedAtS } = await toTheEnd({ ...run, watch }, 60);
  expect(endedAtS).toBeLessThan(21);
  expect(step).toMatchObject({ next: "ended", wait: { state: "RED_UNCLASSIFIED", extra: { outcome: "failed" } } });
});

test("a look that hangs is broken off after its own limit, and its signal is aborted", async () => {
  const aborted: string[] = [];
  const kind = scriptedKind([], {
    lookTimeoutS: 10,
    look: ({ signal }) => {
      signal.addEventListener("abort", () => aborted.push("look"));
      return hang();
    },
  });
  const run = await timedWorld(kind, 100);
  void run.watch.step();
  await vi.advanceTimersByTimeAsync(9000);
  expect(aborted).toEqual([]);
  await vi.advanceTimersByTimeAsync(1100);
  expect(aborted).toEqual(["look"]);
});
