import {
  type Check,
  demandsMore,
  type Expected,
  expectedChecks,
  type GitHubError,
  hasPassed,
  isPending,
  type KnownRules,
  onlyRequired,
  othersWithheld,
  type PullRequest,
  readOtherRules,
  readRequiredWorkflows,
  withOthers,
  withPossibleWorkflows,
  withWorkflows,
  workflowsWithheld,
} from "../../../../src/github.ts";
import type { LookContext } from "../../../../src/plugin.ts";

/** Checks and other conditions that the base branch demands of a commit. */
export interface Demanded {
  readonly expected: Expected;
  /** The error when this login may not read the state of a rule. */
  readonly withheld: GitHubError | null;
}

/** What decides which questions are asked. `now` in ms, by GitHub's clock. */
interface Asked {
  readonly rules: KnownRules;
  readonly sha: string;
  readonly mergeable: boolean;
  readonly now: number;
}

/**
 * Reads the checks that decide, and the workflows, deployments and code scanning results that rules demand. Asks for the latter two
 * only when everything else has passed.
 */
export async function whatIsDemanded(
  context: LookContext,
  pull: PullRequest,
  checks: readonly Check[],
  asked: Asked,
): Promise<Demanded> {
  const { rules, mergeable } = asked;
  const ofChecks = expectedChecks(checks, rules, { mergeable });
  if (pull.state !== "OPEN") return { expected: ofChecks, withheld: null };
  const { known, hidden } = await withItsWorkflows(ofChecks, context, asked);
  const expected = demandsMore(rules.others) ? onlyRequired(known) : known;
  const passed = expected.deciding.every(({ state }) => hasPassed(state));
  const unreported = expected.missing.length > 0;
  // Where nothing goes on that may bring what is missing, a rule that failed is the truer word.
  const over = checks.length > 0 && !checks.some(({ state }) => isPending(state));
  if (!passed || (unreported && !over)) return { expected, withheld: null };
  if (hidden && !unreported) return { expected, withheld: workflowsWithheld() };
  if (!demandsMore(rules.others)) return { expected, withheld: null };
  // Just after a push, GitHub's merge state may be about the earlier head.
  const judged = mergeable ? pull : { ...pull, mergeState: "UNKNOWN" };
  const others = await readOtherRules(context.github, context.pin.repo ?? "", judged, rules.others, checks);
  return { expected: withOthers(expected, others, checks), withheld: unreported ? null : othersWithheld(others) };
}

/** Adds the runs of required workflows; `hidden`: this login may not read them, and GitHub does not say that they have passed. */
async function withItsWorkflows(
  expected: Expected,
  { github, pin }: LookContext,
  { rules, sha, mergeable, now }: Asked,
): Promise<{ readonly known: Expected; readonly hidden: boolean }> {
  const workflows = await readRequiredWorkflows(github, pin.repo ?? "", sha, rules.others);
  if (workflows) return { known: withWorkflows(expected, workflows), hidden: false };
  return { known: mergeable ? expected : withPossibleWorkflows(expected, now), hidden: !mergeable };
}
