import { isObject } from "../base/json.ts";
import { quote } from "../base/text.ts";
import { DegradedError, ForbiddenError, UsageError } from "../core/errors.ts";
import { fullName, GITHUB_COM } from "../core/repo.ts";
import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { isLaterHead } from "./later-head.ts";
import { mayAnswer, type ReplyPolicy } from "./may-answer.ts";
import { begunOn, THREAD, threadOf } from "./read-threads.ts";
import { isFindingId, type Thread } from "./thread.ts";

/** A thread with what its answers depend on. */
interface OpenedThread {
  readonly thread: Thread;
  /** Whether a commit was pushed after the one that the thread was begun on. */
  readonly hasLaterHead: boolean;
  /** What the login that asks has written in it. */
  readonly own: readonly string[];
  readonly pull: PullOfThread;
}

/** The pull request of a thread. */
export interface PullOfThread {
  readonly repo: string;
  readonly number: number;
  /** Full sha. */
  readonly head: string;
}

/** What was done about a thread. `answered`: false when the same answer was there already. */
export interface Answered {
  readonly id: string;
  readonly answered: boolean;
  readonly resolved: boolean;
  readonly url: string;
}

/** What an answer needs. */
export interface AnswerDeps {
  readonly github: GitHub;
  /** GitHub host of the thread. Default: gh's own. */
  readonly host?: string;
  readonly known: readonly Reviewer[];
  readonly reply: ReplyPolicy;
}

/**
 * Answers a thread, once: the same text of the same login is not written again. Resolves it too when a commit was pushed since it was begun,
 * so that an answered thread is not left open; before that push it stays open, for whoever begun it to look at the fix.
 *
 * @throws {DegradedError} when the answer became part of a review that is not submitted, {@link ForbiddenError} when the policy does not let p9 answer it, {UsageError} for an id of no thread, {GitHubError} when GitHub
 * refuses.
 */
export async function replyTo(
  id: string,
  body: string,
  deps: AnswerDeps,
): Promise<{ readonly done: Answered; readonly wasResolved: boolean; readonly pull: PullOfThread }> {
  const { thread, hasLaterHead: isFixed, own, pull } = await openThread(id, deps);
  const text = body.trim();
  const isThere = own.includes(text);
  let isDraft = false;
  if (!isThere) {
    const made = await deps.github.graphql<unknown>(REPLY, { id, body: text }, deps.host);
    // Of a login that has begun a review, GitHub puts the answer into that, where nobody else sees it.
    isDraft = textAt(made, "addPullRequestReviewThreadReply", "comment", "state") === "PENDING";
  }
  if (isDraft) {
    throw new DegradedError("The answer is part of a review that you have begun, and nobody sees it yet", {
      hint: `submit that review on the pull request's page: ${thread.url}`,
    });
  }
  const resolves = isFixed && !thread.resolved;
  if (resolves) await markResolved(id, deps);
  const done = { id, answered: !isThere, resolved: thread.resolved || resolves, url: thread.url };
  return { done, wasResolved: thread.resolved, pull };
}

/** Resolves a thread whose fix was pushed since it was begun. False: it was not. @throws as {@link replyTo}. */
export async function resolveFixed(id: string, deps: AnswerDeps): Promise<boolean> {
  const { thread, hasLaterHead: isFixed } = await openThread(id, deps);
  if (isFixed && !thread.resolved && thread.replied) await markResolved(id, deps);
  return isFixed || thread.resolved;
}

/** Resolves a thread; nothing is done when it is. @throws as {@link replyTo}. */
export async function resolveThread(id: string, deps: AnswerDeps): Promise<Answered> {
  const { thread } = await openThread(id, deps);
  if (!thread.resolved) await markResolved(id, deps);
  return { id, answered: false, resolved: true, url: thread.url };
}

/** What was asked of one thread needs no other answer about it. */
const NONE: ReadonlySet<string> = new Set();

const REPLY = `mutation($id: ID!, $body: String!) {
  addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $id, body: $body }) { comment { id state } } }`;

async function markResolved(id: string, { github, host }: AnswerDeps): Promise<void> {
  const mutation = "mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id } } }";
  await github.graphql(mutation, { id }, host);
}

async function openThread(id: string, { github, host, known, reply }: AnswerDeps): Promise<OpenedThread> {
  if (isFindingId(id)) {
    throw new UsageError(
      `Cannot answer or resolve "${id}": it is a finding in a check, which a push or another review clears`,
    );
  }
  const query = `query($id: ID!) { node(id: $id) { ... on PullRequestReviewThread { ${THREAD}
    pullRequest { number headRefOid repository { nameWithOwner } } } } }`;
  const answer = await github.graphql<unknown>(query, { id }, host).catch((error) => noThread(id, error));
  const node = at(answer, "node");
  const head = textAt(node, "pullRequest", "headRefOid");
  const thread = isObject(node) && "isResolved" in node ? threadOf(node, { known, before: NONE }) : null;
  if (thread === null) return noThread(id);
  requireAllowed(thread, reply);
  const repo = fullName(host ?? GITHUB_COM, textAt(node, "pullRequest", "repository", "nameWithOwner") ?? "");
  const begun = begunOn(node);
  const own = listAt(node, "comments", "nodes").filter((comment) => isTrueAt(comment, "viewerDidAuthor"));
  return {
    thread,
    hasLaterHead: begun !== null && head !== null && (await isLaterHead(github, repo, begun, head)),
    own: own.map((comment) => (textAt(comment, "body") ?? "").trim()),
    pull: {
      repo,
      number: numberAt(node, "pullRequest", "number") ?? 0,
      head: head ?? "",
    },
  };
}

function requireAllowed(thread: Thread, reply: ReplyPolicy): void {
  if (mayAnswer(thread, reply)) return;
  if (reply === "none") throw new ForbiddenError('The policy forbids it: "ci_watch.reviews.reply" is none');
  throw new ForbiddenError(
    `${thread.author} is no bot, and the policy lets p9 answer bots only: "ci_watch.reviews.reply" is bots`,
  );
}

/** What GitHub says of an id that is none says nothing of threads. */
function noThread(id: string, error?: unknown): never {
  const isOther = error !== undefined && !(error instanceof GitHubError && error.problem === "not-found");
  if (isOther) throw error;
  throw new UsageError(`Cannot find the review thread ${quote(id, 80)}: wanted an id of p9 threads <pr>`, {
    cause: error,
  });
}
