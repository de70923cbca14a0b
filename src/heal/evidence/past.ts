import { oneLine } from "../../base/text.ts";
import { type Classification, classify } from "../classify/classify.ts";
import { unknownHosts } from "../classify/read/unknown-hosts.ts";
import type { Rule } from "../classify/rule.ts";
import type { BaseJobs } from "./fetch.ts";
import { type History, historyOf, type LedgerRow } from "./ledger.ts";

/** The failed jobs of a commit, with what is compared with earlier runs. */
export interface FailedJobs {
  readonly repo: string;
  readonly sha: string;
  readonly tree: string | null;
  /** Name of the base branch. */
  readonly base: string | null;
  /** Each with the signature of its failure. */
  readonly jobs: readonly { readonly job: string; readonly signature: string }[];
}

/** What earlier runs say about each failed job, by its name. */
export type Histories = ReadonlyMap<string, History>;

/** Reads the history of each failed job. `baseSha`: the commit of the base branch that was read just now. */
export function historiesOf(
  rows: readonly LedgerRow[],
  { jobs, ...failed }: FailedJobs,
  now: number,
  baseSha: string | null = null,
): Histories {
  // Of two jobs of one name the one that failed first counts.
  return new Map(jobs.toReversed().map((one) => [one.job, historyOf(rows, { ...failed, ...one, now, baseSha })]));
}

/** Whether every failing step is of a kind that passes by itself, or known to fail and pass on the same code. */
export function mayPass({ steps }: Classification, histories: Histories): boolean {
  return (
    steps.length > 0 &&
    steps.every(
      ({ step, judgement }) =>
        judgement.transient || (mayBeFlaky(judgement.type) && histories.get(step.job)?.flaky === true),
    )
  );
}

/** Whether tests that fail and pass on the same code show such failures. */
export function mayBeFlaky(type: string): boolean {
  return type === "test" || type === "timeout";
}

/**
 * What the base branch shows of these failures too, so that running the same again would meet it: the same failure of any of the jobs, or
 * a host that cannot be resolved there either. Null: nothing.
 */
export function alsoOnBase(
  found: Classification,
  root: string,
  histories: Histories,
  base: BaseJobs | null,
  rules: readonly Rule[] = [],
): History | null {
  for (const [job, history] of [...histories].toSorted(([a], [b]) => Number(b === root) - Number(a === root)))
    if (history.onBase)
      return job === root ? history : { ...history, answer: `${history.answer} ("${oneLine(job, 60)}")` };
  const hosts = hostsOf(found);
  if (base === null || hosts.size === 0) return null;
  const there = base.jobs.flatMap(({ log }) => (log === null ? [] : [...hostsOf(classify(log.text, rules))]));
  const host = there.find((name) => hosts.has(name));
  if (host === undefined) return null;
  const answer = `red on base since ${base.sha.slice(0, 7)} (${oneLine(host, 100)} is unknown there too)`;
  return { answer, flaky: false, onBase: true };
}

/** The hosts that the failing steps could not resolve. */
export function hostsOf({ steps }: Classification): ReadonlySet<string> {
  return unknownHosts(steps.flatMap(({ step }) => step.output.map(({ text }) => text)));
}
