import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asciiJson, isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import type { NewEvent } from "../core/events.ts";
import { makeDir, replaceFile } from "./files.ts";
import { parseEvent } from "./parse.ts";

/** What the name of a file that was put aside ends in. */
const ASIDE = ".unreadable";

let spooled = 0;

/** Leaves events for the next command, when a hook could not wait for the lock. Each file is written whole. */
export function spoolEvents(dir: string, events: readonly NewEvent[], now: number): void {
  makeDir(dir);
  spooled += 1;
  replaceFile(join(dir, `${now}-${process.pid}-${spooled}.json`), asciiJson(events));
}

/**
 * Events that hooks left, oldest first, each file with its path. A file that is no list of events is put aside for `doctor`, under
 * another name, because it would be in the way of every commit.
 */
export function* spooledEvents(
  dir: string,
): Generator<{ readonly path: string; readonly events: readonly NewEvent[] }> {
  for (const path of spoolFiles(dir)) {
    const events = eventsIn(path);
    if (events) yield { path, events };
    else putAside(path);
  }
}

function eventsIn(path: string): readonly NewEvent[] | null {
  try {
    const events: unknown = JSON.parse(readSmallFile(path));
    return isEventList(events) ? events : null;
  } catch {
    return null;
  }
}

function putAside(path: string): void {
  try {
    renameSync(path, `${path}${ASIDE}`);
  } catch {
    // Another process was first, or the home is read-only; then nothing is committed either.
  }
}

/** Removes files that were taken in. */
export function dropSpooled(files: readonly string[]): void {
  for (const path of files) rmSync(path, { force: true });
}

/** Paths of the files that wait in the spool. */
export const spoolFiles = (dir: string) => filesIn(dir, ".json");

/** Paths of the files that were put aside. */
export const filesPutAside = (dir: string) => filesIn(dir, ASIDE);

function filesIn(dir: string, ending: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(dir, name));
  } catch {
    return []; // No spool yet.
  }
}

function isEventList(value: unknown): value is NewEvent[] {
  return Array.isArray(value) && value.every((event) => isObject(event) && !isDeep(event) && isNewEvent(event));
}

/** No event of p9's is nested as deep; one that is would exhaust the stack of whoever writes it. */
const DEEPEST = 50;

function isDeep(event: object): boolean {
  let level: unknown[] = [event];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}

/** Whether the log could be read with this event in it; the time stamp is set when it is committed. */
function isNewEvent(event: Record<string, unknown>): boolean {
  if (typeof event.type !== "string") return false;
  if (event.type === "transition" && !isObject(event.extra)) return false;
  return !("unreadable" in parseEvent(asciiJson({ ts: "1970-01-01T00:00:00+00:00", ...event })));
}
