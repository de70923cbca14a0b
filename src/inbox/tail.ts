import { isEnding } from "../core/announce.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { readEvidence } from "../core/evidence.ts";
import { endOf, linesAfter } from "../store/follow/lines.ts";
import { isUnreadable } from "../store/follow/unreadable.ts";
import { parseEvent } from "../store/parse.ts";
import type { EndingNotice, Inbox } from "./folder.ts";
import { nextAction } from "./report.ts";

/** Bytes of the end of another log (a home from a backup) that are read: what ended before was told long ago. */
const RESTART_BYTES = 4 << 20;

/**
 * Reads the new rows of the log into the inbox: which waits belong to its session, and how they ended. Drops an ending when its
 * wait is watched again or has ended again.
 */
export function readTail(inbox: Inbox, statePath: string, sessions: ReadonlySet<string>): Inbox {
  const lines = linesAfter(statePath, inbox.cursor, (size) => Math.max(0, size - RESTART_BYTES));
  const mine = new Set(inbox.mine);
  let unread = [...inbox.unread];
  for (const { text, offset } of lines) {
    const event = parseEvent(text);
    if (isUnreadable(event)) continue;
    if (belongs(event, sessions)) mine.add(event.wait_id);
    if (event.type !== "transition" || !mine.has(event.wait_id)) continue;
    const claimed = new Set(inbox.claims.flatMap(({ ids }) => ids));
    unread = unread.filter((ending) => ending.wait_id !== event.wait_id || claimed.has(ending.id));
    if (isEnding(event)) unread.push(endingOf(event, `${event.wait_id}@${offset}`));
  }
  const { place, restarted } = lines;
  if (place.offset === inbox.cursor.offset && !restarted) return inbox;
  return { ...inbox, mine: [...mine], unread, cursor: place };
}

function belongs(
  event: P9Event,
  sessions: ReadonlySet<string>,
): event is P9Event & { wait_id: string; session_id: string } {
  return (event.type === "transition" || event.type === "wait.subscribed") && sessions.has(event.session_id);
}

function endingOf(row: Transition, id: string): EndingNotice {
  return {
    id,
    wait_id: row.wait_id,
    kind: row.kind,
    ...(row.extra.traits === undefined ? {} : { traits: row.extra.traits }),
    ref: row.ref,
    pr: row.pr,
    repo: row.repo,
    sha: row.sha,
    state: row.to_state,
    outcome: row.extra.outcome ?? "",
    reason: row.extra.reason ?? "",
    next_action: nextAction({ ...row, state: row.to_state }),
    evidence: jobLines(row.extra.evidence),
    ts: row.ts,
  };
}

/** The first lines of evidence, as `job: text`. */
function jobLines(evidence: unknown): string[] {
  return readEvidence(evidence).flatMap(({ job, step, file, text }) => {
    const place = [job, step, file].filter(Boolean).join(" › ");
    return text === "" ? [] : [place === "" ? text : `${place}: ${text}`];
  });
}

/** Where the log ends now: a new session starts there, since earlier rows concern others. */
export function logEnd(statePath: string): Inbox["cursor"] {
  return endOf(statePath);
}
