// needs: time, gh
import { expect, test, vi } from "vitest";
import { driveThrough } from "../../../bench/lib/drive-time.ts";
import { mean, normal, seeded } from "../../../bench/lib/numbers.ts";

vi.setConfig({ testTimeout: 300_000 });
const random = seeded(11);
const runs = (count: number) => Array.from({ length: count }, () => normal(random, 600, 30));

test("beside the watch of the checks, the watch of the reviews costs at most 15 % more points in a run of ten minutes", async () => {
  for (const history of [runs(5), []]) {
    const [alone, both] = [[], []] as number[][];
    for (let run = 0; run < 10; run += 1) {
      const plan = { durations: runs(1), history, random };
      alone!.push((await driveThrough(plan)).points);
      both!.push((await driveThrough({ ...plan, reviews: true })).points);
    }
    expect(mean(both!)).toBeLessThanOrEqual(1.15 * mean(alone!));
  }
});
