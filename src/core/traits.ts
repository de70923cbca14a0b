import { isObject, type Json } from "../base/json.ts";
import { oneLine } from "../base/text.ts";

/**
 * What p9 goes by when it names, counts and explains waits of a kind. Plain data: it is kept in the log with each wait, so that
 * commands and hooks load no kind for it, and a wait is still named when its plugin is gone.
 */
export interface WaitTraits {
  /** What stands before the reference: `PR` in `PR #42`. Default: the kind's name. */
  readonly noun?: string;
  /** For a pull request that has no number yet, in a sentence before its branch: `the pull request of branch`. Default: the noun. */
  readonly unbound?: string;
  /**
   * `pull-request`: such a wait is the one of a pull request. It counts against `ci_watch.max_concurrent_prs`, `status` lists it
   * under `open_prs`, and work from the queue keeps clear of its files.
   */
  readonly slot?: "pull-request" | null;
  /**
   * What tells why such a wait failed. `checks`: the failed checks of its pull request on GitHub, so that p9 classifies, heals and
   * escalates it. `log`: the log that it wrote. Default `log`.
   */
  readonly evidence?: "checks" | "log";
  /** What whoever waited does next, instead of what p9 would say: one command or sentence each. */
  readonly next?: NextActions;
}

/** See {@link WaitTraits.next}. */
export interface NextActions {
  /** It succeeded. */
  readonly succeeded?: string;
  /** It failed, and no person has to lift something first. */
  readonly failed?: string;
  /** Nothing has moved for longer than is usual. */
  readonly stuck?: string;
}

/** A wait, a row of it, or what was taken from one. */
export type OfWait = { readonly kind: string } & (
  | { readonly extra: { readonly traits?: Json } }
  | { readonly traits?: Json }
);

/** The kind of rows without one: the Python p9 had no other. */
export const FIRST_KIND = "pr-ci";

/** Traits of the kinds of version 1.0, whose rows keep none. */
const BEFORE_TRAITS: Readonly<Record<string, WaitTraits>> = {
  [FIRST_KIND]: { noun: "PR", unbound: "the pull request of branch", slot: "pull-request", evidence: "checks" },
};

/** The traits that a wait was registered with; malformed ones are left out. */
export function traitsOf(wait: OfWait): WaitTraits {
  const kept = "extra" in wait ? wait.extra.traits : wait.traits;
  if (!isObject(kept)) return (Object.hasOwn(BEFORE_TRAITS, wait.kind) && BEFORE_TRAITS[wait.kind]) || {};
  const next = isObject(kept.next) ? kept.next : {};
  return {
    noun: line(kept.noun, 40),
    unbound: line(kept.unbound, 60),
    slot: kept.slot === "pull-request" ? kept.slot : null,
    evidence: kept.evidence === "checks" ? kept.evidence : "log",
    next: { succeeded: line(next.succeeded, 300), failed: line(next.failed, 300), stuck: line(next.stuck, 300) },
  };
}

/** Whether a wait is the one of a pull request. */
export function isPullRequest(wait: OfWait): boolean {
  return traitsOf(wait).slot === "pull-request";
}

/** Whether the checks of its pull request on GitHub tell why a wait failed. */
export function hasChecks(wait: OfWait): boolean {
  return traitsOf(wait).evidence === "checks";
}

function line(value: unknown, max: number): string | undefined {
  return typeof value === "string" && value !== "" ? oneLine(value, max) : undefined;
}
