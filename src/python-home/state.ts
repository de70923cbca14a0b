import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Clock, timestamp } from "../base/clock.ts";
import { asciiJson, isObject } from "../base/json.ts";
import type { P9Event, WaitExtra } from "../core/events.ts";
import { type Outcome, stateOf } from "../core/states.ts";
import { EventLog } from "../store/event-log.ts";
import { replaceFile } from "../store/files.ts";
import { rowsOf } from "../store/jsonl.ts";
import { withLock } from "../store/lock/lock.ts";
import { paths } from "../store/paths.ts";

/** States of the Python p9's waits, and what they are here. */
const ENDINGS: Readonly<Record<string, Outcome>> = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timed_out",
  KILLED: "killed",
  ABANDONED: "abandoned",
};

/** What was taken over. */
export interface Imported {
  readonly waits: number;
  readonly queueItems: number;
}

/**
 * Takes over a home of the Python p9, once: its rows in `state.jsonl` stay where they are and are read as they are; its waits and
 * queue items are copied into the log and the queue, under its own locks; its files are not changed. Null when there is
 * nothing to take over.
 *
 * @throws {LockTimeoutError} when a Python p9 holds one of its locks.
 */
export async function importPythonHome(home: string, clock: Clock): Promise<Imported | null> {
  const files = paths(home);
  const waitsFile = join(home, "waits.jsonl");
  const queueFile = join(home, "wait-queue.jsonl");
  if (existsSync(files.imported) || !(existsSync(waitsFile) || existsSync(queueFile))) return null;
  return withLock(files.stateLock, () =>
    withLock(join(home, "waits.lock"), async () => {
      // Another process may have done it while this one waited.
      if (existsSync(files.imported)) return null;
      const events = [...waitsIn(waitsFile).values()].flatMap(eventsOf);
      const { importPythonQueue } = await import("./queue.ts");
      const queueItems = await importPythonQueue(home, { clock });
      const ts = timestamp(clock.now());
      const counts = { waits: waitsIn(waitsFile).size, queue_items: queueItems };
      const done: P9Event = { type: "home.imported", ts, from: "python-p9", counts };
      new EventLog(files, clock).append([...events, done]);
      replaceFile(files.imported, `${asciiJson({ ts, ...counts })}\n`);
      return { waits: counts.waits, queueItems };
    }),
  );
}

type Row = Record<string, unknown>;

/** The rows of each wait, oldest first. */
function waitsIn(path: string): Map<string, Row[]> {
  const waits = new Map<string, Row[]>();
  for (const row of rowsOf(path)) {
    if (typeof row.wait_id !== "string" || typeof row.to_state !== "string" || typeof row.ts !== "string") continue;
    waits.set(row.wait_id, [...(waits.get(row.wait_id) ?? []), row]);
  }
  return waits;
}

/** One wait of the Python p9 as rows of this log; its times stay. */
function eventsOf(rows: readonly Row[]): readonly P9Event[] {
  const first = rows[0] ?? {};
  const last = rows.at(-1) ?? {};
  const extra = extraOf(rows);
  const row = {
    type: "transition",
    wait_id: String(first.wait_id),
    kind: "command",
    ref: typeof first.name === "string" && first.name ? first.name : String(first.wait_id),
    pr: null,
    repo: null,
    sha: null,
    watcher_id: "python-p9",
    attempt: 0,
    evaluator_score: null,
    session_id: typeof first.session_id === "string" ? first.session_id : "",
    extra,
  } as const;
  const start = String(first.ts);
  const outcome = ENDINGS[String(last.to_state)];
  return [
    { ...row, ts: start, from_state: null, to_state: "PUSHED" },
    { ...row, ts: start, from_state: "PUSHED", to_state: "WATCHING" },
    ...(outcome
      ? [
          {
            ...row,
            ts: String(last.ts),
            from_state: "WATCHING",
            to_state: stateOf(outcome),
            extra: { ...extra, outcome, cause: "python-p9", reason: reasonOf(last) },
          } as const,
        ]
      : []),
  ];
}

function extraOf(rows: readonly Row[]): WaitExtra {
  const merged: Row = Object.assign({}, ...rows.map(({ extra }) => (isObject(extra) ? extra : {})));
  const name = String(rows[0]?.name ?? rows[0]?.wait_id);
  const cmd = typeof merged.cmd === "string" ? merged.cmd : null;
  return {
    key: `command:${name}`,
    mode: "background",
    // No process of this p9 watches it; the next command re-arms it.
    pid: 0,
    released: true,
    ...(typeof merged.timeout === "number" ? { deadline: merged.timeout, deadline_by_hand: true } : {}),
    ...(typeof merged.interval === "number" ? { interval: merged.interval } : {}),
    ...(cmd === null ? {} : { pin: { ref: name, key: `command:${name}`, identity: { cmd }, complete: true } }),
    // In the Python p9, every exit code but 0 meant "not yet".
    options: { "fail-codes": ["none"] },
    python: merged as WaitExtra,
  };
}

function reasonOf(row: Row): string {
  const reason = isObject(row.extra) ? row.extra.reason : undefined;
  return typeof reason === "string" ? reason : `The Python p9 recorded ${String(row.to_state)}`;
}
