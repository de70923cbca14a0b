import type { LookResult } from "../../contract/wait-kind.ts";

/** Seconds of each grace where the policy says nothing (contract, "Graces and deadlines"). */
const GRACES: Readonly<Record<string, number>> = {
  appear: 180,
  appear_with_workflows: 600,
  required: 900,
  runner: 900,
  start: 900,
  slow_look: 300,
};

/** Since when each condition holds, in active seconds of the wait. */
export type GraceClock = Readonly<Record<string, number>>;

/** What a grace condition comes to at this look. */
export interface GraceVerdict {
  readonly clock: GraceClock;
  /** Set when the condition has held long enough. */
  readonly over: NonNullable<LookResult["grace"]> | null;
  /** Seconds until it is over, or null when no condition holds. */
  readonly leftS: number | null;
}

/**
 * Times the condition that a look reports. A condition that no longer holds starts anew the next time. `since` (ms since the
 * epoch) says since when it holds: before it was seen, as from a push on, or after it, when it was broken between two looks.
 */
export function timeGrace(
  grace: LookResult["grace"],
  clock: GraceClock,
  at: { readonly activeS: number; readonly now: number; readonly graces: Readonly<Record<string, number>> },
): GraceVerdict {
  if (!grace) return { clock: {}, over: null, leftS: null };
  const start =
    grace.since === undefined
      ? (clock[grace.name] ?? at.activeS)
      : at.activeS - Math.max(0, (at.now - grace.since) / 1000);
  const held = at.activeS - start;
  const lengthS = at.graces[grace.name] ?? GRACES[grace.name] ?? 900;
  return {
    clock: { [grace.name]: start },
    over: held >= lengthS && grace.outcome !== "ignore" ? grace : null,
    leftS: Math.max(0, lengthS - held),
  };
}
