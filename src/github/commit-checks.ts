import { PAGE_FIELDS, pageArguments, readConnection } from "./answer/connection.ts";
import { type Hole, holeError, holeOf, isWithheld } from "./answer/hole.ts";
import { type PieceAnswer, problemAt } from "./answer/problem.ts";
import { checkRunState, isPending, statusContextState } from "./checks.ts";
import type { GitHub } from "./client.ts";
import type { GitHubError } from "./errors.ts";
import type { Check, CommitChecks } from "./pull-request.ts";
import { at, numberAt, textAt, timeAt } from "./read.ts";

/** Pull request for which `isRequired` is asked. */
export interface Asker {
  readonly number: number;
  readonly id?: string;
}

const SUITE = `databaseId status conclusion app { slug databaseId }
  workflowRun { databaseId runNumber event workflow { databaseId name } }`;

/** Whether a check stays usable without a field: without run or app it still has name, state and `isRequired`. */
const isOptional = (inside: readonly (string | number)[]) => inside.includes("workflowRun") || inside.includes("app");

const NEEDS = 'a token with the permissions "Checks: read" and "Commit statuses: read"';

/** Fields of a commit with its reports: one page of contexts and one of suites. */
export function commitSelection(asker: Asker | null): string {
  return `oid ${rollup(asker)} ${suites()}`;
}

function rollup(asker: Asker | null, after?: string | null, size?: number): string {
  const required = asker
    ? `isRequired(${asker.id ? `pullRequestId: ${JSON.stringify(asker.id)}` : `pullRequestNumber: ${asker.number}`})`
    : "";
  return `statusCheckRollup { contexts(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { __typename
    ... on CheckRun { databaseId name status conclusion startedAt completedAt detailsUrl title ${required} checkSuite { ${SUITE} } }
    ... on StatusContext { context state targetUrl createdAt description ${required} } } } }`;
}

function suites(after?: string | null, size?: number): string {
  return `checkSuites(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ${SUITE} } }`;
}

/** Fields of a commit with one page of its checks, for history, not for a verdict. */
export function checksSelection(asker: Asker | null): string {
  return rollup(asker);
}

/**
 * Reads the first page of check runs and statuses of the commit at a place in an answer; empty when there is no commit or no report,
 * null when they cannot be read now. Withheld ones give an empty list too, because they are only a hint.
 */
export async function readChecks(answer: PieceAnswer, ...place: readonly (string | number)[]): Promise<Check[] | null> {
  if (at(answer.data, ...place) === null) return lastingly(problemAt(answer.problems, place)) ? [] : null;
  const { nodes, hole } = await readContexts(answer, place);
  const isFirstPage = hole?.problem === null && nodes.length > 0;
  if (hole && !isFirstPage && !lastingly(hole.problem)) return null;
  return nodes.map(readContext).filter((check) => check !== null);
}

const lastingly = (problem: Hole["problem"]) =>
  problem === null || problem.type === "NOT_FOUND" || isWithheld(holeOf(problem));

/** Reads the contexts of a commit. A missing roll-up is an empty list, unless a message is about it. */
async function readContexts(
  answer: PieceAnswer,
  place: readonly (string | number)[],
  next?: (after: string | null, size: number) => Promise<PieceAnswer>,
) {
  const path = [...place, "statusCheckRollup", "contexts"];
  const problem = problemAt(answer.problems, path, isOptional);
  if (!problem && at(answer.data, ...place, "statusCheckRollup") === null) return { nodes: [], hole: null };
  return readConnection(answer, { path, next, optional: isOptional });
}

/**
 * Reads a commit from an answer, and the further pages; null when GitHub does not have the commit. `missing` of the result is the error
 * for reports that could not be read.
 *
 * @throws {GitHubError} when nothing of the commit could be read.
 */
export async function readCommit(
  github: GitHub,
  repo: string,
  answer: PieceAnswer,
  asker: Asker | null,
): Promise<CommitChecks | null> {
  const sha = textAt(answer.data, "commit", "oid");
  if (!sha) {
    const problem = problemAt(answer.problems, ["commit"]);
    if (problem && problem.type !== "NOT_FOUND") throw holeError(holeOf(problem), "the commit", NEEDS);
    return null;
  }
  const more = (page: typeof rollup | typeof suitesOf) => (after: string | null, size: number) =>
    github.repository(repo, commitField(sha, page(asker, after, size)));
  const contexts = await readContexts(answer, ["commit"], more(rollup));
  const all = await readConnection(answer, {
    path: ["commit", "checkSuites"],
    next: more(suitesOf),
    optional: isOptional,
  });
  const checks = contexts.nodes.map(readContext).filter((check) => check !== null);
  const suitesReadable = all.hole === null || !isWithheld(all.hole);
  return {
    sha,
    checks: [...checks, ...suitesAlone(all.nodes, checks, contexts.hole === null)],
    suitesReadable,
    missing: missingOf(sha, contexts.hole ?? (suitesReadable ? all.hole : null)),
  };
}

const suitesOf = (_: Asker | null, after: string | null, size: number) => suites(after, size);

function missingOf(sha: string, hole: Hole | null): GitHubError | null {
  return hole && holeError(hole, `the checks of ${sha.slice(0, 7)}`, NEEDS);
}

/** Field `commit` of a query, with a selection of the commit with a sha. */
export function commitField(sha: string, selection: string): string {
  return `commit: object(oid: ${JSON.stringify(sha)}) { ... on Commit { oid ${selection} } }`;
}

/**
 * Finds suites that count beside check runs: those without any, and workflow runs that go on although all their jobs so far have ended.
 * `whole`: all check runs are known.
 */
function suitesAlone(nodes: readonly unknown[], checks: readonly Check[], whole: boolean): Check[] {
  return nodes.flatMap((node) => {
    const suite = readSuite(node);
    if (suite === null) return [];
    const own = checks.filter((check) => check.suite === suite.suite);
    if (own.length === 0) return whole || standsAlone(suite) ? [suite] : [];
    const goesOn = suite.suiteEnded === false && isRun(suite) && !own.some((check) => isPending(check.state));
    return goesOn ? [suite] : [];
  });
}

/** Whether a suite counts by itself although not all check runs are known: it could not start, or has not ended. */
export function standsAlone({ suiteEnded, raw }: Check): boolean {
  return suiteEnded === false || raw.endsWith("STARTUP_FAILURE");
}

function isRun({ app, run }: Check): boolean {
  return run !== null || app === "github-actions";
}

/** A check run or a commit status as GraphQL shows it; null when it is neither. */
export function readContext(node: unknown): Check | null {
  if (textAt(node, "__typename") === "StatusContext") return readStatus(node);
  const name = textAt(node, "name");
  if (name === null) return null;
  const [status, conclusion] = [textAt(node, "status"), textAt(node, "conclusion")];
  return {
    kind: "check",
    id: numberAt(node, "databaseId") ?? 0,
    name,
    ...suiteFields(at(node, "checkSuite")),
    state: checkRunState(status, conclusion),
    raw: rawState(status, conclusion),
    required: readRequired(node),
    url: textAt(node, "detailsUrl"),
    description: textAt(node, "title"),
    startedAt: timeAt(node, "startedAt"),
    endedAt: timeAt(node, "completedAt"),
  };
}

function readStatus(node: unknown): Check {
  const state = textAt(node, "state") ?? "";
  const mapped = statusContextState(state);
  const createdAt = timeAt(node, "createdAt");
  return {
    kind: "status",
    id: 0,
    name: textAt(node, "context") ?? "",
    ...suiteFields(null),
    state: mapped,
    raw: state,
    required: readRequired(node),
    url: textAt(node, "targetUrl"),
    description: textAt(node, "description"),
    startedAt: createdAt,
    endedAt: mapped === "succeeded" || mapped === "failed" ? createdAt : null,
  };
}

/** Reads a suite; null for an app that is only installed and has reported nothing. */
function readSuite(node: unknown): Check | null {
  const fields = suiteFields(node);
  const [status, conclusion] = [textAt(node, "status"), textAt(node, "conclusion")];
  if (status === null || (fields.app !== "github-actions" && fields.run === null && conclusion === null)) return null;
  return {
    kind: "suite",
    id: fields.suite ?? 0,
    name: fields.workflow ?? fields.app ?? "workflow",
    ...fields,
    state: checkRunState(status, conclusion),
    raw: rawState(status, conclusion),
    required: null,
    url: null,
    description: null,
    startedAt: null,
    endedAt: null,
  };
}

function suiteFields(suite: unknown) {
  const status = textAt(suite, "status");
  return {
    app: textAt(suite, "app", "slug"),
    appId: numberAt(suite, "app", "databaseId"),
    workflow: textAt(suite, "workflowRun", "workflow", "name"),
    workflowId: numberAt(suite, "workflowRun", "workflow", "databaseId"),
    event: textAt(suite, "workflowRun", "event"),
    suite: numberAt(suite, "databaseId"),
    suiteEnded: status === null ? null : status === "COMPLETED",
    suiteConclusion: textAt(suite, "conclusion"),
    run: numberAt(suite, "workflowRun", "databaseId"),
    runNumber: numberAt(suite, "workflowRun", "runNumber"),
    attempt: null,
    cause: null,
  };
}

function readRequired(node: unknown): boolean | null {
  const value = at(node, "isRequired");
  return typeof value === "boolean" ? value : null;
}

function rawState(status: string | null, conclusion: string | null): string {
  return conclusion ? `${status}/${conclusion}` : (status ?? "");
}
