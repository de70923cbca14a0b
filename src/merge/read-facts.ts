import { causeWords } from "../github/actions/cause.ts";
import { hasPassed } from "../github/checks.ts";
import type { GitHub } from "../github/client.ts";
import type { Check, PullRequest } from "../github/pull-request.ts";
import { readPullRequest } from "../github/read-pull-request.ts";
import { type CountingChecks, countingChecks, runsWithheldError } from "./counting-checks.ts";
import { completeRules, type Expected, expectedChecks, type KnownRules } from "./expected-checks.ts";
import { type MergeFacts, type OptionalRed, REQUIRED_STATES, type RequiredCheck } from "./facts.ts";
import { saysMergeable } from "./merge-state.ts";
import { readCodeOwners } from "./owners/read-code-owners.ts";
import { isOfHead, type QueueRemoval, readQueueRemoval } from "./queue-removal.ts";
import { readReviews } from "./read-reviews.ts";
import { readSilence } from "./read-silence.ts";
import { readOtherRules } from "./rules/others.ts";
import { type RequiredWorkflows, readRequiredWorkflows, withWorkflows } from "./rules/workflows.ts";

/**
 * Reads the facts of the merge verdict for a pull request's head. One request when `expectedHead` is that head (a watch knows
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
  const [first, { isOwnerAsked, ...reviews }] = await Promise.all([
    readPullRequest(github, repo, { number, sha: expectedHead }),
    readReviews(github, repo, number),
  ]);
  const pull =
    first.commit?.sha === first.head
      ? first
      : await readPullRequest(github, repo, { number, id: first.id, sha: first.head });
  const rules = await completeRules(github, repo, pull.base, pull.rules);
  const counting = await countingChecks(github, repo, pull);
  if (counting.missing) throw counting.missing;
  const workflows = await readRequiredWorkflows(github, repo, pull.head, rules.others);
  const ofChecks = expectedChecks(counting.checks, rules, { mergeable: saysMergeable(pull) });
  const expected = withWorkflows(ofChecks, workflows ?? { runs: [], missing: [] });
  if (counting.runsWithheld && !expected.requiredKnown) throw runsWithheldError();
  const others = await readOtherRules(github, repo, pull, rules.others, counting.checks);
  const owners = isOwnerAsked ? null : await readCodeOwners(github, repo, pull, rules.others, reviews);
  return {
    ...reviews,
    owners,
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
    ...checkFacts(pull, ofChecks, counting),
    ...(await readSilence(github, repo, pull, expected, counting.checks.length)),
    removal: await readRemoval(github, repo, pull, { rules, expected }),
    rules: rules.others,
    workflows: workflowFacts(workflows, rules, pull),
    ...others,
  };
}

/** States of the required workflows; null: this login may not read their runs, and GitHub does not say that the head can be merged. */
function workflowFacts(
  found: RequiredWorkflows | null,
  { others }: KnownRules,
  pull: PullRequest,
): MergeFacts["workflows"] {
  if (found === null) {
    return saysMergeable(pull) ? others.workflows.map((name) => ({ name, state: "passed" as const })) : null;
  }
  return [...found.runs.map(required), ...found.missing.map((name) => ({ name, state: "missing" as const }))];
}

function checkFacts(
  { commit, head }: PullRequest,
  { requiredKnown, deciding, optional, missing }: Expected,
  { checks: latest }: CountingChecks,
): Pick<MergeFacts, "required" | "unrequired" | "shadowed" | "optionalRed"> {
  // The head moved between two requests, so its checks are not known.
  if (commit === null || commit.sha !== head) return { required: null, unrequired: [], shadowed: [], optionalRed: [] };
  const decidingNames = new Set(deciding.map(({ name }) => name));
  const counting = new Set(latest.map(identity));
  const replaced = commit.checks.filter((check) => !counting.has(identity(check)) && decidingNames.has(check.name));
  // A required check that is missing may belong to a run that has no jobs yet.
  const bare = missing.length > 0 ? latest.filter(({ kind }) => kind === "suite") : [];
  return {
    required: requiredKnown
      ? [...deciding.map(required), ...missing.map(({ name }) => ({ name, state: "missing" as const }))]
      : [],
    unrequired: (requiredKnown ? bare : deciding).map(required),
    shadowed: [...new Set(reds(replaced).map(({ name }) => name))],
    optionalRed: reds(optional).filter(({ name }) => !decidingNames.has(name)),
  };
}

/** Reads the removal of this head from the merge queue, once its checks have passed; null when there was none. */
async function readRemoval(
  github: GitHub,
  repo: string,
  pull: PullRequest,
  { rules, expected }: { readonly rules: KnownRules; readonly expected: Expected },
): Promise<QueueRemoval | null> {
  const hasQueue = pull.hasQueue || rules.others.queue;
  if (pull.state !== "OPEN" || pull.queue || !hasQueue) return null;
  if (!expected.deciding.every(({ state }) => hasPassed(state))) return null;
  const removal = await readQueueRemoval(github, repo, pull.number, pull.head);
  return removal && isOfHead(removal, expected.deciding) ? removal : null;
}

function reds(checks: readonly Check[]): OptionalRed[] {
  return checks.flatMap(({ name, state }) => (state === "failed" || state === "cancelled" ? [{ name, state }] : []));
}

function identity({ kind, id, suite, name }: Check): string {
  return JSON.stringify([kind, id, suite, name]);
}

function required({ kind, name, state, raw, cause }: Check): RequiredCheck {
  return {
    name,
    state: REQUIRED_STATES[state],
    detail: cause ? causeWords(cause) : raw.split("/").at(-1),
    ...(kind === "suite" ? { workflow: true } : {}),
    ...(cause?.is === "reviewer" ? { approvers: cause.reviewers } : {}),
  };
}
