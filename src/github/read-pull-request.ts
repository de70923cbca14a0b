import { fullName, parseRepo, sameRepo, splitRepo } from "../core/repo.ts";
import { PAGE_FIELDS, pageArguments, readConnection } from "./answer/connection.ts";
import { holeError, holeOf, isWithheld } from "./answer/hole.ts";
import { type FieldProblem, problemAt } from "./answer/problem.ts";
import { RULES, readRules } from "./branch-rules.ts";
import type { GitHub } from "./client.ts";
import { commitField, commitSelection, readCommit } from "./commit-checks.ts";
import { GitHubError } from "./errors.ts";
import type { PullRequest } from "./pull-request.ts";
import { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "./read.ts";

/** The pull request to read, and the commit whose checks are wanted. */
export interface PullRequestQuestion {
  readonly number: number;
  /** Node id, when it is known already. */
  readonly id?: string;
  /** Full sha of the commit whose checks are wanted; without it, none are read. */
  readonly sha?: string | null;
}

const FIELDS = `id number title url state createdAt isDraft headRefOid headRefName baseRefName isCrossRepository mergeable mergeStateStatus
  reviewDecision headRepositoryOwner { login } headRepository { name }`;

/** Fields that a GitHub Enterprise server may be too old for. */
const NEWER = "isMergeQueueEnabled mergeQueueEntry { state position }";

/**
 * Reads a pull request and all reports on one commit, by its sha. One request, more only beyond a hundred contexts.
 * `commit.missing` is the error for reports that could not be read.
 *
 * @throws {GitHubError} `not-found` when GitHub says that there is no such pull request, `forbidden` when it may not be read,
 * `partial` when a part of it is missing.
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
  const answer = oldServers.has(github)
    ? await ask("")
    : await ask(`${NEWER} ${RULES}`).catch(orOld(github, () => ask("")));
  const pull = readFields(at(answer.data, "pullRequest"), answer.problems, repo);
  if (!pull) throw absent(repo, number, answer.problems);
  if (pull.state === "OPEN") refuseHoles(number, answer.problems);
  if (!sha) return { ...pull, commit: null };
  const reading = readCommit(github, repo, answer, question);
  // A merged or closed pull request is reported even if its checks cannot be read.
  return { ...pull, commit: pull.state === "OPEN" ? await reading : await reading.catch(() => null) };
}

/** The error for an answer without the pull request: `not-found`, and `lasting`, when there is none. Only a NOT_FOUND without other messages means that there is none. */
export function absent(repo: string, number: number, problems: readonly FieldProblem[]): GitHubError {
  const what = `pull request #${number} of ${repo}`;
  const own = problems.filter((problem) => problemAt([problem], ["pullRequest"]) !== null);
  const other = own.find(({ type }) => type !== "NOT_FOUND");
  if (other) return holeError(holeOf(other), what, `a token that may read ${repo}`);
  if (own.length === 0) return new GitHubError("partial", `GitHub did not show ${what}, and did not say why`);
  return new GitHubError("not-found", `${repo} has no pull request #${number}`, { lasting: true });
}

/** Throws for a part that GitHub could not read now. Withheld parts stay unknown, and rules have a second source. */
function refuseHoles(number: number, problems: readonly FieldProblem[]): void {
  const ofRules = (inside: readonly (string | number)[]) => inside[0] === "baseRef";
  const passing = problems.filter((problem) => !isWithheld(holeOf(problem)));
  const problem = problemAt(passing, ["pullRequest"], ofRules);
  if (problem) throw holeError(holeOf(problem), `pull request #${number}`);
}

/** Clients whose server is too old for the newer fields; rules come from REST there. */
const oldServers = new WeakSet<GitHub>();

function orOld<T>(github: GitHub, again: () => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    if (!(error instanceof GitHubError) || error.problem !== "unknown-field") throw error;
    oldServers.add(github);
    return again();
  };
}

/** The open pull requests whose head branch has a given name, and facts to choose among them. */
export interface PullRequestsOfName {
  /** Newest first, including those of forks; see {@link PullRequest.headRepo}. */
  readonly pulls: readonly PullRequest[];
  readonly defaultBranch: string | null;
  /** Full name of the repository that this one is a fork of. */
  readonly parent: string | null;
}

const ABOUT = "defaultBranchRef { name } parent { nameWithOwner }";

/**
 * Reads the open pull requests whose head branch is called `branch`. Names such as `main` and `patch-1` are common, so it reads all
 * pages.
 *
 * @throws {GitHubError} also when the list could not be read to its end, because the wanted one may be missing.
 */
export async function findPullRequests(github: GitHub, repo: string, branch: string): Promise<PullRequestsOfName> {
  const order = "orderBy: { field: CREATED_AT, direction: DESC }";
  const ask = (after: string | null, size?: number) => {
    const filter = `${pageArguments(after, size)}, states: [OPEN], headRefName: ${JSON.stringify(branch)}, ${order}`;
    const list = `pullRequests(${filter}) { ${PAGE_FIELDS} nodes { ${FIELDS} } }`;
    return github.repository(repo, after === null ? `${ABOUT} ${list}` : list);
  };
  const first = await ask(null);
  const { nodes, hole } = await readConnection(first, { path: ["pullRequests"], next: ask });
  if (hole) throw holeError(hole, `the pull requests of ${repo}`);
  const found = nodes.map((node) => readFields(node, first.problems, repo)).filter((pull) => pull !== null);
  const parent = textAt(first.data, "parent", "nameWithOwner");
  return {
    pulls: found.map((pull) => ({ ...pull, commit: null })),
    defaultBranch: textAt(first.data, "defaultBranchRef", "name"),
    parent: parent === null ? null : fullName(splitRepo(repo).host, parent),
  };
}

/**
 * The last pull request of a branch of this repository that is merged or closed; null when there is none.
 *
 * @throws {GitHubError} when it cannot be read.
 */
export async function lastClosedPullRequest(
  github: GitHub,
  repo: string,
  branch: string,
): Promise<{ readonly number: number; readonly merged: boolean } | null> {
  const filter = `first: 5, states: [MERGED, CLOSED], headRefName: ${JSON.stringify(branch)}, orderBy: { field: CREATED_AT, direction: DESC }`;
  const { data } = await github.repository(
    repo,
    `pullRequests(${filter}) { nodes { number state isCrossRepository } }`,
  );
  const nodes = listAt(data, "pullRequests", "nodes").filter((node) => !isTrueAt(node, "isCrossRepository"));
  const number = numberAt(nodes[0], "number");
  return number === null ? null : { number, merged: textAt(nodes[0], "state") === "MERGED" };
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
    repo: repoOf(textAt(node, "url"), repo),
    number,
    title: textAt(node, "title") ?? "",
    url: textAt(node, "url") ?? "",
    state: state === "MERGED" || state === "CLOSED" ? state : "OPEN",
    openedAt: timeAt(node, "createdAt"),
    draft: isTrueAt(node, "isDraft"),
    head,
    branch: textAt(node, "headRefName") ?? "",
    base: textAt(node, "baseRefName") ?? "",
    fork: isTrueAt(node, "isCrossRepository"),
    headRepo: headRepo(node, repo),
    mergeable: textAt(node, "mergeable") ?? "UNKNOWN",
    mergeState: textAt(node, "mergeStateStatus") ?? "UNKNOWN",
    // Null would mean that no review is required.
    reviewDecision: problemAt(problems, ["pullRequest", "reviewDecision"])
      ? "WITHHELD"
      : textAt(node, "reviewDecision"),
    queue: readQueue(at(node, "mergeQueueEntry")),
    hasQueue: isTrueAt(node, "isMergeQueueEnabled"),
    rules: readRules(at(node, "baseRef"), problems),
  };
}

/** Full name of the repository in a pull request's address; the name that was asked for where it differs by nothing but case. */
function repoOf(url: string | null, asked: string): string {
  const named = parseRepo(url?.replace(/\/pull\/\d+.*$/, "") ?? "");
  const isRenamed = named !== null && !sameRepo(named, asked) && splitRepo(named).host === splitRepo(asked).host;
  return isRenamed ? named : asked;
}

/** Full name of the head's repository; null when the fork was deleted. */
function headRepo(node: unknown, repo: string): string | null {
  const [owner, name] = [textAt(node, "headRepositoryOwner", "login"), textAt(node, "headRepository", "name")];
  return owner === null || name === null ? null : fullName(splitRepo(repo).host, `${owner}/${name}`);
}

function readQueue(entry: unknown): PullRequest["queue"] {
  const state = textAt(entry, "state");
  return state === null ? null : { state, position: numberAt(entry, "position") };
}
