import type { Wait } from "../core/wait.ts";
import type { ReviewStanding } from "../reviewers/standing.ts";
import type { MergeFacts } from "./facts.ts";

/** p9's wait for the pull request. */
export type Watched = Pick<Wait, "state" | "sha" | "ts" | "extra">;

/** What p9 itself knows beside GitHub's facts. */
export interface Standing {
  /** Policy `ci_watch.no_checks`: what a head without checks comes to. */
  readonly noChecks: "red" | "green" | "ignore";
  /** Policy `ci_watch.grace.appear`: seconds within which checks appear after a push. */
  readonly appearS: number;
  readonly watched: Watched | null;
  /** How the reviewers stand to the head; null: they are not asked about. */
  readonly reviews: ReviewStanding | null;
}

/** The default policy, no wait, and no reviewers. */
export const NO_STANDING: Standing = { noChecks: "red", appearS: 180, watched: null, reviews: null };

/** Whether p9 watched this very head to GREEN: what had not reported by then is no longer waited for. */
export function isGreenHere(facts: Pick<MergeFacts, "head">, standing: Standing): boolean {
  const state = watchedHere(facts, standing)?.state;
  return state === "GREEN" || state === "MERGE_READY";
}

/** The wait when it is about the head itself; else null. */
export function watchedHere({ head }: Pick<MergeFacts, "head">, { watched }: Standing): Watched | null {
  return watched?.sha === head ? watched : null;
}
