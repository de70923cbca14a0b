import type { Wait } from "../core/wait.ts";
import type { MergeFacts } from "./facts.ts";

/** p9's wait for the pull request. */
export type Watched = Pick<Wait, "state" | "sha" | "ts" | "extra">;

/** What p9 itself knows beside GitHub's facts. */
export interface Standing {
  /** Policy `ci_watch.no_checks`: what a head without checks comes to. */
  readonly noChecks: "red" | "green" | "ignore";
  readonly watched: Watched | null;
}

/** The default policy, and no wait. */
export const NO_STANDING: Standing = { noChecks: "red", watched: null };

/** The wait when it is about the head itself; else null. */
export function watchedHere({ head }: Pick<MergeFacts, "head">, { watched }: Standing): Watched | null {
  return watched?.sha === head ? watched : null;
}
