import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asciiJson, isObject } from "../base/json.ts";
import type { NewEvent } from "../core/events.ts";
import { makeDir, replaceFile } from "./files.ts";

let spooled = 0;

/** Leaves events for the next command, when a hook could not wait for the lock. Each file is written whole. */
export function spoolEvents(dir: string, events: readonly NewEvent[], now: number): void {
  makeDir(dir);
  spooled += 1;
  replaceFile(join(dir, `${now}-${process.pid}-${spooled}.json`), asciiJson(events));
}

/** Events that hooks left, oldest first, each file with its path. Files that are no event list are left for `doctor`. */
export function spooledEvents(dir: string): { readonly path: string; readonly events: readonly NewEvent[] }[] {
  return spoolFiles(dir).flatMap((path) => {
    try {
      const events: unknown = JSON.parse(readFileSync(path, "utf8"));
      return isEventList(events) ? [{ path, events }] : [];
    } catch {
      return [];
    }
  });
}

/** Removes files that were taken in. */
export function dropSpooled(files: readonly string[]): void {
  for (const path of files) rmSync(path, { force: true });
}

/** Paths of all files in the spool. */
export function spoolFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(dir, name));
  } catch {
    return []; // No spool yet.
  }
}

function isEventList(value: unknown): value is NewEvent[] {
  return Array.isArray(value) && value.every((event) => isObject(event) && typeof event.type === "string");
}
