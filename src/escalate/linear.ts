import type { Env, FetchAnswer } from "../contract/context.ts";
import { ExternalError } from "../core/errors.ts";
import type { Escalation } from "./outbox.ts";

/** Where a ticket went. */
export interface Ticket {
  readonly ticket: string;
  readonly url: string;
  readonly created: boolean;
}

type Fetch = (
  url: string,
  init: { readonly method: string; readonly headers: Record<string, string>; readonly body: string },
) => Promise<FetchAnswer>;

const DEFAULT_URL = "https://api.linear.app/graphql";
const FIELDS = "id identifier url trashed state { type }";

const FIND = `query FindEscalation($label: String!, $marker: String!) {
  issues(first: 10, filter: { labels: { some: { name: { eqIgnoreCase: $label } } }, description: { contains: $marker } }) { nodes { ${FIELDS} } }
}`;
const PLACE = `query EscalationPlace($team: String!, $label: String!) {
  teams(first: 10, filter: { or: [{ key: { eqIgnoreCase: $team } }, { name: { eqIgnoreCase: $team } }] }) { nodes { id key } }
  issueLabels(first: 50, filter: { name: { eqIgnoreCase: $label } }) { nodes { id name team { id } } }
}`;
const CREATE = `mutation CreateEscalation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { ${FIELDS} } } }`;
const LABEL = `mutation CreateLabel($input: IssueLabelCreateInput!) { issueLabelCreate(input: $input) { success issueLabel { id } } }`;
const COMMENT = `mutation CommentEscalation($input: CommentCreateInput!) { commentCreate(input: $input) { success } }`;
const RAISE = `mutation RaiseEscalation($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }`;

interface Issue {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly trashed: boolean | null;
  readonly state: { readonly type: string };
}

/**
 * Files an escalation: a comment on the ticket that carries its mark, or a new ticket. The mark stands in the description, so that
 * even a lost outbox makes no second ticket.
 *
 * @throws {ExternalError} when Linear cannot be reached or refuses.
 */
export async function fileInLinear(
  escalation: Escalation,
  deps: { readonly env: Env; readonly fetch: Fetch },
): Promise<Ticket> {
  const ask = asker(deps);
  const marker = markerOf(escalation.id);
  const found = await ask<{ issues: { nodes: Issue[] } }>(FIND, { label: escalation.label, marker });
  const open = found.issues.nodes.find(
    ({ trashed, state }) => !trashed && state.type !== "completed" && state.type !== "canceled",
  );
  if (open) {
    await ask(COMMENT, {
      input: { issueId: open.id, body: `Seen again (${escalation.count}×).\n\n${escalation.body}` },
    });
    if (escalation.severity === "urgent") await ask(RAISE, { id: open.id, input: { priority: 1 } });
    return { ticket: open.identifier, url: open.url, created: false };
  }
  const place = await ask<{
    teams: { nodes: { id: string; key: string }[] };
    issueLabels: { nodes: { id: string; team: { id: string } | null }[] };
  }>(PLACE, { team: escalation.team, label: escalation.label });
  const team = place.teams.nodes[0];
  if (!team)
    throw new ExternalError(
      `Linear has no team "${escalation.team}": wanted its key or name in "ci_heal.escalation_channel.linear_team"`,
    );
  const label =
    place.issueLabels.nodes.find(({ team: owner }) => owner === null || owner.id === team.id)?.id ??
    (await makeLabel(ask, escalation.label, team.id));
  const input = {
    teamId: team.id,
    title: escalation.title,
    description: `${escalation.body}\n\n${marker}`,
    labelIds: [label],
    priority: escalation.severity === "urgent" ? 1 : 2,
  };
  const made = await ask<{ issueCreate: { success: boolean; issue: Issue | null } }>(CREATE, { input });
  const issue = made.issueCreate.issue;
  if (!issue) throw new ExternalError("Linear did not create the ticket");
  return { ticket: issue.identifier, url: issue.url, created: true };
}

/** The mark by which an escalation's ticket is found again. */
function markerOf(id: string): string {
  return `p9-escalation ${id}`;
}

async function makeLabel(ask: Ask, name: string, teamId: string): Promise<string> {
  const made = await ask<{ issueLabelCreate: { issueLabel: { id: string } } }>(LABEL, { input: { name, teamId } });
  return made.issueLabelCreate.issueLabel.id;
}

type Ask = <T>(query: string, variables: Record<string, unknown>) => Promise<T>;

function asker({ env, fetch }: { readonly env: Env; readonly fetch: Fetch }): Ask {
  const url = env.LINEAR_API_URL || DEFAULT_URL;
  const key = env.LINEAR_API_KEY ?? "";
  return async <T>(query: string, variables: Record<string, unknown>): Promise<T> => {
    const headers = { "content-type": "application/json", authorization: key };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const body = parse(answer.body);
    const problem = body?.errors?.[0]?.message;
    if (answer.status === 401 || answer.status === 403)
      throw new ExternalError("Linear refuses the key in LINEAR_API_KEY");
    if (problem) throw new ExternalError(`Linear says: ${problem}`);
    if (answer.status !== 200 || !body?.data)
      throw new ExternalError(`Linear answers with status ${answer.status} and no data`);
    return body.data as T;
  };
}

function parse(text: string): { data?: unknown; errors?: { message: string }[] } | null {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: { message: string }[] };
  } catch {
    return null;
  }
}
