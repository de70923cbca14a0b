import { isObject } from "../base/json.ts";
import { safeText } from "../base/redact.ts";
import { PAGE_FIELDS, pageArguments, readConnection } from "../github/answer/connection.ts";
import { holeError } from "../github/answer/hole.ts";
import type { GitHub } from "../github/client.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";
import { absent } from "../github/read-pull-request.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { loginOf } from "../reviewers/read-activity.ts";
import { isLaterHead } from "./later-head.ts";
import { ownLogin, publishedAt, saidAt } from "./said.ts";
import type { Thread, ThreadComment } from "./thread.ts";

/** Characters that are shown of a comment, and of a hunk. */
const MAX_TEXT = 4_000;
const MAX_HUNK = 2_000;
/** Comments that are read of one thread. */
const MAX_COMMENTS = 100;

/** Fields of a thread. */
export const THREAD = `id isResolved isOutdated path line diffSide comments(first: ${MAX_COMMENTS}) { totalCount nodes {
  state body url createdAt publishedAt lastEditedAt editor { login } diffHunk authorAssociation viewerDidAuthor author { __typename login } originalCommit { oid } } }`;

/** What tells about a thread beside itself. */
export interface ThreadPlace {
  /** The reviewers that p9 knows. */
  readonly known: readonly Reviewer[];
  /** Shas of the commits that were the head before the pull request's head was pushed. */
  readonly before: ReadonlySet<string>;
}

/** Associations of people who belong to a repository. */
const OWN_PEOPLE = ["OWNER", "MEMBER", "COLLABORATOR"];

/**
 * Reads every review thread of a pull request, on all pages. Drafts of a review that nobody has submitted are not there. One request more for
 * each commit on which an open thread was begun that was answered.
 *
 * @throws {GitHubError} when they cannot be read to the end.
 */
export async function readThreads(
  github: GitHub,
  { repo, number, known }: { readonly repo: string; readonly number: number; readonly known: readonly Reviewer[] },
): Promise<readonly Thread[]> {
  const ask = (after: string | null = null, size?: number) =>
    github.repository(
      repo,
      `pullRequest(number: ${number}) { headRefOid reviewThreads(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${THREAD} } } }`,
    );
  const first = await ask();
  if (!isObject(at(first.data, "pullRequest"))) throw absent(repo, number, first.problems);
  const { nodes, hole } = await readConnection(first, { path: ["pullRequest", "reviewThreads"], next: ask });
  if (hole) throw holeError(hole, `the review threads of #${number}`, "a token that may read pull requests");
  const head = textAt(first.data, "pullRequest", "headRefOid");
  const before = await commitsBefore(github, repo, nodes, head);
  return nodes.flatMap((node) => threadOf(node, { known, before }) ?? []);
}

/** Of the commits on which answered threads were begun, those that the head is a later one than. */
async function commitsBefore(
  github: GitHub,
  repo: string,
  nodes: readonly unknown[],
  head: string | null,
): Promise<ReadonlySet<string>> {
  const answered = nodes.filter((node) => !isTrueAt(node, "isResolved") && isReplied(node));
  const begun = new Set(answered.flatMap((node) => begunOn(node) ?? []));
  const asked = [...begun].map(async (sha) => ((await isLaterHead(github, repo, sha, head ?? sha)) ? [sha] : []));
  return new Set((await Promise.all(asked)).flat());
}

/** A thread as GraphQL shows it; null when all of it is the draft of a review. */
export function threadOf(node: unknown, { known, before }: ThreadPlace): Thread | null {
  const comments = publicComments(node);
  const [first] = comments;
  if (first === undefined) return null;
  const login = loginOf(at(first, "author"));
  const association = textAt(first, "authorAssociation") ?? "NONE";
  const saidByOthers = lastSaidByOthers(comments);
  const replied = isReplied(node);
  const isKnown = known.some(({ logins }) => login !== null && logins?.includes(login));
  return {
    id: textAt(node, "id") ?? "",
    path: safeText(textAt(node, "path") ?? "", 400),
    line: numberAt(node, "line"),
    side: textAt(node, "diffSide") ?? "RIGHT",
    hunk: clipped(textAt(first, "diffHunk") ?? "", MAX_HUNK),
    author: authorOf(first),
    association,
    level: null,
    bot: textAt(first, "author", "__typename") === "Bot",
    trusted: OWN_PEOPLE.includes(association) || isKnown,
    outdated: isTrueAt(node, "isOutdated"),
    resolved: isTrueAt(node, "isResolved"),
    replied,
    said_at: saidByOthers === 0 ? null : new Date(saidByOthers).toISOString(),
    answered: replied && before.has(begunOn(node) ?? ""),
    comments: [...comments.map(commentOf), ...unreadOf(node, first)],
    url: textAt(first, "url") ?? "",
  };
}

/** Sha of the head that a thread was begun on; null: GitHub does not say. */
export function begunOn(node: unknown): string | null {
  return textAt(listAt(node, "comments", "nodes")[0], "originalCommit", "oid");
}

function publicComments(node: unknown): readonly unknown[] {
  return listAt(node, "comments", "nodes").filter((comment) => textAt(comment, "state") !== "PENDING");
}

/** When anybody but the login that asks last said something in a thread (ms); 0: nobody has. */
function lastSaidByOthers(comments: readonly unknown[]): number {
  const own = ownLogin(comments);
  const others = comments.filter((comment) => !isTrueAt(comment, "viewerDidAuthor"));
  return Math.max(0, ...others.map((comment) => saidAt(comment, own)));
}

/** Whether the last word is the answer of the login that asks. Of comments that were not read nobody knows whose they are. */
function isReplied(node: unknown): boolean {
  const comments = publicComments(node);
  const last = comments.at(-1);
  const isWhole = (numberAt(node, "comments", "totalCount") ?? 0) <= MAX_COMMENTS;
  const isOwn = isWhole && comments.length > 1 && isTrueAt(last, "viewerDidAuthor");
  return isOwn && publishedAt(last) >= lastSaidByOthers(comments);
}

function commentOf(comment: unknown): ThreadComment {
  return {
    author: authorOf(comment),
    at: textAt(comment, "createdAt") ?? "",
    text: clipped(textAt(comment, "body") ?? "", MAX_TEXT),
    url: textAt(comment, "url") ?? "",
  };
}

/** A note in the place of comments that are too many to be read. */
function unreadOf(node: unknown, first: unknown): ThreadComment[] {
  const more = (numberAt(node, "comments", "totalCount") ?? 0) - MAX_COMMENTS;
  if (more <= 0) return [];
  return [{ author: "p9", at: "", text: `[${more} more comments are not shown]`, url: textAt(first, "url") ?? "" }];
}

/** Safe text; what was cut off is counted, so that a reader knows of it. */
function clipped(text: string, max: number): string {
  const safe = safeText(text, Number.POSITIVE_INFINITY);
  return safe.length <= max ? safe : `${safe.slice(0, max)}\n[${safe.length - max} more characters]`;
}

/** GitHub's ghost stands for whoever deleted their account. */
const authorOf = (node: unknown) => textAt(node, "author", "login") ?? "ghost";
