import { PAGE_FIELDS, pageArguments, readConnection } from "../github/answer/connection.ts";
import type { PieceAnswer } from "../github/answer/problem.ts";
import type { GitHub } from "../github/client.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";
import type { MergeFacts, OpenThread, Opinion } from "./facts.ts";

/** The merge facts about people's reviews, and whether the repository is archived. */
export interface ReviewFacts
  extends Pick<MergeFacts, "opinions" | "awaited" | "threads" | "autoMergeBy" | "author" | "archived"> {
  /** Whether a review is asked for of a code owner as such. */
  readonly isOwnerAsked: boolean;
}

const THREAD = "isResolved path line comments(first: 1) { nodes { state url author { login } } }";
const OTHERS = `author { login } autoMergeRequest { enabledBy { login } }
  reviewRequests(first: 100) { nodes { asCodeOwner requestedReviewer { __typename ... on User { login } ... on Team { combinedSlug } ... on Mannequin { login } } } }`;

/**
 * Reads each reviewer's latest opinionated review and every review thread, on all pages. A part that could not be read is null,
 * not empty.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readReviews(github: GitHub, repo: string, number: number): Promise<ReviewFacts> {
  const ofPull = (selection: string) => `pullRequest(number: ${number}) { number ${selection} }`;
  const ask = (selection: string) => github.repository(repo, ofPull(selection));
  const first = await github.repository(repo, `isArchived ${ofPull(`${OTHERS} ${threadsPage()} ${opinionsPage()}`)}`);
  const all = await nodesOf(first, "reviewThreads", (after, size) => ask(threadsPage(after, size)));
  // Drafts of a review that this login has not submitted: nobody else sees them.
  const threads = all?.filter((node) => textAt(listAt(node, "comments", "nodes")[0], "state") !== "PENDING") ?? null;
  const opinions = await nodesOf(first, "latestOpinionatedReviews", (after, size) => ask(opinionsPage(after, size)));
  const pull = at(first.data, "pullRequest");
  const requests = listAt(pull, "reviewRequests", "nodes");
  return {
    archived: isTrueAt(first.data, "isArchived"),
    author: textAt(pull, "author", "login") ?? "",
    autoMergeBy: textAt(pull, "autoMergeRequest", "enabledBy", "login"),
    awaited: requests.flatMap(reviewer),
    isOwnerAsked: requests.some((request) => isTrueAt(request, "asCodeOwner")),
    threads: threads && {
      total: threads.length,
      open: threads.filter((node) => !isTrueAt(node, "isResolved")).map(openThread),
    },
    opinions: opinions?.map(opinion) ?? null,
  };
}

const threadsPage = (after?: string | null, size?: number) =>
  `reviewThreads(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${THREAD} } }`;
/** Omits `totalCount`, because it may count more than writers. */
const opinionsPage = (after?: string | null, size?: number) =>
  `latestOpinionatedReviews(writersOnly: true, ${pageArguments(after, size)}) {
    pageInfo { hasNextPage endCursor } nodes { state author { login } } }`;

/** Reads all nodes of a list; null when some could not be read. */
async function nodesOf(
  first: PieceAnswer,
  field: string,
  next: (after: string | null, size: number) => Promise<PieceAnswer>,
): Promise<readonly unknown[] | null> {
  const { nodes, hole } = await readConnection(first, { path: ["pullRequest", field], next });
  return hole ? null : nodes;
}

function openThread(node: unknown): OpenThread {
  const [comment] = listAt(node, "comments", "nodes");
  return {
    path: textAt(node, "path") ?? "",
    line: numberAt(node, "line"),
    author: textAt(comment, "author", "login") ?? "",
    url: textAt(comment, "url") ?? "",
  };
}

function opinion(node: unknown): Opinion {
  return { author: textAt(node, "author", "login") ?? "", state: textAt(node, "state") ?? "" };
}

function reviewer(node: unknown): string[] {
  const asked = at(node, "requestedReviewer");
  const name = textAt(asked, "login") ?? textAt(asked, "combinedSlug");
  return name ? [name] : [];
}
