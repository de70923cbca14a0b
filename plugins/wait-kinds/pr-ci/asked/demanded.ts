import {
  type Check,
  demandsMore,
  type Expected,
  expectedChecks,
  type GitHubError,
  hasPassed,
  type KnownRules,
  onlyRequired,
  othersWithheld,
  type PullRequest,
  readOtherRules,
  readRequiredWorkflows,
  withOthers,
  withWorkflows,
} from "../../../../src/github.ts";
import type { LookContext } from "../../../../src/plugin.ts";

/** Everything that the base demands of the commit. */
export interface Demanded {
  readonly expected: Expected;
  /** The error where this login may not read how a rule stands. */
  readonly withheld: GitHubError | null;
}

/**
 * The checks that decide, and beside them the workflows, deployments and results of code scanning that rules demand. The latter two are asked
 * for only when nothing else stands in the way.
 */
export async function whatIsDemanded(
  { github, pin }: LookContext,
  pull: PullRequest,
  checks: readonly Check[],
  { rules, sha, mergeable }: { readonly rules: KnownRules; readonly sha: string; readonly mergeable: boolean },
): Promise<Demanded> {
  const repo = pin.repo ?? "";
  const ofChecks = expectedChecks(checks, rules);
  if (pull.state !== "OPEN") return { expected: ofChecks, withheld: null };
  const workflows = await readRequiredWorkflows(github, repo, sha, rules.others);
  const known = withWorkflows(ofChecks, workflows ?? { runs: [], missing: [] });
  if (!demandsMore(rules.others)) return { expected: known, withheld: null };
  const expected = onlyRequired(known);
  const done = expected.missing.length === 0 && expected.deciding.every(({ state }) => hasPassed(state));
  if (!done) return { expected, withheld: null };
  // What GitHub says of a head that was just pushed may be about the one before.
  const judged = mergeable ? pull : { ...pull, mergeState: "UNKNOWN" };
  const others = await readOtherRules(github, repo, judged, rules.others, checks);
  return { expected: withOthers(expected, others, checks), withheld: othersWithheld(others) };
}
