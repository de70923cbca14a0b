import type { FieldProblem } from "../github/answer/problem.ts";
import type { GitHub } from "../github/client.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";
import type { MergeFacts, OpenThread, Opinion } from "./facts.ts";

/** What people said about a pull request. */
export type ReviewFacts = Pick<MergeFacts, "opinions" | "awaited" | "threads" | "autoMergeBy" | "author">;

/** Pages of a hundred that are read at most; more than that is "not read to its end", which is not ready. */
const MAX_PAGES = 50;

const THREAD = "isResolved path line comments(first: 1) { nodes { url author { login } } }";
const OTHERS = `author { login } autoMergeRequest { enabledBy { login } }
  reviewRequests(first: 100) { nodes { requestedReviewer { __typename ... on User { login } ... on Team { combinedSlug } ... on Mannequin { login } } } }`;

/**
 * Reads each reviewer's latest opinionated review and every review thread, to their ends. A part that the token may not read
 * is null and not empty.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readReviews(github: GitHub, repo: string, number: number): Promise<ReviewFacts> {
  const first = await ask(github, repo, number, `${OTHERS} ${threadsPage()} ${opinionsPage()}`);
  const threads = await pages(first, "reviewThreads", (after) => ask(github, repo, number, threadsPage(after)));
  const opinions = await pages(first, "latestOpinionatedReviews", (after) =>
    ask(github, repo, number, opinionsPage(after)),
  );
  return {
    author: textAt(first.pull, "author", "login") ?? "",
    autoMergeBy: textAt(first.pull, "autoMergeRequest", "enabledBy", "login"),
    awaited: listAt(first.pull, "reviewRequests", "nodes").flatMap(reviewer),
    threads: threads && {
      total: threads.length,
      open: threads.filter((node) => !isTrueAt(node, "isResolved")).map(openThread),
    },
    opinions: opinions?.map(opinion) ?? null,
  };
}

const threadsPage = (after?: string) =>
  `reviewThreads(first: 100${cursor(after)}) { pageInfo { hasNextPage endCursor } nodes { ${THREAD} } }`;
const opinionsPage = (after?: string) =>
  `latestOpinionatedReviews(writersOnly: true, first: 100${cursor(after)}) { pageInfo { hasNextPage endCursor } nodes { state author { login } } }`;
const cursor = (after: string | undefined) => (after ? `, after: ${JSON.stringify(after)}` : "");

interface Answer {
  readonly pull: unknown;
  readonly problems: readonly FieldProblem[];
}

async function ask(github: GitHub, repo: string, number: number, selection: string): Promise<Answer> {
  const { data, problems } = await github.repository(repo, `pullRequest(number: ${number}) { number ${selection} }`);
  return { pull: at(data, "pullRequest"), problems };
}

/** All nodes of a list; null when a part of it could not be read. */
async function pages(
  first: Answer,
  field: string,
  next: (after: string) => Promise<Answer>,
): Promise<unknown[] | null> {
  const nodes: unknown[] = [];
  let page = first;
  for (let count = 0; count < MAX_PAGES; count++) {
    const list = at(page.pull, field, "nodes");
    if (!Array.isArray(list) || page.problems.some(({ path }) => path.includes(field))) return null;
    nodes.push(...list);
    const after = textAt(page.pull, field, "pageInfo", "endCursor");
    if (!isTrueAt(page.pull, field, "pageInfo", "hasNextPage")) return nodes;
    if (!after) return null;
    page = await next(after);
  }
  return null;
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
