import { causeWords } from "../github/actions/cause.ts";
import type { GitHub } from "../github/client.ts";
import type { Check, PullRequest } from "../github/pull-request.ts";
import { readPullRequest } from "../github/read-pull-request.ts";
import { type CountingChecks, countingChecks } from "./counting-checks.ts";
import { completeRules, expectedChecks, type KnownRules } from "./expected-checks.ts";
import { type MergeFacts, REQUIRED_STATES, type RequiredCheck } from "./facts.ts";
import { saysMergeable } from "./merge-state.ts";
import { readReviews } from "./read-reviews.ts";
import { readOtherRules } from "./rules/others.ts";
import { type RequiredWorkflows, readRequiredWorkflows } from "./rules/workflows.ts";

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
  const [first, reviews] = await Promise.all([
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
  const others = await readOtherRules(github, repo, pull, rules.others, counting.checks);
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
    ...checkFacts(pull, rules, counting),
    rules: rules.others,
    workflows: workflowFacts(workflows, rules),
    ...others,
  };
}

function workflowFacts(found: RequiredWorkflows | null, { others }: KnownRules): MergeFacts["workflows"] {
  if (found === null) return others.workflows.length > 0 ? null : [];
  return [...found.runs.map(required), ...found.missing.map((name) => ({ name, state: "missing" as const }))];
}

function checkFacts(
  pull: PullRequest,
  rules: KnownRules,
  { checks: latest }: CountingChecks,
): Pick<MergeFacts, "required" | "shadowed" | "optionalRed"> {
  const { commit, head } = pull;
  // The head moved between two requests, so its checks are not known.
  if (commit === null || commit.sha !== head) return { required: null, shadowed: [], optionalRed: [] };
  const { requiredKnown, deciding, optional, missing } = expectedChecks(latest, rules, {
    mergeable: saysMergeable(pull),
  });
  const decidingNames = new Set(deciding.map(({ name }) => name));
  const counting = new Set(latest.map(identity));
  const replaced = commit.checks.filter((check) => !counting.has(identity(check)) && decidingNames.has(check.name));
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

function identity({ kind, id, suite, name }: Check): string {
  return JSON.stringify([kind, id, suite, name]);
}

function required({ name, state, raw, cause }: Check): RequiredCheck {
  return { name, state: REQUIRED_STATES[state], detail: cause ? causeWords(cause) : raw.split("/").at(-1) };
}
