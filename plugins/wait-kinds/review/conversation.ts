import {
  at,
  type FindingCheck,
  findingChecks,
  GitHubError,
  type HeadCheck,
  type Hole,
  holeError,
  holeOf,
  isTrueAt,
  numberAt,
  ownLogin,
  PAGE_FIELDS,
  type PieceAnswer,
  problemAt,
  readConnection,
  readThreads,
  reviewPolicyOf,
  saidAt,
  type Thread,
  textAt,
  withFindings,
} from "../../../src/github.ts";
import { isObject, type PluginContext } from "../../../src/plugin.ts";
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
  /** See `Thread.said_at` (ms); 0: never. */
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
  /** When it was written, or edited since (ms). */
  readonly at: number;
}

/** What people and bots say on a pull request. */
export interface Conversation {
  readonly threads: ThreadsRead;
  /** Reviews that request changes and stand, by GitHub's own predicate. */
  readonly requests: readonly Said[];
  /**
   * The last comments, and texts of reviews that request nothing, by people of the repository and by whom the policy expects, but not by the
   * login that asks.
   */
  readonly comments: readonly Said[];
  /** What GitHub withholds of it or shows in part: missing is not empty. */
  readonly unread: readonly GitHubError[];
}

/** Open threads that are kept; a verdict names a few. */
const MAX_THREADS = 60;
const MAX_TEXT = 300;
/** Comments, and reviews, that are read: of people's, those before them are missed. */
const LAST_COMMENTS = 100;
/** What a review is whose text asks for nothing that GitHub keeps. */
const SAID_IN = ["COMMENTED", "APPROVED"];
/** Associations of people who belong to a repository. */
const OWN_PEOPLE = ["OWNER", "MEMBER", "COLLABORATOR"];

/** Few fields on purpose: this is asked in every look, and costs no point beside the look's other fields. */
const STATE = `updatedAt headRefOid
  reviews { totalCount }
  reviewThreads(last: 100) { totalCount nodes { id isResolved } }
  latestOpinionatedReviews(writersOnly: true, first: 100) { ${PAGE_FIELDS.replace("totalCount ", "")} nodes { state body url submittedAt lastEditedAt editor { login } author { __typename login } } }
  said: reviews(last: ${LAST_COMMENTS}) { nodes { state body url submittedAt lastEditedAt editor { login } isMinimized viewerDidAuthor authorAssociation author { __typename login } } }
  comments(last: ${LAST_COMMENTS}) { nodes { body url createdAt publishedAt lastEditedAt editor { login } isMinimized authorAssociation viewerDidAuthor author { __typename login } } }`;

/** What is said on a pull request, but for what is open: for that, the checks of its head are needed too. */
export interface Told extends Omit<Conversation, "threads"> {
  /**
   * What GitHub shows of the threads: their ids, how many reviews there are (an answer in a thread is one), and when the pull request last
   * changed, which is not at each change of a thread. Null: there are more threads than it shows, so it proves nothing.
   */
  readonly shown: string | null;
  readonly hasThreads: boolean;
}

const READ_PULLS = "a token that may read pull requests";

type Place = Pick<PluginContext, "github" | "config"> & {
  readonly pin: { readonly repo?: string | null; readonly pr?: number | null };
};

/**
 * Reads what is told on a pull request, in one request that others share.
 *
 * @throws {GitHubError} when GitHub cannot be read at all.
 */
export async function readTold({ github, pin, config }: Place): Promise<Told> {
  const answer = await github.repository(pin.repo ?? "", `pullRequest(number: ${pin.pr ?? 0}) { ${STATE} }`);
  const pull = at(answer.data, "pullRequest");
  const list = (field: string) => readConnection(answer, { path: ["pullRequest", field] });
  const [opinions, comments, said, threads] = await Promise.all([
    list("latestOpinionatedReviews"),
    list("comments"),
    list("said"),
    list("reviewThreads"),
  ]);
  const count = numberAt(pull, "reviewThreads", "totalCount");
  const own = ownLogin([...comments.nodes, ...said.nodes]);
  const { reviewers } = reviewPolicyOf(config);
  const expected = reviewers === "auto" ? [] : reviewers.map((login) => login.toLowerCase());
  const texts = said.nodes.filter(
    (node) => SAID_IN.includes(textAt(node, "state") ?? "") && textAt(node, "body")?.trim(),
  );
  const proof = ["updatedAt", "headRefOid", "reviews", "reviewThreads"].map((field) => at(pull, field));
  return {
    // Threads that it does not show may have changed too.
    shown: threads.hole ? null : JSON.stringify(proof),
    hasThreads: count !== 0,
    requests: opinions.nodes
      .filter((node) => textAt(node, "state") === "CHANGES_REQUESTED")
      .map((node) => saidBy(node, own)),
    comments: [...texts, ...comments.nodes]
      .filter((node) => isOfPeople(node, expected))
      .map((node) => saidBy(node, own)),
    unread: holesOf(answer, [opinions.hole, comments.hole, said.hole]).map((hole) =>
      holeError(hole, `what is said on #${pin.pr}`, READ_PULLS),
    ),
  };
}

/** The holes; where a part may not be null GitHub leaves out all of the pull request, and says why of that part. */
function holesOf({ data, problems }: PieceAnswer, holes: readonly (Hole | null)[]): readonly Hole[] {
  const problem = isObject(at(data, "pullRequest")) ? null : problemAt(problems, ["pullRequest"]);
  return problem ? [holeOf(problem)] : holes.filter((hole) => hole !== null);
}

/**
 * Adds the open threads, and what reviewers found in the checks of the head. Requests only when something about them has changed since
 * `before`, which edits of comments do not show: one for the threads, one for each check with findings.
 *
 * @throws {GitHubError} when GitHub cannot be read at all.
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
  const ofPull = await orUnread<readonly Thread[]>(hasThreads ? readThreads(github, { repo, number, known }) : [], []);
  const found = withFindings(github, repo, finding, ofPull.found).catch(notShown);
  const all = await orUnread(found, ofPull.found);
  const unread = [...rest.unread, ...ofPull.unread, ...all.unread];
  const unanswered = all.found.filter(({ resolved, answered }) => !resolved && !answered);
  // However many strangers begin, what is work is kept.
  const open = [true, false].flatMap((wanted) => unanswered.filter(({ trusted }) => trusted === wanted));
  const threads = { shown: unread.length === 0 ? shown : "", open: open.slice(0, MAX_THREADS).map(openThread) };
  return { ...rest, unread, threads };
}

/** What GitHub shows; where it withholds it, or shows it in part, `otherwise`. */
async function orUnread<T>(
  asked: T | Promise<T>,
  otherwise: T,
): Promise<{ readonly found: T; readonly unread: readonly GitHubError[] }> {
  try {
    return { found: await asked, unread: [] };
  } catch (error) {
    if (!(error instanceof GitHubError) || !["partial", "forbidden"].includes(error.problem)) throw error;
    return { found: otherwise, unread: [error] };
  }
}

/** GitHub says so of what it hides, as of what is not there. */
function notShown(error: unknown): never {
  if (!(error instanceof GitHubError) || error.problem !== "not-found") throw error;
  const message = `GitHub does not show what reviewers found in their checks (${error.message})`;
  throw new GitHubError("partial", message, { cause: error });
}

function shownOf({ check: { id, is, at: endedAt } }: FindingCheck): unknown {
  return [id, is, endedAt];
}

function openThread({ id, path, line, author, bot, trusted, comments, url, replied, said_at }: Thread): OpenThread {
  const text = (comments[0]?.text ?? "").slice(0, MAX_TEXT);
  return { id, path, line, author, bot, trusted, text, url, replied, at: said_at === null ? 0 : Date.parse(said_at) };
}

function isOfPeople(node: unknown, expected: readonly string[]): boolean {
  if (textAt(node, "author", "__typename") === "Bot" || isTrueAt(node, "viewerDidAuthor")) return false;
  // Somebody hid it: it is outdated, or off the topic.
  if (isTrueAt(node, "isMinimized")) return false;
  const isExpected = expected.includes((textAt(node, "author", "login") ?? "").toLowerCase());
  return isExpected || OWN_PEOPLE.includes(textAt(node, "authorAssociation") ?? "");
}

function saidBy(node: unknown, own: string | null): Said {
  return {
    author: textAt(node, "author", "login") ?? "ghost",
    text: (textAt(node, "body") ?? "").slice(0, MAX_TEXT),
    url: textAt(node, "url") ?? "",
    at: saidAt(node, own),
  };
}
