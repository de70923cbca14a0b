import type { PrWorld, RunSpec } from "../world.ts";
import { type Span, timesOf } from "./runs.ts";

/** The instants at which something changes, in order: between two of them everything stands still. */
export function changesOf(world: PrWorld, spans: Map<RunSpec, Span>): number[] {
  const times = new Set<number>([0, world.asked.start]);
  const add = (...list: (number | null | undefined)[]) => {
    for (const at of list) if (typeof at === "number" && Number.isFinite(at)) times.add(at);
  };
  add(world.pull.appears);
  for (const { at, lag, checksLag } of world.heads) add(at, at + lag, at + checksLag);
  for (const list of [world.pull.mergeable, world.pull.draft, world.pull.ends]) for (const [at] of list) add(at);
  const { queue } = world.pull;
  if (queue) add(queue.enqueued, queue.groupEnds, queue.leaves?.[0], queue.unmergeable);
  for (const run of world.runs) addRun(run, spans.get(run), add);
  for (const { states } of world.statuses) for (const [at] of states) add(at);
  for (const { appears, starts, ends } of world.checks) add(appears, starts, ends);
  for (const rule of world.rules) for (const { at } of [...rule.scans, ...rule.deployments]) add(at);
  for (const { from, to } of world.trouble.holes) add(from, to);
  return [...times].sort((a, b) => a - b);
}

function addRun(run: RunSpec, span: Span | undefined, add: (...list: (number | null | undefined)[]) => void): void {
  add(run.created, span?.start, span?.stopped);
  if (run.approved !== undefined && run.approved !== null) add(run.created + run.approved);
  for (const job of run.jobs) {
    if (typeof span?.start === "number") {
      const { appears, released, starts, ends } = timesOf(job, span.start);
      add(appears, released, starts, ends);
    }
    for (const [index, { at }] of run.reruns.entries()) add(at, at + (job.again[index]?.ends ?? 5));
  }
}
