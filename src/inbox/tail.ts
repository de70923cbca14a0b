import { isObject } from "../base/json.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { isRunning } from "../core/states.ts";
import { linesFrom } from "../store/lines.ts";
import { isUnreadable, parseEvent } from "../store/parse.ts";
import type { Ending, Inbox } from "./folder.ts";
import { nextAction } from "./report.ts";

/** Ends that say nothing to anybody: no pull request came, another watcher took over, the user gave it up. */
const SILENT = new Set(["no_pr", "superseded", "abandoned"]);

/** Whether a transition ends a watch in a way that its sessions are told of. */
export function isEnding(row: Transition): boolean {
  if (isRunning(row.to_state) || row.extra.outcome === undefined || row.extra.silent === true) return false;
  // A heal that came to nothing is said by the command that tried.
  if (SILENT.has(row.extra.outcome) || row.extra.cause === "heal-refused") return false;
  // What follows a verdict without a new watch (merged, escalated, ready to merge) is no second end; a taken-back readiness is.
  const takenBack = row.from_state === "MERGE_READY" && row.to_state.startsWith("RED_");
  return row.from_state === null || isRunning(row.from_state) || takenBack;
}

/**
 * Reads what is new in the log into the inbox: which waits are its session's, and how they ended. An end that was overtaken
 * (the same wait is watched again, or ended again) is dropped unread.
 */
export function readTail(inbox: Inbox, statePath: string, sessions: ReadonlySet<string>): Inbox {
  const first = linesFrom(statePath, inbox.cursor.offset);
  const replaced = first.inode !== inbox.cursor.inode && inbox.cursor.inode !== 0;
  const { lines, end, inode } = replaced ? linesFrom(statePath, 0) : first;
  if (lines.length === 0 && inode === inbox.cursor.inode) return inbox;
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
  return { ...inbox, mine: [...mine], unread, cursor: { inode, offset: end } };
}

function belongs(
  event: P9Event,
  sessions: ReadonlySet<string>,
): event is P9Event & { wait_id: string; session_id: string } {
  return (event.type === "transition" || event.type === "wait.subscribed") && sessions.has(event.session_id);
}

function endingOf(row: Transition, id: string): Ending {
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
    evidence: evidenceLines(row.extra.evidence),
    ts: row.ts,
  };
}

/** The first lines of evidence, as `job: text`. */
function evidenceLines(evidence: unknown): string[] {
  if (!Array.isArray(evidence)) return [];
  return evidence.filter(isObject).flatMap((each) => {
    const text = String(each.text ?? "");
    const place = [each.job, each.step, each.file]
      .filter((part) => typeof part === "string" && part !== "")
      .join(" › ");
    return text === "" ? [] : [place === "" ? text : `${place}: ${text}`];
  });
}

/** Where the log ends now: what was before a new session's time is not its business. */
export function logEnd(statePath: string): Inbox["cursor"] {
  const { inode, end } = linesFrom(statePath, Number.MAX_SAFE_INTEGER);
  return { inode, offset: end };
}
