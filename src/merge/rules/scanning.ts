import { orWithheld, restList } from "../../github/answer/rest-list.ts";
import type { GitHub } from "../../github/client.ts";
import { commitField } from "../../github/commit-checks.ts";
import { GitHubError } from "../../github/errors.ts";
import type { PullRequest, ScanningTool } from "../../github/pull-request.ts";
import { listAt, numberAt, textAt } from "../../github/read.ts";
import type { RequiredCheck } from "../facts.ts";

/** Severities that each threshold of a rule blocks. */
const SEVERITIES: Readonly<Record<string, readonly string[]>> = {
  none: [],
  errors: ["error"],
  errors_and_warnings: ["error", "warning"],
  critical: ["critical"],
  high_or_higher: ["critical", "high"],
  medium_or_higher: ["critical", "high", "medium"],
};

/** The fields of a pull request that locate its results. */
type Place = Pick<PullRequest, "number" | "head" | "base">;

/**
 * Reads the states of the required code scanning results of a head: `missing` without an analysis of it, `failed` with an open alert
 * that the rule blocks and the base lacks. Null when this login may not read them.
 *
 * @throws {GitHubError} when the results could not be read now.
 */
export async function readScanning(
  github: GitHub,
  repo: string,
  pull: Place,
  tools: readonly ScanningTool[],
): Promise<readonly RequiredCheck[] | null> {
  const found: RequiredCheck[] = [];
  for (const tool of tools) {
    const state = await stateOf(github, repo, pull, tool);
    if (state === null) return null;
    found.push({ name: tool.tool, state });
  }
  return found;
}

async function stateOf(github: GitHub, repo: string, pull: Place, rule: ScanningTool) {
  const analyses = await analysesOf(github, address(repo, "analyses", rule, `pr=${pull.number}`));
  if (analyses === null) return null;
  const commits = analyses.flatMap((row) => textAt(row, "commit_sha") ?? []);
  if (!(await isOfHead(github, repo, pull.head, commits))) return "missing";
  const alerts = await alertsOf(github, repo, rule, `pr=${pull.number}`);
  if (alerts === null) return null;
  if (alerts.length === 0) return "passed";
  const known = (await alertsOf(github, repo, rule, `ref=${encodeURIComponent(`refs/heads/${pull.base}`)}`)) ?? [];
  return alerts.every((alert) => known.includes(alert)) ? "passed" : "failed";
}

/** Reads the analyses, newest first. For "none", GitHub answers with a status that also means "forbidden" or "not found". */
async function analysesOf(github: GitHub, path: string): Promise<readonly unknown[] | null> {
  try {
    return listAt(await github.rest<unknown>(path));
  } catch (error) {
    if (error instanceof GitHubError && /no analysis found|must be enabled|not enabled/i.test(error.message)) return [];
    return orWithheld(Promise.reject(error));
  }
}

/** Whether the newest analysis is of the head, or of GitHub's test merge, which has the head as a parent. */
async function isOfHead(github: GitHub, repo: string, head: string, commits: readonly string[]): Promise<boolean> {
  if (commits.includes(head)) return true;
  const [newest] = commits;
  if (newest === undefined) return false;
  const { data } = await github.repository(repo, commitField(newest, "parents(first: 2) { nodes { oid } }"));
  return listAt(data, "commit", "parents", "nodes").some((parent) => textAt(parent, "oid") === head);
}

/** Reads the numbers of the open alerts that the rule blocks. An alert has the same number on every ref. */
async function alertsOf(github: GitHub, repo: string, rule: ScanningTool, where: string): Promise<number[] | null> {
  const rows = await orWithheld(restList(github, address(repo, "alerts", rule, `state=open&${where}`)));
  if (rows === null) return null;
  return rows.filter((row) => counts(row, rule)).flatMap((row) => numberAt(row, "number") ?? []);
}

/** Whether a rule blocks an alert. An unknown threshold blocks every alert. */
function counts(alert: unknown, { alerts, security }: ScanningTool): boolean {
  const level = textAt(alert, "rule", "security_severity_level");
  const stopped = SEVERITIES[(level === null ? alerts : security).toLowerCase()];
  return stopped?.includes(level ?? textAt(alert, "rule", "severity") ?? "") ?? true;
}

function address(repo: string, what: string, { tool }: ScanningTool, where: string): string {
  return `repos/${repo}/code-scanning/${what}?tool_name=${encodeURIComponent(tool)}&${where}&per_page=100`;
}
