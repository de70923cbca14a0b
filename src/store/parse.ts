import { isObject } from "../base/json.ts";
import type { P9Event, Transition, WaitExtra } from "../core/events.ts";
import { withRecordedHost } from "../core/host-fields.ts";
import { isState } from "../core/states.ts";
import { FIRST_KIND } from "../core/traits.ts";
import type { Unreadable } from "./follow/unreadable.ts";

/**
 * The event in one line of `state.jsonl`. Rows of the Python p9 (no `type`, no `wait_id`) become transitions of the wait that
 * their repository and pull request name; a `type` that this version does not know is kept as it is.
 */
export function parseEvent(text: string): P9Event | Unreadable {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return { unreadable: "no JSON" };
  }
  if (!isObject(row)) return { unreadable: "no object" };
  return ofRow(withRecordedHost(row));
}

function ofRow(row: Record<string, unknown>): P9Event | Unreadable {
  if (typeof row.ts !== "string" || Number.isNaN(Date.parse(row.ts))) return { unreadable: "no time stamp" };
  if (row.type === undefined) return pythonRow(row);
  if (typeof row.type !== "string") return { unreadable: "type is no text" };
  if (row.type === "transition") return transition(row);
  return hasItsFields(row) ? row : { unreadable: `fields of ${row.type} missing` };
}

/** The few fields that the fold relies on; the rest of an event is for its readers. */
function hasItsFields(row: Record<string, unknown>): row is Record<string, unknown> & P9Event {
  const type = String(row.type);
  if (type.startsWith("wait.") && typeof row.wait_id !== "string") return false;
  if (type === "wait.pinned") return typeof row.ref === "string" && Array.isArray(row.prev_shas);
  if (type === "wait.subscribed") return typeof row.session_id === "string";
  if (type === "session.link") return typeof row.session_id === "string" && typeof row.linked_to === "string";
  return true;
}

function transition(row: Record<string, unknown>): Transition | Unreadable {
  if (typeof row.wait_id !== "string" || !row.wait_id) return { unreadable: "no wait_id" };
  return asTransition(row, row.wait_id, typeof row.kind === "string" ? row.kind : FIRST_KIND);
}

function pythonRow(row: Record<string, unknown>): Transition | Unreadable {
  if (typeof row.pr !== "number") return { unreadable: "no type and no pr" };
  const repo = typeof row.repo === "string" && row.repo ? row.repo : null;
  return asTransition(row, pythonWaitId(repo, row.pr), FIRST_KIND);
}

/** How the ids of waits of the Python p9 begin. */
export const PYTHON_ID = "py-";

/** The id of the wait that rows of the Python p9 for one pull request belong to. */
function pythonWaitId(repo: string | null, pr: number): string {
  return `${PYTHON_ID}${(repo ?? "unknown").toLowerCase()}-${pr}`;
}

function asTransition(row: Record<string, unknown>, waitId: string, kind: string): Transition | Unreadable {
  if (!isState(row.to_state)) return { unreadable: `unknown state ${JSON.stringify(row.to_state) ?? "none"}` };
  const pr = typeof row.pr === "number" ? row.pr : null;
  return {
    type: "transition",
    ts: String(row.ts),
    wait_id: waitId,
    kind,
    ref: text(row.ref) ?? (pr === null ? waitId : `#${pr}`),
    pr,
    repo: text(row.repo),
    sha: text(row.sha),
    from_state: isState(row.from_state) ? row.from_state : null,
    to_state: row.to_state,
    watcher_id: text(row.watcher_id) ?? "",
    attempt: typeof row.attempt === "number" ? row.attempt : 0,
    evaluator_score: typeof row.evaluator_score === "number" ? row.evaluator_score : null,
    session_id: text(row.session_id) ?? "",
    extra: (isObject(row.extra) ? row.extra : {}) as WaitExtra,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
