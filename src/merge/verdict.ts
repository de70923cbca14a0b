import { counted } from "../base/text.ts";
import { conditions } from "./conditions/conditions.ts";
import { notedRefusals } from "./conditions/reviewed.ts";
import type { Unmet } from "./conditions/unmet.ts";
import type { MergeFacts } from "./facts.ts";
import { NO_STANDING, type Standing } from "./standing.ts";

/** Whether a pull request may be merged, and its unmet conditions: the document of `p9 merge-status --json`. */
export interface MergeVerdict {
  readonly ready: boolean;
  /** GitHub's mergeStateStatus, or `QUERY_FAILED`. */
  readonly state: string;
  readonly mergeable: string;
  /** Empty when no review is required. */
  readonly review_decision: string;
  /** -1 when the threads could not be read to their end. */
  readonly unresolved_threads: number;
  readonly reason: string;
  /** Commit that the verdict is about; null when it could not be read. */
  readonly head: string | null;
  readonly unmet: readonly Unmet[];
}

/**
 * Judges one head commit, by GitHub's facts and by what p9 knows itself. Pure and total: it checks every condition, and an unknown
 * value of GitHub's or a part that could not be read is not ready.
 */
export function mergeVerdict(facts: MergeFacts, standing: Standing = NO_STANDING): MergeVerdict {
  const unmet = conditions(facts, standing);
  return {
    ready: unmet.length === 0,
    state: facts.mergeState,
    mergeable: facts.mergeable,
    review_decision: facts.reviewDecision ?? "",
    unresolved_threads: facts.threads?.open.length ?? -1,
    reason: reasonOf(unmet, facts, standing),
    head: facts.head,
    unmet,
  };
}

/** The verdict when GitHub could not be read at all. */
export function unreadableVerdict(why: string): MergeVerdict {
  const unmet: Unmet = { condition: "readable", detail: `GitHub could not be read: ${why}`, who: "you: see p9 doctor" };
  return {
    ready: false,
    state: "QUERY_FAILED",
    mergeable: "UNKNOWN",
    review_decision: "",
    unresolved_threads: -1,
    reason: unmet.detail,
    head: null,
    unmet: [unmet],
  };
}

function reasonOf(unmet: readonly Unmet[], facts: MergeFacts, { reviews }: Standing): string {
  const [first, ...rest] = unmet;
  if (first) return rest.length > 0 ? `${first.detail} (and ${counted(rest.length, "more condition")})` : first.detail;
  const noted = notedRefusals(reviews).map((text) => `; ${text}`);
  return `${passedWords(facts)} on ${facts.head.slice(0, 7)}, no change is requested, no thread is open${noted.join("")}`;
}

function passedWords({ required, unrequired, nothing }: MergeFacts): string {
  const count = required?.length ?? 0;
  if (count > 0) return `${count === 1 ? "the required check" : `all ${count} required checks`} passed`;
  if (nothing) return "no check is required and none reports";
  if (unrequired.length === 0) return "no check is required";
  return `no check is required, and ${unrequired.length === 1 ? "the only one" : `all ${unrequired.length}`} passed`;
}
