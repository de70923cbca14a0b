// What watching pull requests costs at GitHub, and how soon the verdict is there: a driver on a clock of its own, 10-minute CI
// runs (600 s ± 30 s), points counted by GitHub's published formula. `gh pr checks --watch` beside it, in real time.
import { driveThrough } from "./lib/drive-time.ts";
import { ghWatchCost } from "./lib/gh-watch.ts";
import { mean, normal, percentile, seeded } from "./lib/numbers.ts";

const random = seeded(1);
const runs = (count: number) => Array.from({ length: count }, () => normal(random, 600, 30));
const full = !process.argv.includes("--short");

/** Name, pull requests in the driver, whether earlier runs are known, repetitions, target in points. */
const rows: [string, number, boolean, number, number][] = [
  ["one pull request, five earlier runs known", 1, true, full ? 200 : 20, 60],
  ["one pull request, nothing known", 1, false, full ? 50 : 10, 60],
  ["20 in one driver, five earlier runs known", 20, true, full ? 10 : 2, 160],
];

console.log("GitHub points for one 10-minute CI run, and seconds from its end at the server to the verdict in the log");
for (const [name, pulls, known, times, target] of rows) {
  const measured = [];
  for (let time = 0; time < times; time += 1) {
    measured.push(await driveThrough({ durations: runs(pulls), history: known ? runs(5) : [], random }));
  }
  const points = measured.map((one) => one.points);
  const latencies = measured.flatMap((one) => one.latencies);
  const show = (value: number) => value.toFixed(1).padStart(5);
  const seconds = `latency mean ${show(mean(latencies))} p95 ${show(percentile(latencies, 0.95))} max ${show(Math.max(...latencies))} s`;
  console.log(
    `${name.padEnd(44)} points mean ${show(mean(points))} max ${show(Math.max(...points))} (target ${target})  ${seconds}  n=${latencies.length}`,
  );
}
const gh = await ghWatchCost(full ? 12 : 5);
console.log(
  `${"gh pr checks --watch, one pull request".padEnd(44)} points ${gh.perLook.toFixed(2)} a look: ${Math.round(gh.perLook * 60)} in ten minutes at its default interval of 10 s`,
);
process.exit(0);
