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

/** Checks and other conditions that the base branch demands of a commit. */
export interface Demanded {
  readonly expected: Expected;
  /** The error when this login may not read the state of a rule. */
  readonly withheld: GitHubError | null;
}

/**
 * Reads the checks that decide, and the workflows, deployments and code scanning results that rules demand. Asks for the latter two
 * only when everything else has passed.
 */
export async function whatIsDemanded(
  { github, pin }: LookContext,
  pull: PullRequest,
  checks: readonly Check[],
  { rules, sha, mergeable }: { readonly rules: KnownRules; readonly sha: string; readonly mergeable: boolean },
): Promise<Demanded> {
  const repo = pin.repo ?? "";
  const ofChecks = expectedChecks(checks, rules, { mergeable });
  if (pull.state !== "OPEN") return { expected: ofChecks, withheld: null };
  const workflows = await readRequiredWorkflows(github, repo, sha, rules.others);
  const known = withWorkflows(ofChecks, workflows ?? { runs: [], missing: [] });
  if (!demandsMore(rules.others)) return { expected: known, withheld: null };
  const expected = onlyRequired(known);
  const done = expected.missing.length === 0 && expected.deciding.every(({ state }) => hasPassed(state));
  if (!done) return { expected, withheld: null };
  // Just after a push, GitHub's merge state may be about the earlier head.
  const judged = mergeable ? pull : { ...pull, mergeState: "UNKNOWN" };
  const others = await readOtherRules(github, repo, judged, rules.others, checks);
  return { expected: withOthers(expected, others, checks), withheld: othersWithheld(others) };
}
