import type { PrWorld, RunSpec } from "../world.ts";
import { headAt } from "./counting.ts";
import { headIndex } from "./pull.ts";
import type { Span } from "./runs.ts";

const PAGE = 100;

/**
 * What of the checks cannot be read at that instant, in words; null when all can.
 *
 * A null with an error beside it is not an empty list: GitHub answers in part ("return partial results along with an error", "Rate limits and
 * query limits for the GraphQL API"; changelog 2025-09-01). A page that repeats its cursor, or a count that is not met, is no whole list either.
 */
export function holesAt(world: PrWorld, spans: Map<RunSpec, Span>, t: number): string | null {
  const { holes, refused } = world.trouble;
  if (pullHidden(world, t)) return "the pull request is null";
  const shown = headAt(world, spans, headIndex(world, t, true), t).all.filter(({ name }) => name !== null);
  for (const { of, what, page, node, from, to } of holes) {
    if (t < from || (to !== null && t >= to)) continue;
    if (of !== "checks" || shown.length === 0) continue;
    const pages = Math.ceil(shown.length / PAGE);
    if (page !== undefined && page > pages) continue;
    const size = Math.min(PAGE, shown.length - ((page ?? 1) - 1) * PAGE);
    if (node !== undefined && node >= size) continue;
    return `a part of the checks is missing (${what})`;
  }
  if (refused.includes("checks") && shown.some(({ kind }) => kind === "check")) return "the token may not read checks";
  return null;
}

/** Whether the pull request itself is null at that instant: whether it is open is not known either. */
export function pullHidden({ trouble }: PrWorld, t: number): boolean {
  return trouble.holes.some(({ of, from, to }) => of === "pull" && t >= from && (to === null || t < to));
}

/** What of the reviews cannot be read at that instant. */
export function reviewHoleAt({ trouble }: PrWorld, t: number): boolean {
  return trouble.holes.some(
    ({ of, from, to }) =>
      (of === "threads" || of === "opinions" || of === "pull") && t >= from && (to === null || t < to),
  );
}
