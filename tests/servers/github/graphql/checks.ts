import { waitingFor } from "../actions/environment.ts";
import { type Check, type Status, type Suite, statusAt } from "../checks.ts";
import { iso, isoOrNull } from "../clock.ts";
import type { Commit } from "../commit.ts";
import { appId, workflowId } from "../ids.ts";
import type { Pull } from "../pull.ts";
import { isRequired } from "../rules/required.ts";
import { viewAnnotation, viewStep } from "./check-details.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { viewActor } from "./conversation.ts";
import { viewRequest } from "./environments.ts";
import { forbidden } from "./errors.ts";
import { repoUrl, viewRepo } from "./repository.ts";

/** The pull request an `isRequired` is asked about. */
interface Asked {
  pullRequestId?: string | null;
  pullRequestNumber?: number | null;
}

/** The roll-up of a commit; `null` when nothing reports on it. */
export function viewRollup(commit: Commit) {
  const { permissions } = commit.repo.world;
  if (!permissions.checks && !permissions.statuses) throw forbidden();
  const items = [...commit.shownChecks(), ...commit.shownStatuses()];
  if (items.length === 0) return null;
  return {
    id: `SCR_${commit.sha}`,
    commit: () => viewCommit(commit),
    state: () => rollupState(items, commit.repo.world.now()),
    contexts: (page: Page) => ({
      ...connection(items, page, (item) => viewContext(item, commit)),
      checkRunCount: commit.shownChecks().length,
      statusContextCount: commit.shownStatuses().length,
    }),
  };
}

/** A context, or the error that stands in its place: one unreadable node leaves the others readable. */
function viewContext(item: Check | Status, commit: Commit): object {
  const { permissions } = commit.repo.world;
  const allowed = "suite" in item ? permissions.checks : permissions.statuses;
  if (!allowed) return forbidden();
  return "suite" in item ? viewCheck(item, commit) : viewStatus(item, commit);
}

/** A check run. */
export function viewCheck(check: Check, commit: Commit): object {
  const { plan } = check;
  const now = () => commit.repo.world.now();
  const annotations = check.annotations(now());
  const url = check.suite.workflow
    ? `${repoUrl(commit.repo)}/actions/runs/${check.suite.runId}/job/${check.id}`
    : (plan.detailsUrl ?? `https://ci.example/${check.id}`);
  return {
    __typename: "CheckRun",
    id: `CR_${check.id}`,
    databaseId: plan.ghost ? check.id + 5_000 : check.id,
    name: plan.name,
    status: () => (plan.ghost ? "QUEUED" : check.at(now()).status),
    conclusion: () => (plan.ghost ? null : check.at(now()).conclusion),
    startedAt: () => (plan.ghost ? null : isoOrNull(check.at(now()).startedAt)),
    completedAt: () => (plan.ghost ? null : isoOrNull(check.at(now()).completedAt)),
    detailsUrl: plan.detailsUrl ?? url,
    url,
    permalink: url,
    externalId: plan.externalId ?? "",
    title: plan.title ?? null,
    summary: plan.summary ?? null,
    text: plan.text ?? null,
    isRequired: (asked: Asked) => requiredFor(check, commit, asked),
    checkSuite: () => viewSuite(check.suite, commit),
    pendingDeploymentRequest: () => viewPending(check, commit),
    repository: () => viewRepo(commit.repo),
    annotations: (page: Page) => connection(annotations, page, viewAnnotation),
    steps: (page: Page) => connection(plan.steps ?? [], page, (step) => viewStep(step, check, now())),
  };
}

/** What the job's environment asks while the job waits. Source: GraphQL, `CheckRun.pendingDeploymentRequest`. */
function viewPending(check: Check, commit: Commit): object | null {
  const { environment } = check.plan;
  const waits = environment !== undefined && check.at(commit.repo.world.now()).status === "WAITING";
  return waits ? viewRequest(environment, [check], commit.repo) : null;
}

/** The apps whose statuses have these names, where a test does not say who made one. Source: REST, `creator` of public statuses. */
const OWNERS: Readonly<Record<string, string>> = { coderabbit: "coderabbitai", "greptile review": "greptile-apps" };

/** A commit status context. */
export function viewStatus(status: Status, commit: Commit): object {
  const { plan } = status;
  const current = statusAt(status, commit.repo.world.now())!;
  return {
    __typename: "StatusContext",
    id: `SC_${status.id}`,
    context: plan.context,
    state: current.state,
    createdAt: iso(current.at),
    description: current.description,
    targetUrl: plan.targetUrl ?? null,
    creator: viewActor(plan.creator ?? `${plan.app ?? OWNERS[plan.context.toLowerCase()] ?? "ci-bot"}[bot]`),
    commit: () => viewCommit(commit),
    isRequired: (asked: Asked) => requiredFor(status, commit, asked),
  };
}

/** A check suite. */
export function viewSuite(suite: Suite, commit: Commit): object {
  const now = () => commit.repo.world.now();
  return {
    __typename: "CheckSuite",
    id: `CS_${suite.id}`,
    databaseId: suite.id,
    status: () => suite.at(now()).status,
    conclusion: () => suite.at(now()).conclusion,
    createdAt: iso(suite.createdAt),
    branch: commit.branch === null ? null : { __typename: "Ref", name: suite.fixed?.branch ?? commit.branch },
    updatedAt: () => iso(now()),
    url: `${repoUrl(commit.repo)}/commit/${commit.sha}/checks?check_suite_id=${suite.id}`,
    app: { __typename: "App", id: `A_${suite.app}`, slug: suite.app, name: suite.app, databaseId: appId(suite.app) },
    commit: () => viewCommit(commit),
    repository: () => viewRepo(commit.repo),
    checkRuns: (page: RunsPage) =>
      connection(findChecks(suite, page, now()), page, (check) => viewCheck(check, commit)),
    workflowRun: () => (suite.workflow ? viewRun(suite, commit) : null),
  };
}

interface RunsPage extends Page {
  filterBy?: { checkType?: string | null; checkName?: string | null } | null;
}

/** The latest check run of each job, or with `ALL` those of earlier attempts too. Source: GraphQL, `CheckRunType`. */
function findChecks(suite: Suite, { filterBy }: RunsPage, now: number): Check[] {
  const all = filterBy?.checkType === "ALL" ? suite.checks.filter((check) => check.visible(now)) : suite.latest(now);
  return all.filter((check) => !filterBy?.checkName || check.plan.name === filterBy.checkName);
}

/**
 * A workflow run. GraphQL shows its number, its event, its file and which deployments wait for somebody; the attempt is only in REST
 * (`run_attempt`).
 */
export function viewRun(suite: Suite, commit: Commit): object {
  const { repo } = commit;
  if (!repo.world.permissions.actions) throw forbidden();
  const url = `${repoUrl(repo)}/actions/runs/${suite.runId}`;
  const id = workflowId(suite.workflow ?? "");
  return {
    __typename: "WorkflowRun",
    id: `WR_${suite.runId}`,
    databaseId: suite.runId,
    event: suite.event,
    runNumber: suite.runNumber,
    createdAt: iso(suite.createdAt),
    updatedAt: iso(repo.world.now()),
    url,
    resourcePath: new URL(url).pathname,
    checkSuite: () => viewSuite(suite, commit),
    file: { id: `WRF_${suite.runId}`, path: suite.path },
    workflow: { id: `W_${suite.workflow}`, databaseId: id, name: suite.workflow, state: "ACTIVE" },
    pendingDeploymentRequests: (page: Page) =>
      connection(waitingFor(suite, repo.world.now()), page, ({ environment, checks }) =>
        viewRequest(environment, checks, repo),
      ),
  };
}

function requiredFor(item: Check | Status, commit: Commit, asked: Asked): boolean {
  const pulls = [...commit.repo.pulls.values()];
  const pull = pulls.find(
    (candidate) => candidate.number === asked.pullRequestNumber || pullId(candidate) === asked.pullRequestId,
  );
  return pull ? isRequired(pull, item) : false;
}

/** The node id of a pull request. */
export function pullId(pull: Pull): string {
  return `PR_${Buffer.from(`${pull.repo.id}#${pull.number}`).toString("base64url")}`;
}

function rollupState(items: (Check | Status)[], now: number): string {
  const values = items.map((item) =>
    "suite" in item ? (item.at(now).conclusion ?? "PENDING") : statusAt(item, now)!.state,
  );
  if (values.some((value) => /^(FAILURE|TIMED_OUT|CANCELLED|STARTUP_FAILURE|ACTION_REQUIRED|STALE)$/.test(value)))
    return "FAILURE";
  if (values.includes("ERROR")) return "ERROR";
  if (values.every((value) => /^(SUCCESS|NEUTRAL|SKIPPED)$/.test(value))) return "SUCCESS";
  return values.includes("EXPECTED") ? "EXPECTED" : "PENDING";
}
