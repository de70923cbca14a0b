import { expect, test } from "vitest";
import { runChaos } from "./chaos/run.ts";

/** `P9_CHAOS_SEED=<n>` repeats a run. */
const seed = Number(process.env.P9_CHAOS_SEED ?? Date.now() % 1_000_000);

test("watches of mixed kinds have one true ending each, through kills, stops, a lost network and a full disk", {
  timeout: 240_000,
}, async () => {
  const { faults, left, damage } = await runChaos({ seed, waits: 10, seconds: 15, say: console.log });
  expect(faults, `repeat with P9_CHAOS_SEED=${seed}`).toEqual([]);
  expect(left).toEqual([]);
  expect(damage.kills).toBeGreaterThan(0);
});
