import { isObject } from "../base/json.ts";
import { ForbiddenError, UsageError } from "../core/errors.ts";
import type { GitHub } from "../github/client.ts";
import { at, listAt, textAt } from "../github/read.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { THREAD, threadOf } from "./read-threads.ts";
import type { Thread } from "./thread.ts";

/** Policy `ci_watch.reviews.reply`: whose threads p9 answers and resolves. */
export type ReplyPolicy = "bots" | "all" | "none";

/** A thread with what its answers depend on. */
interface OpenedThread {
  readonly thread: Thread;
  /** Whether a commit was pushed after the one that the thread was begun on. */
  readonly hasLaterHead: boolean;
  /** What the login that asks has written in it. */
  readonly own: readonly string[];
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
 * @throws {ForbiddenError} when the policy does not let p9 answer it, {@link UsageError} for an id of no thread, {GitHubError} when GitHub
 * refuses.
 */
export async function replyTo(id: string, body: string, deps: AnswerDeps): Promise<Answered> {
  const { thread, hasLaterHead, own } = await openThread(id, deps);
  const text = body.trim();
  const isThere = own.includes(text);
  if (!isThere) {
    await deps.github.graphql(
      "mutation($id: ID!, $body: String!) { addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $id, body: $body }) { comment { id } } }",
      { id, body: text },
      deps.host,
    );
  }
  const resolves = hasLaterHead && !thread.resolved;
  if (resolves) await markResolved(id, deps);
  return { id, answered: !isThere, resolved: thread.resolved || resolves, url: thread.url };
}

/** Resolves a thread; nothing is done when it is. @throws as {@link replyTo}. */
export async function resolveThread(id: string, deps: AnswerDeps): Promise<Answered> {
  const { thread } = await openThread(id, deps);
  if (!thread.resolved) await markResolved(id, deps);
  return { id, answered: false, resolved: true, url: thread.url };
}

async function markResolved(id: string, { github, host }: AnswerDeps): Promise<void> {
  const mutation = "mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id } } }";
  await github.graphql(mutation, { id }, host);
}

async function openThread(id: string, { github, host, known, reply }: AnswerDeps): Promise<OpenedThread> {
  const query = `query($id: ID!) { viewer { login } node(id: $id) { ... on PullRequestReviewThread { ${THREAD}
    begun: comments(first: 1) { nodes { originalCommit { oid } } } pullRequest { headRefOid } } } }`;
  const answer = await github.graphql<unknown>(query, { id }, host);
  const node = at(answer, "node");
  const thread = isObject(node) && "isResolved" in node ? threadOf(node, known) : null;
  if (thread === null) throw new UsageError(`Cannot find the review thread "${id}": wanted an id of p9 threads <pr>`);
  requireAllowed(thread, reply);
  const begun = textAt(listAt(node, "begun", "nodes")[0], "originalCommit", "oid");
  const head = textAt(node, "pullRequest", "headRefOid");
  return {
    thread,
    hasLaterHead: begun !== null && head !== null && begun !== head,
    own: ownTexts(node, textAt(answer, "viewer", "login")),
  };
}

/** An app's login has `[bot]` as a viewer, and not as an author. */
function ownTexts(node: unknown, viewer: string | null): string[] {
  const login = viewer?.replace(/\[bot\]$/, "");
  const own = listAt(node, "comments", "nodes").filter((comment) => textAt(comment, "author", "login") === login);
  return own.map((comment) => (textAt(comment, "body") ?? "").trim());
}

function requireAllowed({ bot, author }: Thread, reply: ReplyPolicy): void {
  if (reply === "none") throw new ForbiddenError('The policy forbids it: "ci_watch.reviews.reply" is none');
  if (reply === "bots" && !bot)
    throw new ForbiddenError(
      `${author} is no bot, and the policy lets p9 answer bots only: "ci_watch.reviews.reply" is bots`,
    );
}
