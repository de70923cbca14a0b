import type { PrWorld, RunSpec } from "../world.ts";
import type { HeadState } from "./counting.ts";
import { type Report, runAt } from "./reports.ts";
import type { Span } from "./runs.ts";

/** How a rule beyond status checks stands. */
export interface RuleState {
  readonly what: string;
  readonly state: "met" | "pending" | "failed" | "missing" | "approval" | "cancelled";
}

/**
 * Required workflows, results of code scanning, and deployments of the last head.
 *
 * Source: docs.github.com, "Available rules for rulesets": "Require workflows to pass before merging", "Require code scanning results"
 * (a required tool that found an alert, that still analyses, or that is not configured blocks), "Require deployments to succeed before
 * merging". They belong to the one commit, as required checks do.
 */
export function rulesAt(world: PrWorld, spans: Map<RunSpec, Span>, head: number, t: number): RuleState[] {
  return world.rules.flatMap((rule) => [
    ...rule.workflows.map((name) => ({ what: `workflow ${name}`, state: workflowState(world, spans, head, name, t) })),
    ...rule.scans.map(({ tool, at, alerts }): RuleState => {
      const last = head === world.heads.length - 1;
      const there = last && at !== null && t >= at;
      return { what: `results of ${tool}`, state: !there ? "missing" : alerts ? "failed" : "met" };
    }),
    ...rule.deployments.map(({ environment, at }): RuleState => {
      const last = head === world.heads.length - 1;
      return { what: `deployment to ${environment}`, state: last && at !== null && t >= at ? "met" : "missing" };
    }),
  ]);
}

/** The newest run of that workflow and each event decides. */
function workflowState(
  world: PrWorld,
  spans: Map<RunSpec, Span>,
  head: number,
  name: string,
  t: number,
): RuleState["state"] {
  const runs = world.runs
    .filter((run) => run.head === head && run.workflow === name)
    .flatMap((run) => runAt(run, spans.get(run) ?? { start: null, stopped: null, by: null }, t) ?? []);
  if (runs.length === 0) return "missing";
  if (runs.some(({ ended, reports }) => !ended && !reports.some(({ state }) => state === "approval"))) return "pending";
  const newest = new Map(runs.map((state) => [state.run.event, state]));
  const reports = [...newest.values()].flatMap((state) => state.reports);
  const has = (state: Report["state"]) => reports.some((report) => report.state === state);
  if (has("failed") || has("refused")) return "failed";
  if (has("approval")) return "approval";
  if (has("cancelled")) return "cancelled";
  return "met";
}

/** Whether a report belongs to one of the workflows that a rule demands: to its newest run, or to one that goes on. */
export function isOfRequiredWorkflow(world: PrWorld, { run }: Report, { all }: HeadState): boolean {
  if (run === null || !world.rules.some((rule) => rule.workflows.includes(run.workflow))) return false;
  const isSame = (other: RunSpec) => other.workflow === run.workflow && other.event === run.event;
  const isReplaced = all.some((other) => other.run !== null && isSame(other.run) && other.run.created > run.created);
  return (
    !isReplaced || all.some((other) => other.run === run && ["queued", "running", "waiting"].includes(other.state))
  );
}

/** Whether nothing at all reports on the head. */
export function isEmpty({ all }: HeadState): boolean {
  return all.length === 0;
}
