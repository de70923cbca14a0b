import { at, isTrueAt, listAt, PAGE_FIELDS, readThreads, type Thread, textAt, timeAt } from "../../../src/github.ts";
import type { PluginContext } from "../../../src/plugin.ts";
import type { Reviewer } from "../../../src/provider.ts";

/** An open review thread, as far as a verdict needs it. Texts are from outside. */
export interface OpenThread {
  readonly id: string;
  readonly path: string;
  readonly line: number | null;
  readonly author: string;
  /** See `Thread.trusted`. */
  readonly trusted: boolean;
  readonly text: string;
  readonly url: string;
  /** See `Thread.replied`. */
  readonly replied: boolean;
  /** When somebody last wrote in it (ms). */
  readonly at: number;
}

/** The open threads, and what GitHub showed when they were read: as long as that stays, they are not read again. */
export interface ThreadsRead {
  readonly shown: string;
  readonly open: readonly OpenThread[];
}

/** A comment on the pull request itself, or the text of a review that requests changes. From outside. */
export interface Said {
  readonly author: string;
  readonly text: string;
  readonly url: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What people and bots say on a pull request. */
export interface Conversation {
  readonly threads: ThreadsRead;
  /** Reviews that request changes and stand, by GitHub's own predicate. */
  readonly requests: readonly Said[];
  /** The last comments by people of the repository, but not by the login that asks. */
  readonly comments: readonly Said[];
  /** GitHub's `reviewDecision`. */
  readonly decision: string | null;
}

/** Open threads that are kept; a verdict names a few. */
const MAX_THREADS = 60;
const MAX_TEXT = 300;
/** Associations of people who belong to a repository. */
const OWN_PEOPLE = ["OWNER", "MEMBER", "COLLABORATOR"];

/** Few fields on purpose: this is asked in every look, and costs no point beside the look's other fields. */
const STATE = `updatedAt reviewDecision
  reviewThreads(last: 100) { totalCount nodes { id isResolved } }
  latestOpinionatedReviews(writersOnly: true, first: 100) { ${PAGE_FIELDS.replace("totalCount ", "")} nodes { state body url submittedAt author { login } } }
  comments(last: 30) { nodes { body url createdAt authorAssociation viewerDidAuthor author { __typename login } } }`;

/**
 * Reads what is said on a pull request. One request that others share; one more when something about the threads has changed since
 * `before`.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readConversation(
  {
    github,
    pin,
  }: Pick<PluginContext, "github"> & { readonly pin: { readonly repo?: string | null; readonly pr?: number | null } },
  known: readonly Reviewer[],
  before?: ThreadsRead,
): Promise<Conversation> {
  const [repo, number] = [pin.repo ?? "", pin.pr ?? 0];
  const { data } = await github.repository(repo, `pullRequest(number: ${number}) { ${STATE} }`);
  const pull = at(data, "pullRequest");
  const shown = JSON.stringify([textAt(pull, "updatedAt"), at(pull, "reviewThreads")]);
  const isKnown = before?.shown === shown;
  const threads = isKnown ? before : { shown, open: await readOpen({ repo, number, known, pull }, github) };
  return {
    threads,
    requests: listAt(pull, "latestOpinionatedReviews", "nodes")
      .filter((node) => textAt(node, "state") === "CHANGES_REQUESTED")
      .map((node) => saidBy(node, "submittedAt")),
    comments: listAt(pull, "comments", "nodes")
      .filter(isOfPeople)
      .map((node) => saidBy(node, "createdAt")),
    decision: textAt(pull, "reviewDecision"),
  };
}

interface ThreadsQuestion {
  readonly repo: string;
  readonly number: number;
  readonly known: readonly Reviewer[];
  readonly pull: unknown;
}

async function readOpen(
  { repo, number, known, pull }: ThreadsQuestion,
  github: PluginContext["github"],
): Promise<readonly OpenThread[]> {
  if (listAt(pull, "reviewThreads", "nodes").length === 0) return [];
  const threads = await readThreads(github, { repo, number, known });
  return threads
    .filter(({ resolved, answered }) => !resolved && !answered)
    .slice(0, MAX_THREADS)
    .map(openThread);
}

function openThread({ id, path, line, author, trusted, comments, url, replied }: Thread): OpenThread {
  const times = comments.map((comment) => Date.parse(comment.at)).filter((time) => !Number.isNaN(time));
  const text = (comments[0]?.text ?? "").slice(0, MAX_TEXT);
  return { id, path, line, author, trusted, text, url, replied, at: Math.max(0, ...times) };
}

function isOfPeople(node: unknown): boolean {
  const isBot = textAt(node, "author", "__typename") === "Bot";
  return !isBot && !isTrueAt(node, "viewerDidAuthor") && OWN_PEOPLE.includes(textAt(node, "authorAssociation") ?? "");
}

function saidBy(node: unknown, time: string): Said {
  return {
    author: textAt(node, "author", "login") ?? "ghost",
    text: (textAt(node, "body") ?? "").slice(0, MAX_TEXT),
    url: textAt(node, "url") ?? "",
    at: timeAt(node, time) ?? 0,
  };
}
