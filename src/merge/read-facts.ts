import type { CheckState } from "../github/checks.ts";
import type { GitHub } from "../github/client.ts";
import type { Check, PullRequest } from "../github/pull-request.ts";
import { readPullRequest } from "../github/read-pull-request.ts";
import { completeRules, expectedChecks, type KnownRules } from "./expected-checks.ts";
import type { MergeFacts, RequiredCheck, RequiredState } from "./facts.ts";
import { latestChecks } from "./latest-checks.ts";
import { readReviews } from "./read-reviews.ts";

/**
 * Reads all that the verdict needs, of the pull request's head. One request when `expectedHead` is that head (a watch knows
 * it), else two; more only for pages, and for rules that GraphQL does not show.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readMergeFacts(
  github: GitHub,
  repo: string,
  number: number,
  expectedHead?: string | null,
): Promise<MergeFacts> {
  const [first, reviews] = await Promise.all([
    readPullRequest(github, repo, { number, sha: expectedHead }),
    readReviews(github, repo, number),
  ]);
  const pull =
    first.commit?.sha === first.head
      ? first
      : await readPullRequest(github, repo, { number, id: first.id, sha: first.head });
  const rules = await completeRules(github, repo, pull.base, pull.rules);
  return {
    ...reviews,
    repo,
    pr: number,
    url: pull.url,
    title: pull.title,
    head: pull.head,
    base: pull.base,
    state: pull.state,
    draft: pull.draft,
    mergeState: pull.mergeState,
    mergeable: pull.mergeable,
    reviewDecision: pull.reviewDecision,
    queue: pull.queue && { state: pull.queue.state, position: pull.queue.position ?? 0 },
    ...checkFacts(pull, rules),
  };
}

function checkFacts(
  { commit, head }: PullRequest,
  rules: KnownRules,
): Pick<MergeFacts, "required" | "shadowed" | "optionalRed"> {
  // A head that moved between two requests, or that GitHub does not have yet: its checks are not known.
  if (commit === null || commit.sha !== head) return { required: null, shadowed: [], optionalRed: [] };
  const latest = latestChecks(commit.checks);
  const { requiredKnown, deciding, optional, missing } = expectedChecks(latest, rules);
  const decidingNames = new Set(deciding.map(({ name }) => name));
  const replaced = commit.checks.filter((check) => !latest.includes(check) && decidingNames.has(check.name));
  return {
    required: requiredKnown
      ? [...deciding.map(required), ...missing.map(({ name }) => ({ name, state: "missing" as const }))]
      : [],
    shadowed: requiredKnown ? redNames(replaced) : [],
    optionalRed: redNames(requiredKnown ? optional : latest),
  };
}

function redNames(checks: readonly Check[]): string[] {
  return [
    ...new Set(checks.filter(({ state }) => state === "failed" || state === "cancelled").map(({ name }) => name)),
  ];
}

function required({ name, state, raw }: Check): RequiredCheck {
  return { name, state: STATES[state], detail: raw.split("/").at(-1) };
}

const STATES: Readonly<Record<CheckState, RequiredState>> = {
  succeeded: "passed",
  neutral: "passed",
  skipped: "passed",
  queued: "pending",
  running: "pending",
  failed: "failed",
  cancelled: "failed",
  blocked: "blocked",
  unknown: "unknown",
};
