import { fullName, splitRepo } from "../core/repo.ts";
import type { FieldProblem } from "./batch.ts";
import type { GitHub } from "./client.ts";
import { commitField, commitSelection, readCommit } from "./commit-checks.ts";
import { GitHubError } from "./errors.ts";
import type { BranchRules, PullRequest, RequiredCheck } from "./pull-request.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "./read.ts";

/** Which pull request, and the checks of which commit. */
export interface PullRequestQuestion {
  readonly number: number;
  /** Node id, when it is known already. */
  readonly id?: string;
  /** Full sha of the commit whose checks are wanted; without it, none are read. */
  readonly sha?: string | null;
}

const FIELDS = `id number title url state isDraft headRefOid headRefName baseRefName isCrossRepository mergeable mergeStateStatus
  reviewDecision headRepositoryOwner { login } headRepository { name }`;

/** What GitHub Enterprise servers may be too old for. */
const NEWER = "mergeQueueEntry { state position }";

const RULES = `baseRef {
  refUpdateRule { requiredStatusCheckContexts }
  branchProtectionRule { requiredStatusCheckContexts requiredStatusChecks { context app { databaseId } } }
  rules(first: 100) { nodes { parameters {
    ... on RequiredStatusChecksParameters { requiredStatusChecks { context integrationId } } } } } }`;

/**
 * Reads a pull request and, by its sha, everything that reports on one commit: one request, more only beyond a hundred
 * contexts.
 *
 * @throws {GitHubError} `not-found` when there is no such pull request, `forbidden` when the token may not read checks.
 */
export async function readPullRequest(
  github: GitHub,
  repo: string,
  question: PullRequestQuestion,
): Promise<PullRequest> {
  const { number, sha } = question;
  const commit = sha ? commitField(sha, commitSelection(question)) : "";
  const ask = (more: string) =>
    github.repository(repo, `pullRequest(number: ${number}) { ${FIELDS} ${more} } ${commit}`);
  const answer = old.has(github) ? await ask("") : await ask(`${NEWER} ${RULES}`).catch(orOld(github, () => ask("")));
  const pull = readFields(at(answer.data, "pullRequest"), answer.problems, repo);
  if (!pull) throw new GitHubError("not-found", `${repo} has no pull request #${number}`, { lasting: true });
  if (!sha) return { ...pull, commit: null };
  const reading = readCommit(github, repo, answer, question);
  // Of a merged or closed pull request that is told, whatever else cannot be read.
  return { ...pull, commit: pull.state === "OPEN" ? await reading : await reading.catch(() => null) };
}

/** Clients whose server does not know the newer fields; rules are read over REST there. */
const old = new WeakSet<GitHub>();

function orOld<T>(github: GitHub, again: () => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    const unknownField = /doesn't exist on type|Cannot query field/;
    if (!(error instanceof GitHubError) || error.problem !== "refused" || !unknownField.test(error.message))
      throw error;
    old.add(github);
    return again();
  };
}

/** The open pull requests whose head branch has a name, and what tells mine from others'. */
export interface PullRequestsOfName {
  /** Newest first, those of forks too: {@link PullRequest.headRepo} tells whose each is. */
  readonly pulls: readonly PullRequest[];
  readonly defaultBranch: string | null;
  /** Full name of the repository that this one is a fork of. */
  readonly parent: string | null;
}

/** Names such as `main` and `patch-1` are common: so many pages of a hundred are read. */
const MAX_PAGES = 10;

/**
 * Open pull requests whose head branch is called `branch`.
 *
 * @throws {GitHubError} also when the list could not be read to its end: the one that is meant may be missing.
 */
export async function findPullRequests(github: GitHub, repo: string, branch: string): Promise<PullRequestsOfName> {
  const order = "orderBy: { field: CREATED_AT, direction: DESC }";
  const pulls: PullRequest[] = [];
  let after: string | null = null;
  let about: unknown = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const from: string = after === null ? "" : `, after: ${JSON.stringify(after)}`;
    const filter = `first: 100${from}, states: [OPEN], headRefName: ${JSON.stringify(branch)}, ${order}`;
    const more = `pullRequests(${filter}) { pageInfo { hasNextPage endCursor } nodes { ${FIELDS} } }`;
    const { data, problems } = await github.repository(repo, `${page === 0 ? ABOUT : ""} ${more}`);
    const list = at(data, "pullRequests", "nodes");
    if (!Array.isArray(list) || list.includes(null)) throw unreadList(repo, branch, problems);
    about ??= data;
    for (const node of list) {
      const pull = readFields(node, problems, repo);
      if (pull) pulls.push({ ...pull, commit: null });
    }
    after = textAt(data, "pullRequests", "pageInfo", "endCursor");
    if (!isTrueAt(data, "pullRequests", "pageInfo", "hasNextPage") || after === null) break;
  }
  const parent = textAt(about, "parent", "nameWithOwner");
  return {
    pulls,
    defaultBranch: textAt(about, "defaultBranchRef", "name"),
    parent: parent === null ? null : fullName(splitRepo(repo).host, parent),
  };
}

const ABOUT = "defaultBranchRef { name } parent { nameWithOwner }";

function unreadList(repo: string, branch: string, problems: readonly FieldProblem[]): GitHubError {
  const why = problems[0]?.message ?? "the list is not there";
  return new GitHubError("refused", `The pull requests of "${branch}" in ${repo} cannot be read: ${why}`);
}

function readFields(
  node: unknown,
  problems: readonly FieldProblem[],
  repo: string,
): Omit<PullRequest, "commit"> | null {
  const [number, head] = [numberAt(node, "number"), textAt(node, "headRefOid")];
  if (number === null || head === null) return null;
  const state = textAt(node, "state");
  return {
    id: textAt(node, "id") ?? "",
    number,
    title: textAt(node, "title") ?? "",
    url: textAt(node, "url") ?? "",
    state: state === "MERGED" || state === "CLOSED" ? state : "OPEN",
    draft: isTrueAt(node, "isDraft"),
    head,
    branch: textAt(node, "headRefName") ?? "",
    base: textAt(node, "baseRefName") ?? "",
    fork: isTrueAt(node, "isCrossRepository"),
    headRepo: headRepo(node, repo),
    mergeable: textAt(node, "mergeable") ?? "UNKNOWN",
    mergeState: textAt(node, "mergeStateStatus") ?? "UNKNOWN",
    reviewDecision: textAt(node, "reviewDecision"),
    queue: readQueue(at(node, "mergeQueueEntry")),
    rules: readRules(at(node, "baseRef"), problems),
  };
}

/** Null when the fork was deleted. */
function headRepo(node: unknown, repo: string): string | null {
  const [owner, name] = [textAt(node, "headRepositoryOwner", "login"), textAt(node, "headRepository", "name")];
  return owner === null || name === null ? null : fullName(splitRepo(repo).host, `${owner}/${name}`);
}

function readQueue(entry: unknown): PullRequest["queue"] {
  const state = textAt(entry, "state");
  return state === null ? null : { state, position: numberAt(entry, "position") };
}

function readRules(base: unknown, problems: readonly FieldProblem[]): BranchRules {
  const ruleset = listAt(base, "rules", "nodes").flatMap((node) => listAt(node, "parameters", "requiredStatusChecks"));
  const classic = listAt(base, "branchProtectionRule", "requiredStatusChecks");
  const required: RequiredCheck[] = [
    ...ruleset.map((item) => ({ name: textAt(item, "context") ?? "", appId: numberAt(item, "integrationId") })),
    ...classic.map((item) => ({ name: textAt(item, "context") ?? "", appId: numberAt(item, "app", "databaseId") })),
  ];
  for (const field of ["branchProtectionRule", "refUpdateRule"]) {
    for (const name of listAt(base, field, "requiredStatusCheckContexts")) {
      if (typeof name === "string" && !required.some((item) => item.name === name))
        required.push({ name, appId: null });
    }
  }
  const hidden = problems.some(({ path }) => path.includes("baseRef"));
  return {
    required: required.filter(({ name }) => name !== ""),
    rulesets: at(base, "rules") !== null,
    protection: !hidden && (at(base, "branchProtectionRule") !== null || at(base, "refUpdateRule") !== null),
  };
}
