import { isObject } from "../base/json.ts";
import { type Connection, PAGE_FIELDS, pageArguments, readConnection } from "../github/answer/connection.ts";
import { type PieceAnswer, problemAt } from "../github/answer/problem.ts";
import { orWithheld, restList } from "../github/answer/rest-list.ts";
import type { GitHub } from "../github/client.ts";
import { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "../github/read.ts";
import type { Act, Activity, Reactions } from "./activity.ts";

/** The pull request whose activity is read. */
export interface ActivityQuestion {
  readonly repo: string;
  readonly number: number;
  /** Full sha of the head. */
  readonly head: string;
  /** ms since the epoch when the head was pushed, by GitHub's clock; null: GitHub's own traces of it are read. */
  readonly headAt: number | null;
  /** {@link Activity.reactions} of an earlier reading. */
  readonly reactions?: Reactions;
}

const BY = "author { __typename login }";
/** Fields of a review. */
export const REVIEW = `state body submittedAt url ${BY} commit { oid }`;
/** Fields of a comment. */
export const COMMENT = `body createdAt lastEditedAt editor { __typename login } isMinimized url ${BY}`;
/** Fields of a check or a status. */
export const CHECKS = `__typename
  ... on CheckRun { databaseId name status conclusion startedAt completedAt detailsUrl title summary checkSuite { app { slug } } }
  ... on StatusContext { context state description targetUrl createdAt creator { __typename login } }`;

/**
 * Reads what reviewers may have done on a pull request: reviews, comments, reactions, review requests, and the checks and statuses of its
 * head. One request; more only for pages.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readActivity(github: GitHub, question: ActivityQuestion): Promise<Activity> {
  const { repo, number, head } = question;
  const ofPull = (selection: string) => `pullRequest(number: ${number}) { ${selection} }`;
  const ofHead = (selection: string) =>
    `commit: object(oid: ${JSON.stringify(head)}) { ... on Commit { committedDate ${selection} } }`;
  const first = await github.repository(
    repo,
    `${ofPull(`createdAt headRefName author { __typename login } ${FORCED} ${reviewsPage()} ${commentsPage()} ${REACTIONS} ${REQUESTS}`)} ${ofHead(`${SUITES} ${checksPage()}`)}`,
  );
  const list = (path: readonly string[], next: (after: string | null, size: number) => string) =>
    readConnection(first, { path, next: (after, size) => github.repository(repo, next(after, size)) });
  const reviews = await list(["pullRequest", "reviews"], (after, size) => ofPull(reviewsPage(after, size)));
  const comments = await list(["pullRequest", "comments"], (after, size) => ofPull(commentsPage(after, size)));
  const checks = hasNoChecks(first)
    ? { nodes: [], hole: null }
    : await list(["commit", "statusCheckRollup", "contexts"], (after, size) => ofHead(checksPage(after, size)));
  const requests = await readConnection(first, { path: ["pullRequest", "reviewRequests"], optional: isTeam });
  const reacted = await readConnection(first, { path: ["pullRequest", "reactions"], optional: isUser });
  const { withheld, ...reactions } = await readReactions(github, question, reacted.nodes);
  return {
    head,
    author: loginOf(at(first.data, "pullRequest", "author")),
    headAt: question.headAt ?? pushTime(first, head),
    acts: [
      ...checks.nodes.map((node) => checkAct(node, head)),
      ...reviews.nodes.flatMap(reviewActs),
      ...comments.nodes.map(commentAct),
      ...reactions.acts,
      ...requests.nodes.map(requestAct),
    ],
    ...unreadOf({ reviews, comments, checks, "review requests": requests, reactions: withheld ? null : reacted }),
    reactions,
  };
}

/** Names the lists that GitHub did not show to their end. */
function unreadOf(lists: Readonly<Record<string, Connection | null>>): Pick<Activity, "partial" | "unread"> {
  const unread = Object.entries(lists).flatMap(([name, list]) => (list === null || list.hole !== null ? [name] : []));
  return { partial: unread.length > 0, unread };
}

const reviewsPage = (after?: string | null, size?: number) =>
  `reviews(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${REVIEW} } }`;
const commentsPage = (after?: string | null, size?: number) =>
  `comments(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${COMMENT} } }`;
const checksPage = (after?: string | null, size?: number) =>
  `statusCheckRollup { contexts(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${CHECKS} } } }`;
const REACTIONS = "reactions(last: 100) { nodes { content createdAt user { login } } }";
const REQUESTS = `reviewRequests(first: 100) { nodes { requestedReviewer { __typename ... on User { login } ... on Bot { login } ... on Mannequin { login } } } }`;
const FORCED = `timelineItems(last: 1, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
  nodes { ... on HeadRefForcePushedEvent { createdAt afterCommit { oid } } } }`;
const SUITES = "checkSuites(first: 100) { nodes { createdAt branch { name } } }";

/** Whether nothing reports on the head: GitHub shows the commit, and says nothing about why there is no more. */
function hasNoChecks({ data, problems }: PieceAnswer): boolean {
  const isThere = isObject(at(data, "commit")) && at(data, "commit", "statusCheckRollup") === null;
  return isThere && problemAt(problems, ["commit", "statusCheckRollup"]) === null;
}

/** Who is asked may be a team that this login does not see, which is no reviewer by itself. */
const isTeam = (inside: readonly (string | number)[]) => inside.includes("requestedReviewer");
/** Whose a reaction is, REST says. */
const isUser = (inside: readonly (string | number)[]) => inside.includes("user");

/** When the head was pushed. A commit may be much older than its push, and the branch may have been forced back to one that was pushed before. */
function pushTime({ data }: PieceAnswer, head: string): number | null {
  const forced = listAt(data, "pullRequest", "timelineItems", "nodes")[0];
  const back = textAt(forced, "afterCommit", "oid") === head ? timeAt(forced, "createdAt") : null;
  const first = firstTrace(data);
  return back === null || first === null ? (back ?? first) : Math.max(back, first);
}

/** The first that GitHub shows of a commit on the branch: it may have been pushed to another one before. */
function firstTrace(data: unknown): number | null {
  const branch = textAt(data, "pullRequest", "headRefName");
  const suites = listAt(data, "commit", "checkSuites", "nodes");
  const own = suites.filter((node) => textAt(node, "branch", "name") === branch);
  const made = (own.length > 0 ? own : suites).flatMap((node) => timeAt(node, "createdAt") ?? []);
  if (made.length > 0) return Math.min(...made);
  const times = [timeAt(data, "commit", "committedDate"), timeAt(data, "pullRequest", "createdAt")];
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** A check run or status on a commit. */
export function checkAct(node: unknown, sha: string): Act {
  if (textAt(node, "__typename") === "StatusContext") {
    const by = loginOf(at(node, "creator"));
    return {
      ...act("status", by, textAt(node, "state"), textAt(node, "description"), timeAt(node, "createdAt")),
      name: textAt(node, "context") ?? "",
      sha,
      url: textAt(node, "targetUrl"),
    };
  }
  const text = [textAt(node, "title"), textAt(node, "summary")].filter(Boolean).join("\n");
  const time = timeAt(node, "completedAt") ?? timeAt(node, "startedAt");
  const is = textAt(node, "conclusion") ?? textAt(node, "status");
  return {
    ...act("check", textAt(node, "checkSuite", "app", "slug"), is, text, time),
    name: textAt(node, "name") ?? "",
    sha,
    url: textAt(node, "detailsUrl"),
    check: numberAt(node, "databaseId") ?? 0,
  };
}

/** A review. A comment in a thread makes one without text, of the head at that time, which says nothing about the head: it is none. */
export function reviewActs(node: unknown): Act[] {
  const body = textAt(node, "body") ?? "";
  const state = textAt(node, "state") ?? "";
  if (state === "PENDING" || (state === "COMMENTED" && body.trim() === "")) return [];
  return [
    {
      ...act("review", loginAt(node), state, body, timeAt(node, "submittedAt")),
      sha: textAt(node, "commit", "oid"),
      url: textAt(node, "url"),
    },
  ];
}

/** A comment on the pull request itself. */
export function commentAct(node: unknown): Act {
  return {
    ...act("comment", loginAt(node), "", textAt(node, "body"), commentedAt(node)),
    url: textAt(node, "url"),
  };
}

/**
 * When its author last wrote it. Somebody else's edit (a box that is ticked) says nothing of a later head, nor does one that was hidden (0), as
 * bots do with what is outdated.
 */
function commentedAt(node: unknown): number | null {
  if (isTrueAt(node, "isMinimized")) return 0;
  const editor = loginOf(at(node, "editor"));
  const isOwn = editor === null || editor === loginAt(node);
  return (isOwn ? timeAt(node, "lastEditedAt") : null) ?? timeAt(node, "createdAt");
}

/** Names of REST for the contents that GraphQL calls otherwise. */
const CONTENTS: Readonly<Record<string, string>> = { "+1": "thumbs_up", "-1": "thumbs_down" };

/** The reactions to the pull request. GraphQL hides which app one is of, so REST is asked where it names nobody. */
async function readReactions(
  github: GitHub,
  { repo, number, reactions: before }: ActivityQuestion,
  nodes: readonly unknown[],
): Promise<Reactions & { readonly withheld: boolean }> {
  const shown = JSON.stringify(nodes);
  const named = { shown, acts: nodes.map(reactionAct), withheld: false };
  if (nodes.every((node) => textAt(node, "user", "login") !== null)) return named;
  if (before?.shown === shown) return { ...before, withheld: false };
  const list = await orWithheld(restList(github, `repos/${repo}/issues/${number}/reactions?per_page=100`));
  if (list === null) return { ...named, shown: "", withheld: true };
  const acts = list.map((node) => {
    const content = textAt(node, "content") ?? "";
    return act("reaction", textAt(node, "user", "login"), CONTENTS[content] ?? content, "", timeAt(node, "created_at"));
  });
  return { shown, acts, withheld: false };
}

function reactionAct(node: unknown): Act {
  return act("reaction", textAt(node, "user", "login"), textAt(node, "content"), "", timeAt(node, "createdAt"));
}

function requestAct(node: unknown): Act {
  return act("request", loginOf(at(node, "requestedReviewer")), "", "", null);
}

function act(place: Act["in"], by: string | null, is: string | null, text: string | null, time: number | null): Act {
  return {
    in: place,
    by,
    name: "",
    is: (is ?? "").toLowerCase(),
    text: text ?? "",
    sha: null,
    at: time,
    url: null,
  };
}

const loginAt = (node: unknown) => loginOf(at(node, "author"));

/** The login as REST has it: of an app with `[bot]`, which GraphQL leaves out. */
export function loginOf(actor: unknown): string | null {
  const login = textAt(actor, "login");
  return login !== null && textAt(actor, "__typename") === "Bot" ? `${login}[bot]` : login;
}
