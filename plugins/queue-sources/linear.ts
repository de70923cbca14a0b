import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DiscoverContext,
  defineQueueSource,
  type FoundItem,
  isObject,
  type Json,
  readSmallFile,
  UnavailableError,
} from "../../src/plugin.ts";
import { type Linear, openLinear } from "./linear/client.ts";
import { type Naming, namedAtGitHub, namedIssues } from "./linear/identifiers.ts";

/** The issue that the pull request is about, by its branch and by the identifiers that it names. */
const NAMED = `query P9Named($branch: String!, $named: IssueFilter!) {
  branch: issueVcsBranchSearch(branchName: $branch) { ...Named }
  named: issues(first: 20, filter: $named) { nodes { ...Named } }
}
fragment Named on Issue { id identifier team { id } labels(first: 50) { nodes { name } } }`;

/** Issues of a cycle, a page at a time. */
const CYCLE = `query P9Cycle($filter: IssueFilter!, $after: String) {
  issues(first: 50, after: $after, filter: $filter) {
    nodes { id identifier title url priority priorityLabel assignee { isMe } labels(first: 50) { nodes { name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const CACHE_MS = 2 * 60_000;
const PAGES = 5;
/** States of issues that are not started. */
const NOT_STARTED = ["triage", "backlog", "unstarted"];

/** Open issues of the current cycle that have a label in common with the issue that the pull request names. */
export default defineQueueSource({
  name: "linear",
  summary: "Issues of the current cycle with the same labels",
  env: ["LINEAR_API_KEY"],
  timeoutS: 15,
  discover: async (context) => {
    const linear = openLinear(context);
    const naming = await namedIssues(context);
    const path = join(context.dataDir(), "cycle.json");
    const about = digest([context.env.LINEAR_API_URL ?? "", JSON.stringify(naming)]);
    const cached = readCache(path, about, context.clock.now());
    if (cached) return cached.slice(0, context.limit);
    const found = await ask(linear, naming, context);
    writeFileSync(path, JSON.stringify({ about, at: context.clock.now(), items: found }), { mode: 0o600 });
    return found.slice(0, context.limit);
  },
});

async function ask(linear: Linear, naming: Naming, context: DiscoverContext): Promise<readonly FoundItem[]> {
  const own = (await ownIssue(linear, naming)) ?? (await ownIssue(linear, await namedAtGitHub(context)));
  if (!own) throw new UnavailableError("the pull request names no issue that Linear knows");
  if (own.labels.length === 0) return [];
  const filter = {
    team: { id: { eq: own.team } },
    cycle: { isActive: { eq: true } },
    state: { type: { in: NOT_STARTED } },
    labels: { some: { name: { in: own.labels } } },
  };
  const issues: Issue[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES && issues.length < context.limit * 2; page++) {
    const { issues: connection } = await linear(CYCLE, { filter, after });
    const { nodes, endCursor } = readPage(connection);
    issues.push(...nodes);
    after = endCursor;
    if (after === null) break;
  }
  return issues
    .filter((issue) => issue.identifier !== own.identifier && issue.mine !== false)
    .map((issue) => ({ issue, common: issue.labels.filter((label) => own.labels.includes(label)) }))
    .sort((a, b) => urgency(a.issue) - urgency(b.issue) || b.common.length - a.common.length)
    .map(({ issue, common }) => asItem(issue, common, own.identifier));
}

function asItem(issue: Issue, common: readonly string[], own: string): FoundItem {
  const priority = issue.priority > 0 ? `, ${issue.priorityLabel.toLowerCase()} priority` : "";
  return {
    item: `${issue.identifier}: ${issue.title}${issue.url ? ` (${issue.url})` : ""}`,
    key: issue.identifier,
    why: `label ${common.join(", ")} as ${own}, current cycle${priority}`,
  };
}

/** Linear counts 1 as urgent, 4 as low and 0 as none. */
function urgency({ priority }: Issue): number {
  return priority === 0 ? 5 : priority;
}

interface Issue {
  readonly identifier: string;
  readonly title: string;
  readonly url: string;
  readonly priority: number;
  readonly priorityLabel: string;
  /** Whether it is assigned to the key's owner; null: unassigned. */
  readonly mine: boolean | null;
  readonly labels: readonly string[];
}

async function ownIssue(linear: Linear, naming: Naming | null) {
  if (!naming || (naming.identifiers.length === 0 && !naming.branch)) return null;
  const { branch, identifiers } = naming;
  const or: Json = identifiers.map(({ team, number }) => ({
    team: { key: { eqIgnoreCase: team } },
    number: { eq: number },
  }));
  const none = { number: { eq: -1 } };
  const data = await linear(NAMED, { branch: branch || "-", named: identifiers.length > 0 ? { or } : none });
  const nodes = isObject(data.named) && Array.isArray(data.named.nodes) ? data.named.nodes.filter(isObject) : [];
  const inOrder = identifiers.flatMap(({ team, number }) =>
    nodes.filter(({ identifier }) => String(identifier).toUpperCase() === `${team}-${number}`),
  );
  const own = isObject(data.branch) ? data.branch : inOrder[0];
  if (!own) return null;
  const team = isObject(own.team) ? String(own.team.id) : "";
  return { identifier: String(own.identifier), team, labels: labelNames(own.labels) };
}

function readPage(connection: unknown): { nodes: readonly Issue[]; endCursor: string | null } {
  if (!isObject(connection) || !Array.isArray(connection.nodes)) throw new Error("Linear gave no page of issues");
  const info = isObject(connection.pageInfo) ? connection.pageInfo : {};
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    nodes: connection.nodes.filter(isObject).map((node) => ({
      identifier: text(node.identifier),
      title: text(node.title),
      url: text(node.url),
      priority: typeof node.priority === "number" ? node.priority : 0,
      priorityLabel: text(node.priorityLabel),
      mine: isObject(node.assignee) ? node.assignee.isMe === true : null,
      labels: labelNames(node.labels),
    })),
    endCursor: info.hasNextPage === true && typeof info.endCursor === "string" ? info.endCursor : null,
  };
}

function labelNames(connection: unknown): readonly string[] {
  const nodes = isObject(connection) && Array.isArray(connection.nodes) ? connection.nodes : [];
  return nodes.flatMap((node) => (isObject(node) && typeof node.name === "string" ? [node.name] : []));
}

function readCache(path: string, about: string, now: number): readonly FoundItem[] | null {
  try {
    const cache: unknown = JSON.parse(readSmallFile(path, 8 * 1024 * 1024));
    if (!isObject(cache) || cache.about !== about || !Array.isArray(cache.items)) return null;
    const age = now - Number(cache.at);
    return age >= 0 && age < CACHE_MS ? cache.items : null;
  } catch {
    return null;
  }
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
