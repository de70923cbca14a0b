import { createHash } from "node:crypto";
import { formatDuration } from "../base/duration.ts";
import { asciiJson, type JsonObject } from "../base/json.ts";
import { redact } from "../base/redact.ts";
import { oneLine, stripControls } from "../base/text.ts";
import type { Notice } from "../contract/notifier.ts";
import { isTold } from "../core/announce.ts";
import type { P9Event, StuckEvent, Transition } from "../core/events.ts";
import { repoFields } from "../core/repo.ts";
import { ownerOf, type Wait } from "../core/wait.ts";
import { waitName } from "../core/wait-name.ts";
import { nextAction } from "../inbox/report.ts";

/** A notice with what the dispatch needs to know beside it. */
export interface DatedNotice extends Notice {
  /** Time stamp of the event. */
  readonly ts: string;
  readonly wait_id: string | null;
  /** Directory whose policy speaks for the wait. */
  readonly cwd: string | null;
  /** What filters look at. */
  readonly about: { readonly wait_kind: string | null; readonly repo: string | null; readonly took_s: number | null };
}

const MAX_BODY = 3_000;
/** The notice about an event, or null when there is none. The same event always gives the same notice with the same id. */
export function noticeOf(event: P9Event): DatedNotice | null {
  if (event.type === "transition") return ofTransition(event);
  return event.type === "wait.stuck" ? ofStall(event) : null;
}

function ofTransition(row: Transition): DatedNotice | null {
  if (!isTold(row)) return null;
  if (row.from_state === "MERGE_READY" && row.to_state !== "MERGED" && row.to_state !== "ABANDONED")
    return withdrawn(row);
  const to = row.to_state;
  const wait = waitOf(row);
  const took = tookS(row);
  const lines = [
    row.extra.reason ?? "",
    took === null ? "" : `After ${formatDuration(took)}`,
    `Next: ${nextAction(wait)}`,
  ];
  return notice(row, {
    kind: `termination:${to.toLowerCase()}`,
    title: `${waitName(row, 100)} → ${to}${row.extra.outcome && to === "ABANDONED" ? ` (${row.extra.outcome})` : ""}`,
    body: lines.filter(Boolean).join("\n"),
    severity: severityOf(row),
    payload: { ...payload(row), next_action: nextAction(wait) },
  });
}

function withdrawn(row: Transition): DatedNotice {
  return notice(row, {
    kind: "merge_ready:withdrawn",
    title: `${waitName(row, 100)} is no longer ready to merge`,
    body: row.extra.reason ?? "",
    severity: "warning",
    payload: payload(row),
  });
}

function ofStall(event: StuckEvent): DatedNotice {
  const { wait_id, kind = null, ref = "", repo = null, traits, stalled_s } = event;
  const reason = clean(event.reason);
  return {
    ...base(event),
    kind: "stuck",
    title: `Stuck: ${kind === null ? wait_id : waitName({ kind, ref, repo, traits }, 100)}`,
    body: `${reason}\nNo progress for ${formatDuration(stalled_s)}`,
    severity: "warning",
    payload: { wait_id, kind, ref: clean(ref), ...repoFields(repo), stalled_s, reason },
    wait_id,
    cwd: event.cwd ?? null,
    about: { wait_kind: kind, repo, took_s: null },
  };
}

function notice(row: Transition, parts: Pick<Notice, "kind" | "title" | "body" | "severity" | "payload">): DatedNotice {
  return {
    ...base(row),
    ...parts,
    title: oneLine(redact(parts.title), 250),
    body: clean(parts.body),
    ...(typeof row.extra.url === "string" && /^https?:\/\//.test(row.extra.url) ? { url: row.extra.url } : {}),
    wait_id: row.wait_id,
    cwd: row.extra.cwd ?? null,
    about: { wait_kind: row.kind, repo: row.repo, took_s: tookS(row) },
  };
}

/** The id is a hash of the event as it stands in the log, so that finding the event again makes the same id. */
function base(event: P9Event) {
  return { id: createHash("sha256").update(asciiJson(event)).digest("hex").slice(0, 24), ts: event.ts };
}

function payload(row: Transition): JsonObject {
  const { outcome = null, reason = "", cause = null } = row.extra;
  const { wait_id, kind, pr, repo, sha, to_state: state, session_id, attempt } = row;
  const ref = clean(row.ref);
  const about = { wait_id, kind, ref, pr, ...repoFields(repo), sha, state };
  return { ...about, outcome, cause, reason: clean(reason), session_id, attempt };
}

function severityOf({ to_state: state, extra }: Transition): Notice["severity"] {
  if (state === "ABANDONED") return extra.outcome === "closed" || extra.outcome === "skipped" ? "info" : "warning";
  return state.startsWith("RED") || state === "ESCALATED" ? "error" : "info";
}

/** Seconds of active time that the watch took, as the row has it. */
function tookS({ extra }: Transition): number | null {
  return extra.active_used === undefined || extra.active_used <= 0 ? null : Math.round(extra.active_used);
}

function clean(text: string): string {
  const safe = stripControls(redact(text));
  return safe.length > MAX_BODY ? `${safe.slice(0, MAX_BODY - 1)}…` : safe;
}

/** The wait as it stood with this row: rows carry all that they inherit. */
function waitOf(row: Transition): Wait {
  const { wait_id, kind, ref, pr, repo, sha, to_state: state, attempt, evaluator_score, session_id, ts, extra } = row;
  return {
    wait_id,
    kind,
    ref,
    pr,
    repo,
    sha,
    state,
    attempt,
    evaluator_score,
    session_id,
    ts,
    extra,
    subscribers: [],
    owner: ownerOf(row),
    registered_at: ts,
    cycle_at: "",
    needs: null,
    unknown_values: [],
    last: row,
  };
}
