import { parseDuration } from "../base/duration.ts";
import { isNamedBy } from "../base/glob.ts";
import { parseRepo, sameRepo } from "../core/repo.ts";
import type { DatedNotice } from "./notice.ts";

/** Which notices a channel gets; what is not set lets everything through. */
export interface Filter {
  /** Kinds of notice, with `*`: `termination:red*`, `stuck`. */
  readonly kinds: readonly string[] | null;
  readonly severity: "info" | "warning" | "error";
  readonly repos: readonly string[] | null;
  readonly waitKinds: readonly string[] | null;
  /** Only waits that took at least so many seconds. */
  readonly minDurationS: number;
}

const ORDER = ["info", "warning", "error"] as const;

/**
 * Reads the filter keys of a channel.
 *
 * @throws {TypeError} naming the key that is wrong.
 */
export function readFilter(entry: Readonly<Record<string, unknown>>, channel: string): Filter {
  const severity = ORDER.find((word) => word === (entry.severity ?? "info"));
  if (!severity) throw new TypeError(`Cannot use channel "${channel}": "severity" is info, warning or error`);
  return {
    kinds: texts(entry, "kinds", channel),
    severity,
    repos: texts(entry, "repos", channel),
    waitKinds: texts(entry, "wait_kinds", channel),
    minDurationS: duration(entry.min_duration, channel),
  };
}

/** Whether a channel with this filter gets the notice. */
export function passes(filter: Filter, notice: Pick<DatedNotice, "kind" | "severity" | "about">): boolean {
  const { wait_kind, repo, took_s } = notice.about;
  return (
    ORDER.indexOf(notice.severity) >= ORDER.indexOf(filter.severity) &&
    (filter.kinds === null || filter.kinds.some((pattern) => isNamedBy(pattern, notice.kind))) &&
    (filter.repos === null || filter.repos.some((name) => sameRepo(parseRepo(name), repo))) &&
    (filter.waitKinds === null || (wait_kind !== null && filter.waitKinds.includes(wait_kind))) &&
    (took_s === null || took_s >= filter.minDurationS)
  );
}

function texts(entry: Readonly<Record<string, unknown>>, key: string, channel: string): readonly string[] | null {
  const value = entry[key];
  if (value === undefined) return null;
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value;
  throw new TypeError(`Cannot use channel "${channel}": "${key}" is a list of texts`);
}

function duration(value: unknown, channel: string): number {
  if (value === undefined) return 0;
  if (typeof value === "number" || typeof value === "string")
    return parseDuration(value, `"min_duration" of "${channel}"`);
  throw new TypeError(`Cannot use channel "${channel}": "min_duration" is a duration`);
}
