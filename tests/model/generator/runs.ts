import type { Random } from "../random.ts";
import type { JobSpec, PrWorld, RunSpec } from "../world.ts";
import { randomJob, randomRun } from "./base.ts";
import type { Feature } from "./mod.ts";

/** Any run that other features left as it was. */
function plainRun(world: PrWorld, random: Random): RunSpec | null {
  const free = world.runs.filter(
    (run) =>
      !run.group && !run.broken && run.approved === undefined && run.cancelled === undefined && run.reruns.length === 0,
  );
  return free.length > 0 ? random.pick(free) : null;
}

/** The same workflow once more, with some of its jobs and perhaps others. */
function again(run: RunSpec, created: number, random: Random): RunSpec {
  const kept = random.some(run.jobs, 0.6).map(({ name }) => randomJob(random, name));
  const jobs = kept.length > 0 ? kept : [randomJob(random, "label")];
  for (const job of jobs) {
    if (!random.chance(0.2)) continue;
    Object.assign(job, { starts: job.appears, ends: job.appears, conclusion: "SKIPPED" });
  }
  return {
    head: run.head,
    workflow: run.workflow,
    event: run.event,
    created,
    jobs,
    group: null,
    reruns: [],
    broken: false,
  };
}

const passing = (random: Random, name: string): JobSpec => ({
  name,
  appears: 0,
  starts: 0,
  ends: random.int(20, 200),
  conclusion: "SUCCESS",
  again: [],
});

/** Runs of one workflow side by side (labels, reopenings), without a concurrency group. */
const secondRun: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  world.runs.push(again(run, run.created + random.int(2, 240), random));
  if (random.chance(0.3)) for (const job of run.jobs) job.ends = (job.starts ?? 0) + random.int(200, 700);
  return true;
};

/** Runs of one concurrency group. */
const group: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  const of = { name: `${run.workflow}-42`, cancelInProgress: random.chance(0.5) };
  run.group = of;
  for (let more = random.int(1, 2), at = run.created; more > 0; more -= 1) {
    at += random.int(3, 120);
    const next = again(run, at, random);
    next.group = random.chance(0.1) ? { ...of, name: of.name.toUpperCase() } : of;
    // The run that takes over is the same workflow: it has the same jobs.
    if (random.chance(0.8)) next.jobs = run.jobs.map(({ name }) => randomJob(random, name));
    world.runs.push(next);
  }
  return true;
};

/** A run that waits for another head's or another pull request's: pending for long. */
const longPending: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  const of = { name: "deploy", cancelInProgress: false };
  const blocker = randomRun(random, run.head, "Deploy", Math.max(0, run.created - 1));
  blocker.jobs = [{ ...passing(random, "deploy"), ends: random.int(600, 1500) }];
  blocker.event = "pull_request_target";
  blocker.group = of;
  run.group = of;
  world.runs.push(blocker);
  return true;
};

const personCancels: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  // What has ended cannot be cancelled. (docs, REST "Cancel a workflow run": 409)
  const end = Math.max(0, ...run.jobs.map(({ starts, ends }) => (starts === null ? 0 : (ends ?? 1_000))));
  if (end < 7) return false;
  run.cancelled = random.int(5, Math.min(100, end - 2));
  if (random.chance(0.5)) world.runs.push(again(run, run.created + run.cancelled + random.int(5, 200), random));
  return true;
};

/** A job fails and is run again after the end of the run. */
const rerun: Feature = (world, random) => {
  const run = plainRun(world, random);
  const job = run?.jobs[0];
  if (!run || !job || run.jobs.some(({ environment, refused, ends }) => environment || refused || ends === null))
    return false;
  job.conclusion = "FAILURE";
  job.starts ??= job.appears;
  job.ends = job.starts + random.int(5, 60);
  const end = run.created + Math.max(...run.jobs.map(({ ends }) => ends ?? 0));
  const which = random.chance(0.7) ? "failed" : "all";
  run.reruns.push({ at: end + random.int(1, 120), which });
  for (const one of run.jobs) {
    one.again.push({ ends: random.int(10, 200), conclusion: random.chance(0.75) ? "SUCCESS" : "FAILURE" });
  }
  return true;
};

/** Two jobs of one name in one run. */
const sameName: Feature = (world, random) => {
  const run = plainRun(world, random);
  const job = run?.jobs[0];
  if (!run || !job) return false;
  run.jobs.push(randomJob(random, job.name));
  return true;
};

/** The workflow runs on pushes too, with jobs of the same names. */
const pushTwin: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run || run.event === "push") return false;
  const twin = again(run, run.created + random.int(0, 5), random);
  world.runs.push({ ...twin, event: "push", jobs: run.jobs.map(({ name }) => randomJob(random, name)) });
  return true;
};

/** A job that waits for its environment. */
const environment: Feature = (world, random) => {
  const run = plainRun(world, random);
  const job = run?.jobs.find(({ conclusion, refused }) => conclusion !== "SKIPPED" && !refused);
  if (!job) return false;
  const by = random.pick(["timer", "rule", "reviewers"] as const);
  const released = by === "timer" ? random.int(1, 4) * 60 : random.chance(0.4) ? null : random.int(60, 400);
  job.environment = { name: random.pick(["staging", "prod"]), by, released };
  job.starts = random.int(0, 10);
  job.ends = job.starts + random.int(5, 100);
  return true;
};

/** A maintainer must let the runs of a first-time contributor start. */
const approval: Feature = (world, random) => {
  if (world.runs.some((run) => run.group || run.reruns.length > 0 || run.cancelled !== undefined)) return false;
  const approved = random.chance(0.5) ? null : random.int(60, 600);
  for (const run of world.runs) if (run.event === "pull_request") run.approved = approved;
  if (world.asked.by !== "branch") world.pull.fork ??= "me";
  return world.runs.some((run) => run.approved !== undefined);
};

/** GitHub refuses to start jobs: somebody has to pay. */
const refused: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  const kind = random.pick(["billing", "locked"] as const);
  for (const job of run.jobs)
    Object.assign(job, {
      refused: kind,
      environment: undefined,
      starts: job.appears + 2,
      ends: job.appears + 2,
      conclusion: "FAILURE",
    });
  return true;
};

const broken: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run) return false;
  run.broken = true;
  return true;
};

/** Nothing of Actions starts: the message says so, Actions is disabled, or the workflows do not fit the paths. */
const noRuns: Feature = (world, random) => {
  const [head] = world.heads;
  if (!head || world.features.some((name) => /hole|head|workflowRule|Refused/.test(name))) return false;
  const why = random.pick(["message", "disabled", "paths", "paths"]);
  if (why === "message") head.message = random.pick(["Fix [skip ci]", "[no ci] Fix", "Fix\n\n\nskip-checks: true\n"]);
  // Which the repository itself has no runs with then.
  if (why === "disabled") Object.assign(world, { actionsEnabled: false });
  world.runs.length = 0;
  if (random.chance(0.5)) world.statuses.length = 0;
  if (random.chance(0.5)) world.checks.length = 0;
  return true;
};

/** No runner takes the jobs, for long or for ever. */
const noRunner: Feature = (world, random) => {
  const late = random.chance(0.5) ? random.int(300, 1500) : null;
  const held = ({ environment, refused }: JobSpec) => environment !== undefined || refused !== undefined;
  if (world.runs.some((run) => run.group || run.reruns.length > 0 || run.jobs.some(held))) return false;
  for (const job of world.runs.flatMap((run) => run.jobs)) {
    if (job.conclusion === "SKIPPED") continue;
    job.starts = late;
    job.ends = late === null ? null : late + random.int(10, 200);
  }
  return true;
};

/** A matrix of more jobs than one page shows. */
const matrix: Feature = (world, random) => {
  const run = plainRun(world, random);
  if (!run || run.created > 60) return false;
  const size = random.int(101, 140);
  for (let job = 0; job < size; job += 1)
    run.jobs.push({ ...passing(random, `shard ${job}`), ends: random.int(5, 90) });
  return true;
};

/** A draft whose jobs all have a condition that is not met. */
const draft: Feature = (world, random) => {
  if (world.runs.some((run) => run.group || run.reruns.length > 0 || run.cancelled !== undefined)) return false;
  world.pull.draft.push([0, true]);
  if (random.chance(0.6)) {
    for (const job of world.runs.flatMap((run) => run.jobs)) {
      Object.assign(job, {
        starts: job.appears,
        ends: job.appears,
        conclusion: "SKIPPED",
        environment: undefined,
        refused: undefined,
      });
    }
  }
  return true;
};

/** All of these concern runs and their jobs. */
export const runFeatures: Record<string, Feature> = {
  secondRun,
  secondRunAgain: secondRun,
  group,
  groupAgain: group,
  longPending,
  personCancels,
  rerun,
  sameName,
  pushTwin,
  environment,
  environmentAgain: environment,
  approval,
  refused,
  broken,
  noRuns,
  noRunner,
  matrix,
  draft,
};
