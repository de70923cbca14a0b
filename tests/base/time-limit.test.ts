import { expect, test } from "vitest";
import { withTimeLimit } from "../../src/base/time-limit.ts";

const late = () => new Error("too late");
const never = new Promise<never>(() => {});
/** A clock whose sleeper is woken by hand. */
function handClock() {
  let wake = () => {};
  let sleeping = false;
  const sleep = async (_: number, signal?: AbortSignal) => {
    sleeping = true;
    await new Promise<void>((resolve) => {
      wake = resolve;
      signal?.addEventListener("abort", () => resolve());
    });
    sleeping = false;
  };
  return { sleep, wake: () => wake(), sleeping: () => sleeping };
}

test("work that ends in time is what it is: its value, or its own error", async () => {
  const stop = new AbortController();
  expect(await withTimeLimit(Promise.resolve(7), { ms: 60_000, late, stop })).toBe(7);
  await expect(withTimeLimit(Promise.reject(new Error("its own")), { ms: 60_000, late, stop })).rejects.toThrow(
    "its own",
  );
  expect(stop.signal.aborted).toBe(false);
});

test("work that takes longer is stopped, and its error is that it took longer", async () => {
  const [clock, stop] = [handClock(), new AbortController()];
  // Whoever listens rejects at once: that it was stopped is no reason of its own.
  const listening = new Promise<never>((_, reject) => {
    stop.signal.addEventListener("abort", () => reject(new Error("stopped")));
  });
  const result = withTimeLimit(listening, { ms: 1, late, stop, clock });
  clock.wake();
  await expect(result).rejects.toThrow("too late");
  expect(stop.signal.aborted).toBe(true);
});

test("work that does not listen costs its time limit and no more", async () => {
  const clock = handClock();
  const result = withTimeLimit(never, { ms: 1, late, clock });
  clock.wake();
  await expect(result).rejects.toThrow("too late");
});

test("a limit that was kept leaves no timer behind", async () => {
  const clock = handClock();
  await withTimeLimit(Promise.resolve(7), { ms: 60_000, late, clock });
  expect(clock.sleeping()).toBe(false);
});
