/** What the Linear test server knows. Ids are plain strings; relations are ids. */
export interface LinearData {
  users: { id: string; name: string; displayName: string; email: string }[];
  teams: { id: string; key: string; name: string; cyclesEnabled: boolean }[];
  states: { id: string; name: string; type: string; position: number; color: string; teamId: string }[];
  cycles: {
    id: string;
    number: number;
    name: string | null;
    startsAt: string;
    endsAt: string;
    completedAt: string | null;
    teamId: string;
  }[];
  labels: LabelRow[];
  issues: IssueRow[];
  comments: { id: string; body: string; issueId: string; createdAt: string }[];
}

/** A label; `teamId` null means that it belongs to the workspace. */
export interface LabelRow {
  id: string;
  name: string;
  color: string;
  description: string | null;
  isGroup: boolean;
  teamId: string | null;
  parentId: string | null;
  createdAt: string;
}

/** An issue; `identifier` is derived from the team's key and `number`. */
export interface IssueRow {
  id: string;
  number: number;
  teamId: string;
  title: string;
  description: string | null;
  priority: number;
  estimate: number | null;
  stateId: string;
  cycleId: string | null;
  labelIds: string[];
  assigneeId: string | null;
  parentId: string | null;
  trashed: boolean;
  createdAt: string;
  updatedAt: string;
  /** Overrides the derived branch name. */
  branchName?: string;
}

/** One team (`BRO`), three states, the current cycle, no issues. `now` is the time of the server that answers over it. */
export function emptyLinear(key = "BRO", now = new Date()): LinearData {
  const day = 86_400_000;
  const at = (days: number): string => new Date(now.getTime() + days * day).toISOString();
  const teamId = `team-${key}`;
  const state = (type: string, name: string, position: number) => ({
    id: `state-${type}`,
    name,
    type,
    position,
    color: "#aaa",
    teamId,
  });
  return {
    users: [{ id: "user-1", name: "Robin", displayName: "robin", email: "robin@example.org" }],
    teams: [{ id: teamId, key, name: "Broom", cyclesEnabled: true }],
    states: [
      state("backlog", "Backlog", 0),
      state("unstarted", "Todo", 1),
      state("started", "In Progress", 2),
      state("completed", "Done", 3),
    ],
    cycles: [
      { id: "cycle-past", number: 7, name: null, startsAt: at(-20), endsAt: at(-6), completedAt: at(-6), teamId },
      { id: "cycle-now", number: 8, name: null, startsAt: at(-6), endsAt: at(8), completedAt: null, teamId },
    ],
    labels: [],
    issues: [],
    comments: [],
  };
}

/** Adds an issue with defaults and returns it. */
export function addIssue(data: LinearData, issue: Partial<IssueRow> & { title: string }): IssueRow {
  const team = data.teams[0]!;
  const number = issue.number ?? Math.max(0, ...data.issues.map((row) => row.number)) + 1;
  const createdAt = issue.createdAt ?? "2026-11-19T10:00:00.000Z";
  const row: IssueRow = {
    id: `issue-${number}`,
    number,
    teamId: team.id,
    description: null,
    priority: 0,
    estimate: null,
    stateId: data.states.find((state) => state.type === "unstarted")!.id,
    cycleId: null,
    labelIds: [],
    assigneeId: null,
    parentId: null,
    trashed: false,
    createdAt,
    updatedAt: createdAt,
    ...issue,
  };
  data.issues.push(row);
  return row;
}

/** Adds a label of the first team and returns its id. */
export function addLabel(data: LinearData, name: string): string {
  const id = `label-${data.labels.length + 1}`;
  const teamId = data.teams[0]!.id;
  data.labels.push({
    id,
    name,
    color: "#888",
    description: null,
    isGroup: false,
    teamId,
    parentId: null,
    createdAt: "2026-01-01T00:00:00.000Z",
  });
  return id;
}
