import { createHash } from "node:crypto";
import type { FailureType } from "./rule.ts";

/** Lines that go into one signature. */
const MAX_LINES = 40;

/** What differs between two runs of the same failure: times, durations, ids, temporary paths, ports, addresses, process ids, sizes. */
const VOLATILE: readonly [RegExp, string][] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, "<time>"],
  [/(?:\/tmp|\/var\/folders|\/private\/var|\/var\/tmp|\/dev\/shm)\/[^\s'"`:)]{1,300}/g, "<tmp>"],
  [
    /\/(?:home|Users)\/[\w.-]{1,60}\/(?:work\/[\w.-]{1,100}\/[\w.-]{1,100}\/)?(?:_temp\/[^\s'"`:)]{1,200})?/g,
    "<home>/",
  ],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  [/\bsha(?:1|256|384|512)[-:][A-Za-z0-9+/=]{20,120}/g, "<hash>"],
  [/\b(?=[0-9a-f]{0,40}\d)(?=\d{0,40}[a-f])[0-9a-f]{7,64}\b/gi, "<hex>"],
  [/\b0x[0-9a-f]{4,16}\b/gi, "<hex>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, "<ip>"],
  [/\b(localhost|127\.0\.0\.1|\[::1?\]):\d{2,5}\b/g, "$1:<port>"],
  [/\b\d{4,14}_[a-z]\w{2,80}\b/g, "<migration>"],
  [/\b\d{6,20}\b/g, "<n>"],
  [/\b(?:pid|tid|process|thread|worker)[ =#:]{1,3}\d{1,8}\b/gi, "<pid>"],
  [/\((\d{3,8})\) panicked/g, "(<pid>) panicked"],
  [/\bline \d+: +\d{2,8} (?=[A-Z])/g, "line: <pid> "],
  [/\b\d+(?:[.,]\d+)? ?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|µs|ns)\b/gi, "<duration>"],
  [/\b\d+(?:[.,]\d+)? ?(?:[KMGT]i?B|bytes|kB)(?:\/s)?\b/g, "<size>"],
  [/\b(seed|run|build|job|request id|attempt|retry)[ :=#]{1,3}[\w-]{1,60}/gi, "$1 <id>"],
];

/** Replaces the volatile parts of a line, so that it is equal in every run of the same failure. */
export function stable(text: string): string {
  let out = text.trim().slice(0, 500);
  for (const [pattern, word] of VOLATILE) out = out.replace(pattern, word);
  return out.replace(/\s+/g, " ");
}

/** The name of a failure: 16 hexadecimal characters, equal when the same failure is run again. Order and repetition do not count. */
export function signature(type: FailureType, lines: readonly string[]): string {
  const kept = [...new Set(lines.slice(0, MAX_LINES * 2).map(stable))].filter((line) => line !== "").sort();
  return createHash("sha256")
    .update([type, ...kept.slice(0, MAX_LINES)].join("\n"))
    .digest("hex")
    .slice(0, 16);
}
