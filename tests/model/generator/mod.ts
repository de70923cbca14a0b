import { Random } from "../random.ts";
import type { PrWorld } from "../world.ts";
import { baseWorld } from "./base.ts";
import { forkFeatures } from "./identity.ts";
import { peopleFeatures } from "./people.ts";
import { ruleFeatures } from "./rules.ts";
import { runFeatures } from "./runs.ts";
import { troubleFeatures } from "./trouble.ts";

/** Changes a world so that something is mixed in; false when it does not fit this one. */
export type Feature = (world: PrWorld, random: Random) => boolean;

const FEATURES: Record<string, Feature> = {
  ...runFeatures,
  ...ruleFeatures,
  ...peopleFeatures,
  ...forkFeatures,
  ...troubleFeatures,
};

/** A random pull request. The same seed gives the same one. */
export function generate(seed: number): PrWorld {
  const random = new Random(seed);
  let world = baseWorld(seed, random);
  const names = Object.keys(FEATURES);
  const wanted = random.weighted([
    [0, 15],
    [1, 40],
    [2, 30],
    [3, 15],
  ] as const);
  for (let tries = 0; world.features.length < wanted && tries < 20; tries += 1) {
    const name = random.pick(names);
    // One that does not fit may have changed something before it was seen not to.
    const changed = structuredClone(world);
    // What was queued has passed: nothing of it is changed any more.
    if (world.pull.queue && (name in runFeatures || name in ruleFeatures || name in peopleFeatures)) continue;
    if (world.features.includes(name) || !FEATURES[name]?.(changed, random)) continue;
    changed.features.push(name);
    world = changed;
  }
  // A job that GitHub refuses to start ends where it would have started, whatever a later feature planned.
  for (const job of world.runs.flatMap(({ jobs }) => jobs)) {
    if (job.refused) Object.assign(job, { starts: job.appears + 2, ends: job.appears + 2 });
  }
  world.runs.sort((a, b) => a.created - b.created);
  for (const list of [world.pull.mergeable, world.pull.draft, world.pull.ends]) list.sort(([a], [b]) => a - b);
  world.pull.reviews.sort((a, b) => a.at - b.at);
  world.features.sort();
  world.asked.until = lastEvent(world) + 30 * 60;
  return world;
}

/** The last planned instant, as far as it is planned in absolute time. */
function lastEvent(world: PrWorld): number {
  const { pull, runs, statuses, checks, heads, asked, rules, trouble } = world;
  const ofRuns = runs.flatMap((run) => [
    run.created + longest(run),
    ...run.reruns.map(({ at }, index) => at + Math.max(...run.jobs.map((job) => job.again[index]?.ends ?? 5))),
  ]);
  const inGroups = runs.filter((run) => run.group).reduce((sum, run) => sum + longest(run), 0);
  const times = [
    asked.start,
    ...heads.map(({ at }) => at),
    ...ofRuns.map((at) => at + inGroups),
    ...statuses.flatMap(({ states }) => states.map(([at]) => at)),
    ...checks.map(({ appears, starts, ends }) => Math.max(appears, starts ?? 0, ends ?? 0)),
    ...[pull.mergeable, pull.draft, pull.ends].flat().map(([at]) => at),
    ...(pull.queue ? [pull.queue.groupEnds, pull.queue.leaves?.[0] ?? 0, pull.queue.unmergeable ?? 0] : []),
    ...rules.flatMap((rule) => [...rule.scans, ...rule.deployments].map(({ at }) => at ?? 0)),
    ...trouble.holes.map(({ from, to }) => to ?? from),
    ...trouble.faults.map(({ from, pause, times }) => from + pause * times),
  ];
  return Math.max(...times);
}

function longest(run: PrWorld["runs"][number]): number {
  const ends = run.jobs.map(({ appears, starts, ends: end, environment }) => {
    const released = environment ? appears + (environment.released ?? 0) : 0;
    return released + Math.max(appears, starts ?? 0, end ?? 0);
  });
  return Math.max(0, run.approved ?? 0) + Math.max(0, ...ends);
}
