// needs: time, gh
import { expect, test, vi } from "vitest";
import { driveThrough } from "../../../bench/lib/drive-time.ts";
import { mean, normal, percentile, seeded } from "../../../bench/lib/numbers.ts";

vi.setConfig({ testTimeout: 300_000 });
const random = seeded(7);
const runs = (count: number) => Array.from({ length: count }, () => normal(random, 600, 30));

test("twenty pull requests with history in one driver cost at most 160 points, and each verdict is there in seconds", async () => {
  const { points, latencies } = await driveThrough({ durations: runs(20), history: runs(5), random });
  expect(points).toBeLessThanOrEqual(160);
  expect(latencies).toHaveLength(20);
  expect(percentile(latencies, 0.9)).toBeLessThanOrEqual(4.05);
});

test("one pull request costs at most 60 points on average, with history and without", async () => {
  for (const history of [runs(5), []]) {
    const measured = [];
    for (let run = 0; run < 10; run += 1) measured.push(await driveThrough({ durations: runs(1), history, random }));
    expect(mean(measured.map((one) => one.points))).toBeLessThanOrEqual(60);
  }
});

test("without history a verdict comes within one interval", async () => {
  const { latencies } = await driveThrough({ durations: runs(3), history: [], random });
  expect(Math.max(...latencies)).toBeLessThanOrEqual(60 * 1.2 + 1);
});

test("through the real gh it costs the same", async () => {
  const plan = { durations: [120, 130], history: [100, 110, 120, 130, 140], random: () => 0.5 };
  const real = await driveThrough({ ...plan, realGh: true });
  expect(real.points).toBe((await driveThrough(plan)).points);
});
