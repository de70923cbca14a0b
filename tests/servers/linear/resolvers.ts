import type { IssueRow, LabelRow, LinearData } from "./data.ts";
import { matches, page } from "./filter.ts";

type Page = { first?: number | null; after?: string | null; filter?: Record<string, unknown> | null };
type Make = (row: { id: string }) => Record<string, unknown>;

/** An entity that Linear does not have: answered as its API does, in `errors` with status 200. */
export class NotFound extends Error {
  constructor(entity: string) {
    super(`Entity not found: ${entity}`);
  }
}

/** The root value for graphql-js over `data`; mutations change `data`. `now` gives the time of changes. */
export function resolvers(data: LinearData, now: () => Date = () => new Date()): Record<string, unknown> {
  const find = <T extends { id: string }>(rows: T[], id: string | null, entity: string): T => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) throw new NotFound(entity);
    return row;
  };
  const list = <T extends { id: string }>(rows: T[], make: (row: T) => Record<string, unknown>, args: Page): object =>
    page(
      rows.filter((row) => matches(plain(row), args.filter)).map((row) => ({ ...make(row), id: row.id })),
      args,
    );
  /** A row with its relations as objects, which is what filters look at. */
  const plain = (row: { id: string }): Record<string, unknown> => {
    const out: Record<string, unknown> = { ...row };
    if ("teamId" in row) out.team = data.teams.find((team) => team.id === row.teamId) ?? null;
    if ("cycleId" in row) out.cycle = row.cycleId ? cycle(find(data.cycles, String(row.cycleId), "Cycle")) : null;
    if ("stateId" in row) out.state = find(data.states, String(row.stateId), "WorkflowState");
    if ("labelIds" in row) out.labels = data.labels.filter((label) => (row.labelIds as string[]).includes(label.id));
    if ("assigneeId" in row) out.assignee = data.users.find((user) => user.id === row.assigneeId) ?? null;
    return "startsAt" in row ? { ...out, ...cycleFlags(row as LinearData["cycles"][number]) } : out;
  };
  const cycleFlags = (row: LinearData["cycles"][number]) => {
    const time = now().toISOString();
    const isActive = row.startsAt <= time && time < row.endsAt;
    const future = data.cycles
      .filter((other) => other.teamId === row.teamId && other.startsAt > time)
      .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
    return { isActive, isPast: row.endsAt <= time, isFuture: row.startsAt > time, isNext: future[0]?.id === row.id };
  };
  const team: Make = (row) => ({
    ...row,
    activeCycle: () => {
      const active = data.cycles.find((candidate) => candidate.teamId === row.id && cycleFlags(candidate).isActive);
      return active ? cycle(active) : null;
    },
    cycles: (args: Page) =>
      list(
        data.cycles.filter((candidate) => candidate.teamId === row.id),
        cycle,
        args,
      ),
    issues: (args: Page) =>
      list(
        alive().filter((candidate) => candidate.teamId === row.id),
        issue,
        args,
      ),
    labels: (args: Page) =>
      list(
        data.labels.filter((candidate) => candidate.teamId === row.id),
        label,
        args,
      ),
  });
  const cycle = (row: LinearData["cycles"][number]): Record<string, unknown> => ({
    ...row,
    ...cycleFlags(row),
    progress: 0,
    team: () => team(find(data.teams, row.teamId, "Team")),
    issues: (args: Page) =>
      list(
        alive().filter((candidate) => candidate.cycleId === row.id),
        issue,
        args,
      ),
  });
  const label = (row: LabelRow): Record<string, unknown> => ({
    ...row,
    updatedAt: row.createdAt,
    team: () => (row.teamId ? team(find(data.teams, row.teamId, "Team")) : null),
    parent: () => (row.parentId ? label(find(data.labels, row.parentId, "IssueLabel")) : null),
  });
  const identifier = (row: IssueRow): string => `${find(data.teams, row.teamId, "Team").key}-${row.number}`;
  const branchName = (row: IssueRow): string =>
    row.branchName ??
    `robin/${identifier(row).toLowerCase()}-${row.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40)}`;
  /** The first user is the owner of the key. */
  const person = (row: LinearData["users"][number] | undefined): Record<string, unknown> | null =>
    row ? { ...row, isMe: row.id === data.users[0]?.id } : null;
  const issue = (row: IssueRow): Record<string, unknown> => ({
    ...row,
    identifier: identifier(row),
    branchName: branchName(row),
    url: `https://linear.app/broom/issue/${identifier(row)}`,
    priorityLabel: ["No priority", "Urgent", "High", "Medium", "Low"][row.priority] ?? "No priority",
    sortOrder: -row.number,
    previousIdentifiers: [],
    team: () => team(find(data.teams, row.teamId, "Team")),
    state: () => {
      const state = find(data.states, row.stateId, "WorkflowState");
      return { ...state, team: () => team(find(data.teams, state.teamId, "Team")) };
    },
    cycle: () => (row.cycleId ? cycle(find(data.cycles, row.cycleId, "Cycle")) : null),
    assignee: () => person(data.users.find((user) => user.id === row.assigneeId)),
    creator: () => person(data.users[0]),
    parent: () => (row.parentId ? issue(find(data.issues, row.parentId, "Issue")) : null),
    labels: (args: Page) =>
      list(
        data.labels.filter((candidate) => row.labelIds.includes(candidate.id)),
        label,
        args,
      ),
    comments: (args: Page) =>
      list(
        data.comments.filter((candidate) => candidate.issueId === row.id),
        comment,
        args,
      ),
  });
  const comment = (row: LinearData["comments"][number]): Record<string, unknown> => ({
    ...row,
    updatedAt: row.createdAt,
    url: `https://linear.app/broom/comment/${row.id}`,
    user: () => person(data.users[0]),
    issue: () => issue(find(data.issues, row.issueId, "Issue")),
  });
  const alive = (): IssueRow[] => data.issues.filter((row) => !row.trashed);
  const byId = (id: string): IssueRow => {
    const row = data.issues.find((candidate) => candidate.id === id || identifier(candidate) === id.toUpperCase());
    if (!row) throw new NotFound("Issue");
    return row;
  };
  let sync = 100;
  const done = (more: object): object => ({ success: true, lastSyncId: ++sync, ...more });
  const checkLabels = (ids: string[]): void => ids.forEach((id) => void find(data.labels, id, "IssueLabel"));

  return {
    viewer: () => person(data.users[0]),
    team: ({ id }: { id: string }) =>
      team(data.teams.find((row) => row.id === id || row.key === id) ?? find(data.teams, id, "Team")),
    teams: (args: Page) => list(data.teams, team, args),
    issue: ({ id }: { id: string }) => issue(byId(id)),
    issues: (args: Page) => list(alive(), issue, args),
    issueVcsBranchSearch: ({ branchName: name }: { branchName: string }) => {
      const row = alive().find(
        (candidate) =>
          branchName(candidate) === name || name.toLowerCase().includes(identifier(candidate).toLowerCase()),
      );
      return row ? issue(row) : null;
    },
    issueLabels: (args: Page) => list(data.labels, label, args),
    cycle: ({ id }: { id: string }) => cycle(find(data.cycles, id, "Cycle")),
    cycles: (args: Page) => list(data.cycles, cycle, args),
    issueCreate: ({ input }: { input: Partial<IssueRow> & { teamId: string } }) => {
      const owner = find(data.teams, input.teamId, "Team");
      if (!input.title) throw new Error("Argument Validation Error: title must be a non-empty string");
      checkLabels(input.labelIds ?? []);
      const time = now().toISOString();
      const number = Math.max(0, ...data.issues.filter((row) => row.teamId === owner.id).map((row) => row.number)) + 1;
      const defaults = {
        description: null,
        priority: 0,
        estimate: null,
        cycleId: null,
        labelIds: [],
        assigneeId: null,
        parentId: null,
      };
      const stateId =
        data.states.find((state) => state.teamId === owner.id && state.type === "backlog")?.id ?? data.states[0]!.id;
      const row: IssueRow = {
        id: `issue-${owner.key}-${number}`,
        title: input.title,
        number,
        trashed: false,
        stateId,
        createdAt: time,
        updatedAt: time,
        ...defaults,
        ...input,
      };
      data.issues.push(row);
      return done({ issue: issue(row) });
    },
    issueUpdate: ({
      id,
      input,
    }: {
      id: string;
      input: Partial<IssueRow> & { addedLabelIds?: string[]; removedLabelIds?: string[] };
    }) => {
      const row = byId(id);
      const { addedLabelIds = [], removedLabelIds = [], ...fields } = input;
      checkLabels([...(fields.labelIds ?? []), ...addedLabelIds]);
      Object.assign(row, fields, { updatedAt: now().toISOString() });
      row.labelIds = [...new Set([...row.labelIds, ...addedLabelIds])].filter(
        (label) => !removedLabelIds.includes(label),
      );
      return done({ issue: issue(row) });
    },
    issueLabelCreate: ({ input }: { input: Partial<LabelRow> & { name: string } }) => {
      if (
        data.labels.some(
          (row) =>
            row.name.toLowerCase() === input.name.toLowerCase() &&
            (row.teamId === null || row.teamId === (input.teamId ?? null)),
        )
      )
        throw new Error(`duplicate label name`);
      const defaults = { color: "#888", description: null, isGroup: false, teamId: null, parentId: null };
      const row: LabelRow = {
        id: `label-${data.labels.length + 1}`,
        createdAt: now().toISOString(),
        ...defaults,
        ...input,
      };
      data.labels.push(row);
      return done({ issueLabel: label(row) });
    },
    commentCreate: ({ input }: { input: { issueId?: string; body?: string } }) => {
      const row = {
        id: `comment-${data.comments.length + 1}`,
        body: input.body ?? "",
        issueId: byId(input.issueId ?? "").id,
        createdAt: now().toISOString(),
      };
      data.comments.push(row);
      return done({ comment: comment(row) });
    },
  };
}
