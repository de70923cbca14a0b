import type { FieldProblem, PieceAnswer } from "./batch.ts";
import { checkRunState, statusContextState } from "./checks.ts";
import { forbidden } from "./classify.ts";
import type { GitHub } from "./client.ts";
import type { Check, CommitChecks } from "./pull-request.ts";
import { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "./read.ts";

/** For which pull request `isRequired` is asked. */
export interface Asker {
  readonly number: number;
  readonly id?: string;
}

/** Pages of a hundred contexts or suites that are read at most. */
const MAX_PAGES = 30;

const APP = "app { slug databaseId }";
const RUN = "workflowRun { databaseId event workflow { name } }";

/** The fields of a commit that tell everything that reports on it: one page of contexts and one of suites. */
export function commitSelection(asker: Asker | null): string {
  return `oid ${rollup(asker)} ${suites()}`;
}

function rollup(asker: Asker | null, after?: string): string {
  const required = asker
    ? `isRequired(${asker.id ? `pullRequestId: ${JSON.stringify(asker.id)}` : `pullRequestNumber: ${asker.number}`})`
    : "";
  return `statusCheckRollup { contexts(first: 100${cursor(after)}) { pageInfo { hasNextPage endCursor } nodes { __typename
    ... on CheckRun { databaseId name status conclusion startedAt completedAt detailsUrl ${required} checkSuite { databaseId ${APP} ${RUN} } }
    ... on StatusContext { context state targetUrl createdAt description ${required} } } } }`;
}

function suites(after?: string): string {
  return `checkSuites(first: 100${cursor(after)}) { pageInfo { hasNextPage endCursor } nodes { databaseId status conclusion ${APP} ${RUN} } }`;
}

const cursor = (after: string | undefined) => (after ? `, after: ${JSON.stringify(after)}` : "");

/** The fields that tell which checks a commit has, one page of them: for history, not for a verdict. */
export function checksSelection(asker: Asker | null): string {
  return rollup(asker);
}

/** The first page of a commit's check runs and statuses; empty when there is no commit or it may not be read. */
export function readChecks(commit: unknown): Check[] {
  return listAt(commit, "statusCheckRollup", "contexts", "nodes")
    .map(readContext)
    .filter((check) => check !== null);
}

/**
 * Reads a commit out of an answer, and the pages that follow its first; null when the commit is not there.
 *
 * @throws {GitHubError} `forbidden` when the token may not read checks or statuses.
 */
export async function readCommit(
  github: GitHub,
  repo: string,
  { data, problems }: PieceAnswer,
  asker: Asker | null,
): Promise<CommitChecks | null> {
  const commit = at(data, "commit");
  refuseUnreadable(problems);
  const sha = textAt(commit, "oid");
  if (!sha) return null;
  const more = (page: (after: string) => string) => async (after: string) => {
    const answer = await github.repository(repo, commitField(sha, page(after)));
    refuseUnreadable(answer.problems);
    return at(answer.data, "commit");
  };
  const contexts = await pages(
    commit,
    ["statusCheckRollup", "contexts"],
    more((after) => rollup(asker, after)),
  );
  const all = await pages(commit, ["checkSuites"], more(suites));
  const checks = contexts.map(readContext).filter((check) => check !== null);
  const known = new Set(checks.map((check) => check.suite));
  const bare = all.map(readSuite).filter((suite) => suite !== null && !known.has(suite.suite));
  return {
    sha,
    checks: [...checks, ...bare.filter((suite) => suite !== null)],
    suitesReadable: at(commit, "checkSuites") !== null,
  };
}

/** A field `commit` that selects from the commit with that sha. */
export function commitField(sha: string, selection: string): string {
  return `commit: object(oid: ${JSON.stringify(sha)}) { ... on Commit { oid ${selection} } }`;
}

async function pages(
  commit: unknown,
  path: readonly string[],
  next: (after: string) => Promise<unknown>,
): Promise<unknown[]> {
  const nodes: unknown[] = [];
  let page = commit;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    nodes.push(...listAt(page, ...path, "nodes"));
    const after = textAt(page, ...path, "pageInfo", "endCursor");
    if (!isTrueAt(page, ...path, "pageInfo", "hasNextPage") || !after) break;
    page = await next(after);
  }
  return nodes;
}

/** Suites are worth having but not needed; checks and statuses are the verdict itself. */
function refuseUnreadable(problems: readonly FieldProblem[]): void {
  const refused = problems.find((problem) => problem.path.includes("statusCheckRollup") && isForbidden(problem));
  if (!refused) return;
  const needs = 'a token with the permissions "Checks: read" and "Commit statuses: read"';
  throw forbidden(refused.message, undefined, 200, needs);
}

function isForbidden({ type, message }: FieldProblem): boolean {
  return type === "FORBIDDEN" || /not accessible|SAML|must have .*(?:access|scope|permission)/i.test(message);
}

function readContext(node: unknown): Check | null {
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
    description: null,
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

/** A suite stands for itself only when it has no check run; other apps' empty suites mean nothing and are left out. */
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
  return {
    app: textAt(suite, "app", "slug"),
    appId: numberAt(suite, "app", "databaseId"),
    workflow: textAt(suite, "workflowRun", "workflow", "name"),
    event: textAt(suite, "workflowRun", "event"),
    suite: numberAt(suite, "databaseId"),
    run: numberAt(suite, "workflowRun", "databaseId"),
  };
}

function readRequired(node: unknown): boolean | null {
  const value = at(node, "isRequired");
  return typeof value === "boolean" ? value : null;
}

function rawState(status: string | null, conclusion: string | null): string {
  return conclusion ? `${status}/${conclusion}` : (status ?? "");
}
