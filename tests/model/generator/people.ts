import type { Random } from "../random.ts";
import type { PrWorld } from "../world.ts";
import { randomRule, randomRun } from "./base.ts";
import type { Feature } from "./mod.ts";

/** Reviews and threads; people who may push, and others. */
const reviews: Feature = (world, random) => {
  if (random.chance(0.5)) {
    const rule = world.rules[0] ?? randomRule(world, random);
    if (world.rules.length === 0) world.rules.push(rule);
    rule.approvals = random.int(1, 2);
    rule.conversations = random.chance(0.4);
  }
  for (let count = random.int(1, 4); count > 0; count -= 1) {
    world.pull.reviews.push({
      at: random.int(0, 60),
      author: random.pick(["ann", "bob", "cid"]),
      state: random.pick(["APPROVED", "APPROVED", "CHANGES_REQUESTED", "COMMENTED"]),
      canWrite: random.chance(0.7),
    });
  }
  // Whether somebody may push does not change from review to review.
  for (const review of world.pull.reviews) {
    review.canWrite = world.pull.reviews.find(({ author }) => author === review.author)?.canWrite ?? true;
  }
  world.pull.reviews.sort((a, b) => a.at - b.at);
  if (random.chance(0.5)) world.pull.threads.push([random.int(0, 30), random.chance(0.6) ? random.int(40, 300) : null]);
  return true;
};

/** It conflicts with its base: GitHub starts no run of `pull_request` then. */
const conflict: Feature = (world, random) => {
  if (random.chance(0.5)) {
    world.pull.mergeable.push([0, "CONFLICTING"]);
    const left = world.runs.filter((run) => run.event !== "pull_request");
    world.runs.splice(0, world.runs.length, ...left);
  } else {
    world.pull.mergeable.push([random.int(5, 200), "CONFLICTING"]);
  }
  if (random.chance(0.3)) world.pull.mergeable.push([random.int(250, 500), "MERGEABLE"]);
  return true;
};

/** GitHub does not know yet whether it can be merged. */
const mergeabilityUnknown: Feature = (world, random) => {
  world.pull.mergeable.push([0, "UNKNOWN"], [random.int(10, 100), "MERGEABLE"]);
  return true;
};

/** Somebody merges, closes or reopens it. */
const ends: Feature = (world, random) => {
  const at = random.int(5, 400);
  const how = random.pick(["merge", "close"] as const);
  world.pull.ends.push([at, how]);
  if (how === "close" && random.chance(0.5)) world.pull.ends.push([at + random.int(10, 200), "reopen"]);
  return true;
};

/** A merge queue, and how it ends there. */
const queue: Feature = (world, random) => {
  if (world.pull.ends.length > 0 || world.pull.mergeable.some(([, value]) => value !== "MERGEABLE")) return false;
  const enqueued = random.int(5, 300);
  const groupEnds = enqueued + random.int(60, 400);
  const how = random.pick(["failed_checks", "failed_checks", "merged", "manual", null] as const);
  world.pull.queue = {
    enqueued,
    groupEnds,
    leaves:
      how === null ? null : [how === "manual" ? enqueued + random.int(10, 100) : groupEnds + random.int(1, 20), how],
    unmergeable: how === null && random.chance(0.5) ? groupEnds + 5 : null,
  };
  leaveWithPush(world);
  if (
    !world.actionsEnabled ||
    world.rules.some((rule) => rule.scans.length + rule.deployments.length + rule.workflows.length > 0)
  )
    return false;
  // What is queued has passed: its own checks, the required ones, the rules.
  for (const run of world.runs) {
    run.created = Math.min(run.created, 3);
    for (const job of run.jobs) {
      if (run.group || run.approved !== undefined || job.environment || job.refused) return false;
      Object.assign(job, { appears: 0, starts: 0, ends: random.int(1, 3), conclusion: "SUCCESS" });
    }
  }
  const names = world.runs.filter((run) => !run.broken).flatMap((run) => run.jobs.map(({ name }) => name));
  for (const rule of world.rules) {
    rule.required = rule.required.filter(({ context, app }) => names.includes(context) && app === null);
  }
  world.asked.start = Math.max(world.asked.start, 8);
  return world.runs.every((run) => run.reruns.length === 0 && run.cancelled === undefined);
};

/** A push takes a pull request out of the queue: the documentation does not say which head a later removal would be about. */
function leaveWithPush({ heads, pull }: PrWorld): void {
  const { queue } = pull;
  const pushed = heads.find(({ at }) => queue && at > queue.enqueued && at <= (queue.leaves?.[0] ?? Infinity));
  if (queue && pushed) pull.queue = { ...queue, leaves: [pushed.at, "manual"], unmergeable: null };
}

/** A push in mid-watch, whose old head GitHub goes on showing for some seconds. */
const newHead: Feature = (world, random) => push(world, random, random.int(10, 300));

/** A hook told of the push that was just made, of a pull request whose earlier head is green. */
const told: Feature = (world, random) => {
  if (world.asked.by !== "number" || world.heads.length > 1) return false;
  const at = random.int(400, 900);
  if (!push(world, random, at)) return false;
  world.asked.by = "push";
  world.asked.start = at + random.int(0, 3);
  return true;
};

function push(world: PrWorld, random: Random, at: number): boolean {
  if (
    world.heads.length > 1 ||
    world.pull.queue ||
    world.rules.some((rule) => rule.scans.length + rule.deployments.length > 0)
  )
    return false;
  if (!world.actionsEnabled || world.heads[0]?.message) return false;
  const lag = random.chance(0.6) ? random.int(1, 20) : 0;
  world.heads.push({
    at,
    label: `second of ${world.seed}`,
    force: random.chance(0.3),
    message: null,
    lag,
    checksLag: random.int(0, 8),
  });
  const cancels = random.chance(0.5);
  for (const run of world.runs.filter(({ head }) => head === 0)) {
    const next = randomRun(random, 1, run.workflow, at + random.int(1, 12));
    next.event = run.event;
    if (!run.group && run.reruns.length === 0 && cancels) {
      const group = { name: `${run.workflow}-42`, cancelInProgress: true };
      if (world.runs.filter((one) => one.workflow === run.workflow).length === 1) {
        run.group = group;
        next.group = group;
      }
    }
    world.runs.push(next);
  }
  return true;
}

/** All of these concern what people do to it. */
export const peopleFeatures: Record<string, Feature> = {
  reviews,
  conflict,
  mergeabilityUnknown,
  ends,
  queue,
  newHead,
  told,
};
