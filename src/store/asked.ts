import { rmSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import type { NewEvent, P9Event, WaitExtra } from "../core/events.ts";
import { shown, shownRow } from "../core/shown.ts";
import { isFinal } from "../core/states.ts";
import type { Wait } from "../core/wait.ts";
import { makeDir, replaceFile } from "./files.ts";

/**
 * What a wait looks at or runs may hold a secret: a token in an address, a header, a command line. The log names it without, and what is
 * needed to look is kept apart, in one file a wait that goes when the wait is over.
 */
interface Asked {
  readonly argv?: unknown;
  readonly options?: unknown;
  readonly identity?: unknown;
}

/** Names that p9 compares, and facts of this machine: they stay as they are. */
const EXACT: readonly (keyof WaitExtra)[] = ["key", "history", "cwd", "env_id", "env_names", "boot_id", "pid_start"];
const LARGEST = 8 * 1024 * 1024;

/** The event as the log keeps it. What had to be left out is kept in `folder` before. @throws the system's error. */
export function withoutSecrets<E extends NewEvent | P9Event>(event: E, folder: string): E {
  const given: Readonly<Record<string, unknown>> = { ...event };
  const parts = isObject(given.extra) ? given.extra : given;
  const safe = { ...shownRow(event), ...exactOf(given) };
  const safeParts: Record<string, unknown> = {
    ...(isObject(given.extra) ? shownRow(given.extra) : safe),
    ...exactOf(parts),
  };
  if (typeof given.wait_id === "string") {
    const was = readAsked(folder, given.wait_id);
    const changed = changedOf(askedIn(parts), askedIn(safeParts));
    if (Object.keys(changed).length > 0) writeAsked(folder, given.wait_id, { ...was, ...changed });
    if (event.type === "transition" && isFinal(event.to_state)) rmSync(fileOf(folder, given.wait_id), { force: true });
  }
  return isObject(given.extra) ? { ...safe, extra: safeParts } : safe;
}

/** The wait with what it looks at and runs as it was asked for. Not to be shown. */
export function asAsked(wait: Wait, folder: string): Wait {
  const kept = readAsked(folder, wait.wait_id);
  const { pin } = wait.extra;
  const extra: Record<string, unknown> = { ...wait.extra };
  if (isSame(kept.argv, wait.extra.argv)) extra.argv = kept.argv;
  if (isSame(kept.options, wait.extra.options)) extra.options = kept.options;
  if (isObject(pin) && isSame(kept.identity, pin.identity)) extra.pin = { ...pin, identity: kept.identity };
  return { ...wait, extra: extra as WaitExtra };
}

/** Whether the row says of this what the log may say of it: else it is of another cycle. */
function isSame(kept: unknown, logged: unknown): boolean {
  return kept !== undefined && JSON.stringify(shown(kept)) === JSON.stringify(logged);
}

function askedIn({ argv, options, pin }: Readonly<Record<string, unknown>>): Asked {
  return { argv, options, identity: isObject(pin) ? pin.identity : undefined };
}

function changedOf(given: Asked, safe: Asked): Asked {
  const names = ["argv", "options", "identity"] as const;
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(given[name]) !== JSON.stringify(safe[name]))
      .map((name) => [name, given[name]]),
  );
}

function exactOf(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(EXACT.flatMap((name) => (parts[name] === undefined ? [] : [[name, parts[name]]])));
}

function readAsked(folder: string, waitId: string): Asked {
  try {
    const kept: unknown = JSON.parse(readSmallFile(fileOf(folder, waitId), LARGEST));
    return isObject(kept) ? kept : {};
  } catch {
    return {}; // Most waits have none.
  }
}

function writeAsked(folder: string, waitId: string, asked: Asked): void {
  makeDir(folder);
  replaceFile(fileOf(folder, waitId), JSON.stringify(asked));
}

function fileOf(folder: string, waitId: string): string {
  return join(folder, `${waitId.replace(/[^A-Za-z0-9_-]/g, "_")}.json`);
}
