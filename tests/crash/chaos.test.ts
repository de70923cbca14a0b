// needs: gh
import { expect, test } from "vitest";
import { runChaos } from "./chaos/run.ts";
import { blows } from "./chaos/trouble.ts";

/** `P9_CHAOS_SEED=<n>` repeats a run; `npm run soak -- chaos` is the whole of it. */
const seed = Number(process.env.P9_CHAOS_SEED ?? Date.now() % 1_000_000);
const size = process.env.P9_SOAK ? { waits: 50, seconds: 120 } : { waits: 10, seconds: 12 };

test("watches of mixed kinds have one true ending each, through kills, stops, a lost network and a full disk", {
  timeout: 600_000,
}, async () => {
  const { faults, left, damage } = await runChaos({ seed, ...size, say: console.log });
  expect(faults, `repeat with P9_CHAOS_SEED=${seed}`).toEqual([]);
  expect(left).toEqual([]);
  expect(blows(damage)).toBeGreaterThan(0);
});
