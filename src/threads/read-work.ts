import { PAGE_FIELDS, pageArguments, readConnection } from "../github/answer/connection.ts";
import { holeError, isWithheld } from "../github/answer/hole.ts";
import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import { at, numberAt, textAt, timeAt } from "../github/read.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { findingChecks, type HeadCheck, withFindings } from "./findings.ts";
import { readThreads } from "./read-threads.ts";
import type { Thread } from "./thread.ts";

/** A pull request, and the reviewers that are known. */
interface WorkQuestion {
  readonly repo: string;
  readonly number: number;
  readonly known: readonly Reviewer[];
}

/** Threads and findings of a pull request. */
export interface ReviewWork {
  readonly threads: readonly Thread[];
  /** Why the findings in checks are not among them; null: they are. */
  readonly unread: string | null;
}

/**
 * Reads the review threads of a pull request, and what reviewers found in checks of its head. One request, one more for each such check,
 * and more for pages.
 *
 * @throws {GitHubError} when the threads cannot be read to the end.
 */
export async function readReviewWork(github: GitHub, question: WorkQuestion): Promise<ReviewWork> {
  const { repo, known } = question;
  const [threads, { checks, unread }] = await Promise.all([
    readThreads(github, question),
    readHeadChecks(github, question),
  ]);
  try {
    return { threads: await withFindings(github, repo, findingChecks(checks, known), threads), unread };
  } catch (error) {
    const isWithheldHere = error instanceof GitHubError && ["forbidden", "not-found"].includes(error.problem);
    if (!isWithheldHere) throw error;
    return { threads, unread: error.message };
  }
}

const PLACE = ["pullRequest", "commits", "nodes", 0, "commit", "statusCheckRollup"];
const CHECK = `__typename
  ... on CheckRun { databaseId name status conclusion completedAt detailsUrl checkSuite { app { slug } } }`;

async function readHeadChecks(
  github: GitHub,
  { repo, number, known }: WorkQuestion,
): Promise<{ readonly checks: readonly HeadCheck[]; readonly unread: string | null }> {
  if (known.every(({ findings }) => findings === undefined)) return { checks: [], unread: null };
  const ask = (after: string | null = null, size?: number) => {
    const contexts = `contexts(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${CHECK} } }`;
    const commit = `commit { statusCheckRollup { ${contexts} } }`;
    return github.repository(repo, `pullRequest(number: ${number}) { commits(last: 1) { nodes { ${commit} } } }`);
  };
  const first = await ask();
  // Nothing reports on it.
  if (first.problems.length === 0 && at(first.data, ...PLACE) === null) return { checks: [], unread: null };
  const { nodes, hole } = await readConnection(first, { path: [...PLACE, "contexts"], next: ask });
  const error = hole && holeError(hole, `the checks of #${number}`);
  if (error && !isWithheld(hole)) throw error;
  return {
    checks: nodes.filter((node) => textAt(node, "__typename") === "CheckRun").map(headCheck),
    unread: error?.message ?? null,
  };
}

function headCheck(node: unknown): HeadCheck {
  return {
    id: numberAt(node, "databaseId") ?? 0,
    name: textAt(node, "name") ?? "",
    app: textAt(node, "checkSuite", "app", "slug"),
    is: (textAt(node, "conclusion") ?? textAt(node, "status") ?? "").toLowerCase(),
    at: timeAt(node, "completedAt"),
    url: textAt(node, "detailsUrl"),
  };
}
