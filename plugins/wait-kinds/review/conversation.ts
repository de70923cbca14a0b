import {
  at,
  type FindingCheck,
  findingChecks,
  type HeadCheck,
  holeError,
  isTrueAt,
  numberAt,
  PAGE_FIELDS,
  readConnection,
  readThreads,
  type Thread,
  textAt,
  timeAt,
  withFindings,
} from "../../../src/github.ts";
import type { PluginContext } from "../../../src/plugin.ts";
import type { Reviewer } from "../../../src/provider.ts";

/** An open review thread, or a finding in a check, as far as a verdict needs it. Texts are from outside. */
export interface OpenThread {
  readonly id: string;
  readonly path: string;
  readonly line: number | null;
  readonly author: string;
  readonly bot: boolean;
  /** See `Thread.trusted`. */
  readonly trusted: boolean;
  readonly text: string;
  readonly url: string;
  /** See `Thread.replied`. */
  readonly replied: boolean;
  /** When somebody last wrote in it (ms). */
  readonly at: number;
}

/** What is open, and what GitHub showed when it was read: as long as that stays, it is not read again. */
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
}

/** Open threads that are kept; a verdict names a few. */
const MAX_THREADS = 60;
const MAX_TEXT = 300;
/** Associations of people who belong to a repository. */
const OWN_PEOPLE = ["OWNER", "MEMBER", "COLLABORATOR"];

/** Few fields on purpose: this is asked in every look, and costs no point beside the look's other fields. */
const STATE = `updatedAt headRefOid
  reviews { totalCount }
  reviewThreads(last: 100) { totalCount nodes { id isResolved } }
  latestOpinionatedReviews(writersOnly: true, first: 100) { ${PAGE_FIELDS.replace("totalCount ", "")} nodes { state body url submittedAt author { login } } }
  comments(last: 30) { nodes { body url createdAt authorAssociation viewerDidAuthor author { __typename login } } }`;

/** What is said on a pull request, but for what is open: for that, the checks of its head are needed too. */
export interface Told extends Omit<Conversation, "threads"> {
  /**
   * What GitHub shows of the threads: their ids, how many reviews there are (an answer in a thread is one), and when the pull request last
   * changed, which is not at each change of a thread. Null: there are more threads than it shows, so it proves nothing.
   */
  readonly shown: string | null;
  readonly hasThreads: boolean;
}

type Place = Pick<PluginContext, "github"> & {
  readonly pin: { readonly repo?: string | null; readonly pr?: number | null };
};

/**
 * Reads what is told on a pull request, in one request that others share.
 *
 * @throws {GitHubError} when GitHub cannot be read, or withholds a part: a part that is missing is no empty part.
 */
export async function readTold({ github, pin }: Place): Promise<Told> {
  const answer = await github.repository(pin.repo ?? "", `pullRequest(number: ${pin.pr ?? 0}) { ${STATE} }`);
  const pull = at(answer.data, "pullRequest");
  const list = (field: string) => readConnection(answer, { path: ["pullRequest", field] });
  const [opinions, comments, threads] = await Promise.all([
    list("latestOpinionatedReviews"),
    list("comments"),
    list("reviewThreads"),
  ]);
  const count = numberAt(pull, "reviewThreads", "totalCount");
  const hole = opinions.hole ?? comments.hole ?? (count === null ? threads.hole : null);
  if (hole) throw holeError(hole, `what is said on #${pin.pr}`, "a token that may read pull requests");
  const proof = ["updatedAt", "headRefOid", "reviews", "reviewThreads"].map((field) => at(pull, field));
  return {
    // Threads that it does not show may have changed too.
    shown: threads.hole ? null : JSON.stringify(proof),
    hasThreads: count !== 0,
    requests: opinions.nodes
      .filter((node) => textAt(node, "state") === "CHANGES_REQUESTED")
      .map((node) => saidBy(node, "submittedAt")),
    comments: comments.nodes.filter(isOfPeople).map((node) => saidBy(node, "createdAt")),
  };
}

/**
 * Adds the open threads, and what reviewers found in the checks of the head. Requests only when something about them has changed since
 * `before`: one for the threads, one for each check with findings.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function withOpen(
  told: Told,
  { github, pin }: Place,
  {
    known,
    checks,
    before,
  }: { readonly known: readonly Reviewer[]; readonly checks: readonly HeadCheck[]; readonly before?: ThreadsRead },
): Promise<Conversation> {
  const [repo, number] = [pin.repo ?? "", pin.pr ?? 0];
  const { shown: ofThreads, hasThreads, ...rest } = told;
  const finding = findingChecks(checks, known);
  const shown = JSON.stringify([ofThreads, finding.map(shownOf)]);
  if (ofThreads !== null && before?.shown === shown) return { ...rest, threads: before };
  const threads = hasThreads ? await readThreads(github, { repo, number, known }) : [];
  const all = await withFindings(github, repo, finding, threads);
  const unanswered = all.filter(({ resolved, answered }) => !resolved && !answered);
  // However many strangers begin, what is work is kept.
  const open = [true, false].flatMap((wanted) => unanswered.filter(({ trusted }) => trusted === wanted));
  return { ...rest, threads: { shown, open: open.slice(0, MAX_THREADS).map(openThread) } };
}

function shownOf({ check: { id, is, at: endedAt } }: FindingCheck): unknown {
  return [id, is, endedAt];
}

function openThread({ id, path, line, author, bot, trusted, comments, url, replied }: Thread): OpenThread {
  const times = comments.map((comment) => Date.parse(comment.at)).filter((time) => !Number.isNaN(time));
  const text = (comments[0]?.text ?? "").slice(0, MAX_TEXT);
  return { id, path, line, author, bot, trusted, text, url, replied, at: Math.max(0, ...times) };
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
