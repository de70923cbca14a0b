import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";

/** A `git push` of this session that sent objects, as git itself reported it (trace2, event format). */
export interface TracedPush {
  /** Working tree that it ran in; null in a bare repository. */
  readonly worktree: string | null;
  readonly argv: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** 0: every ref arrived. Otherwise some may have. */
  readonly code: number;
}

/** A push in a session's trace folder. */
export interface FinishedPush extends TracedPush {
  /** Removes its trace. False: another hook has it. */
  take(): boolean;
}

/** What {@link readPushes} found. */
export interface TraceFindings {
  readonly pushes: readonly FinishedPush[];
  /** More git processes ran than the trace holds, so it is incomplete. */
  readonly overflow: boolean;
}

/** More processes than this in one call are not traced; the remote-tracking reflogs are asked instead. */
export const TRACE_MAX_FILES = 300;
const OVERFLOW = "git-trace2-discard";

/**
 * Reads the finished pushes of a session's trace folder: removes files of processes that pushed nothing, and leaves running ones for
 * the next call. A push stays until it is taken; of two callers one takes it. Keeps and logs none of the text, because git writes URLs
 * with passwords into it.
 */
export function readPushes(folder: string): TraceFindings {
  const pushes: FinishedPush[] = [];
  let overflow = false;
  for (const name of list(folder)) {
    const path = join(folder, name);
    if (name === OVERFLOW) {
      overflow ||= remove(path);
      continue;
    }
    const process = read(path);
    if (process === undefined || !process.ended) continue;
    if (process.push) pushes.push({ ...process.push, take: () => remove(path) });
    else remove(path);
  }
  return { pushes: pushes.sort((a, b) => a.startedAt - b.startedAt), overflow };
}

interface TracedProcess {
  readonly ended: boolean;
  readonly push: TracedPush | null;
}

function read(path: string): TracedProcess | undefined {
  try {
    return parseTrace(readSmallFile(path, 8 * 1024 * 1024));
  } catch {
    return undefined; // Taken by another hook of this session.
  }
}

/** Parses one process's trace: whether it has ended, and its push if it sent objects. */
function parseTrace(text: string): TracedProcess {
  const seen = {
    name: "",
    worktree: null as string | null,
    argv: [] as string[],
    start: 0,
    end: 0,
    code: -1,
    sent: false,
  };
  for (const line of text.split("\n")) {
    const event = parseLine(line);
    if (event === undefined) continue;
    if (event.event === "start") {
      seen.argv = strings(event.argv);
      seen.start = Date.parse(String(event.time));
    } else if (event.event === "def_repo" && typeof event.worktree === "string") seen.worktree ??= event.worktree;
    else if (event.event === "cmd_name") seen.name = String(event.name);
    else if (event.event === "child_start" && strings(event.argv)[1] === "pack-objects") seen.sent = true;
    else if (event.event === "atexit" || event.event === "signal") {
      seen.end = Date.parse(String(event.time));
      seen.code = event.event === "atexit" ? Number(event.code) : 128;
    }
  }
  const { worktree, argv, start: startedAt, end: endedAt, code } = seen;
  const pushed = seen.name === "push" && seen.sent && endedAt > 0;
  return { ended: endedAt > 0, push: pushed ? { worktree, argv, startedAt, endedAt, code } : null };
}

function parseLine(line: string): Record<string, unknown> | undefined {
  if (!line.endsWith("}")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function remove(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
