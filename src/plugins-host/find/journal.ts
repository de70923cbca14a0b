import { createHash } from "node:crypto";
import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { timestamp } from "../../base/clock.ts";
import { asciiJson, isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { slug } from "../../base/text.ts";
import { makeDir } from "../../store/files.ts";
import { paths } from "../../store/paths.ts";
import type { Target } from "../call/target.ts";

/** Which plugin. */
export type Called = Pick<Target, "spec" | "path">;

/** One call of a plugin, as `p9 plugin list` sums it up. */
export interface JournalLine {
  readonly ts: string;
  readonly call: string;
  readonly ms: number;
  readonly error?: string;
}

/** Totals of the recorded calls of a plugin. */
export interface JournalSum {
  readonly calls: number;
  readonly ms: number;
  readonly failed: number;
  readonly lastError: { readonly ts: string; readonly call: string; readonly message: string } | null;
}

const MAX_BYTES = 256 * 1024;

/** Records a call. Best effort. */
export function noteCall(home: string, plugin: Called, line: Omit<JournalLine, "ts">, now: number): void {
  const path = journalPath(home, plugin);
  try {
    makeDir(join(paths(home).logs, "plugins"));
    if (sizeOf(path) > MAX_BYTES) renameSync(path, `${path}.1`);
    appendFileSync(path, `${asciiJson({ ts: timestamp(now), ...line })}\n`, { mode: 0o600 });
  } catch {
    // A full disk or a read-only home must not fail the call.
  }
}

/** Sums up the last calls of a plugin. */
export function sumCalls(home: string, plugin: Called): JournalSum {
  const path = journalPath(home, plugin);
  const lines = [...read(`${path}.1`), ...read(path)];
  const failed = lines.filter(({ error }) => error !== undefined);
  const last = failed.at(-1);
  return {
    calls: lines.length,
    ms: Math.round(lines.reduce((sum, { ms }) => sum + ms, 0)),
    failed: failed.length,
    lastError: last ? { ts: last.ts, call: last.call, message: last.error ?? "" } : null,
  };
}

/** The last noted call of a plugin that was called `call`, or null. */
export function lastCall(home: string, plugin: Called, call: string): JournalLine | null {
  return read(journalPath(home, plugin)).findLast((line) => line.call === call) ?? null;
}

/** The path of a plugin's journal, by name and place, since two repositories may each have a `./plugin.mjs`. */
function journalPath(home: string, { spec, path }: Called): string {
  const place = createHash("sha256").update(path).digest("hex").slice(0, 8);
  return join(paths(home).logs, "plugins", `${slug(spec).slice(0, 60)}-${place}.jsonl`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function read(path: string): JournalLine[] {
  let text = "";
  try {
    text = readSmallFile(path, 8 * 1024 * 1024);
  } catch {
    return []; // Nothing was called yet.
  }
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      if (!isObject(value) || typeof value.ms !== "number") return [];
      const error = typeof value.error === "string" ? value.error : undefined;
      return [{ ts: String(value.ts), call: String(value.call), ms: value.ms, error }];
    } catch {
      return [];
    }
  });
}
