import { PAGE_FIELDS, pageArguments, readConnection } from "../answer/connection.ts";
import { orWithheld, restList } from "../answer/rest-list.ts";
import type { GitHub } from "../client.ts";
import { commitField } from "../commit-checks.ts";
import type { Check } from "../pull-request.ts";
import { at, listAt, numberAt, textAt } from "../read.ts";
import type { Cause } from "./cause.ts";

const NEEDS = 'a token with the permission "Actions: read"';

/** Reviewers and wait timer of one environment. */
interface Pending {
  readonly environment: string;
  readonly minutes: number;
  readonly reviewers: readonly string[];
}

/** Whether a state has several causes, so that the cause must be read: `WAITING`, `PENDING`. */
function hasCause(status: string | null): boolean {
  return /^(?:waiting|pending)$/i.test(status ?? "");
}

/**
 * Reads why a workflow run has not started its jobs (those of `environment`, when given). `status` is the run's, in upper or lower case.
 * Makes one request, only for the two statuses with several causes; null for any other status.
 */
export async function whyRunWaits(
  github: GitHub,
  repo: string,
  run: number,
  status: string | null,
  environment?: string,
): Promise<Cause | null> {
  if (/^pending$/i.test(status ?? "")) return { is: "group", group: await readGroup(github, repo, run) };
  if (!/^waiting$/i.test(status ?? "")) return null;
  const pending = await orWithheld(restList(github, `repos/${repo}/actions/runs/${run}/pending_deployments`));
  if (pending === null) return { is: "withheld", needs: NEEDS };
  const all = pending.map(ofRest);
  const own = all.filter((entry) => entry.environment === environment);
  return causeOf(own.length > 0 ? own : all);
}

/** Adds the cause to checks and runs whose state has several causes. Makes no request when there is none. */
export async function withCauses(
  github: GitHub,
  repo: string,
  sha: string,
  checks: readonly Check[],
): Promise<readonly Check[]> {
  const unexplained = checks.filter((check) => check.kind !== "status" && hasCause(check.raw));
  if (unexplained.length === 0) return checks;
  const byJob = unexplained.some((check) => check.raw === "WAITING")
    ? await readRequests(github, repo, sha)
    : new Map<number, Cause>();
  const byRun = new Map<string, Promise<Cause | null>>();
  const ofRun = ({ run, raw }: Check): Promise<Cause | null> => {
    const key = `${run} ${raw}`;
    const known = byRun.get(key) ?? whyRunWaits(github, repo, run ?? 0, raw);
    byRun.set(key, known);
    return known;
  };
  const explained = await Promise.all(
    unexplained.map(async (check): Promise<[Check, Cause]> => {
      const cause = byJob.get(check.id) ?? (check.run === null ? null : await ofRun(check));
      return [check, cause ?? { is: check.raw === "PENDING" ? "group" : "rule", group: null, environment: null }];
    }),
  );
  const causes = new Map(explained);
  return checks.map((check) => {
    const cause = causes.get(check);
    return cause ? { ...check, cause, state: cause.is === "reviewer" ? "blocked" : check.state } : check;
  });
}

/** Reads the causes of a commit's waiting jobs, by the id of the check run; empty when this login may not read them. */
async function readRequests(github: GitHub, repo: string, sha: string): Promise<Map<number, Cause>> {
  const selection = (after: string | null, size?: number) =>
    `statusCheckRollup { contexts(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { ... on CheckRun { databaseId
      pendingDeploymentRequest { waitTimer environment { name }
        reviewers(first: 6) { nodes { __typename ... on User { login } ... on Team { combinedSlug } } } } } } } }`;
  const next = (after: string | null, size?: number) =>
    github.repository(repo, commitField(sha, selection(after, size)));
  const { nodes } = await readConnection(await next(null), { path: ["commit", "statusCheckRollup", "contexts"], next });
  return new Map(
    nodes.flatMap((node): [number, Cause][] => {
      const [id, request] = [numberAt(node, "databaseId"), at(node, "pendingDeploymentRequest")];
      return id === null || request === null ? [] : [[id, causeOf([ofGraphql(request)])]];
    }),
  );
}

/** The cause among several environments: reviewers first, then timers. */
function causeOf(pending: readonly Pending[]): Cause {
  const asked = pending.find(({ reviewers }) => reviewers.length > 0);
  if (asked) return { is: "reviewer", environment: asked.environment, reviewers: asked.reviewers };
  const timed = pending.find(({ minutes }) => minutes > 0);
  if (timed) return { is: "timer", environment: timed.environment, minutes: timed.minutes };
  return { is: "rule", environment: pending[0]?.environment ?? null };
}

function ofRest(entry: unknown): Pending {
  return {
    environment: textAt(entry, "environment", "name") ?? "",
    minutes: numberAt(entry, "wait_timer") ?? 0,
    reviewers: listAt(entry, "reviewers").flatMap((item) => {
      const who = at(item, "reviewer");
      return textAt(who, "login") ?? textAt(who, "slug") ?? [];
    }),
  };
}

function ofGraphql(request: unknown): Pending {
  return {
    environment: textAt(request, "environment", "name") ?? "",
    minutes: numberAt(request, "waitTimer") ?? 0,
    reviewers: listAt(request, "reviewers", "nodes").flatMap(
      (node) => textAt(node, "login") ?? textAt(node, "combinedSlug") ?? [],
    ),
  };
}

/** Reads the name of the concurrency group that a run waits in; null when the server does not show it. */
async function readGroup(github: GitHub, repo: string, run: number): Promise<string | null> {
  const path = `repos/${repo}/actions/runs/${run}/concurrency_groups?per_page=100`;
  const groups = await orWithheld(restList(github, path, "concurrency_groups"));
  const waits = (group: unknown) =>
    listAt(group, "group_members").some((member) => textAt(member, "status") === "pending");
  return textAt(groups?.find(waits) ?? groups?.[0], "group_name");
}
