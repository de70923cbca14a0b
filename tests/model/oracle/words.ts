/** What can be said of a pull request, in p9's words (the contract's outcomes; `running` and `unreadable` are none yet). */
export type Word =
  | "running"
  | "green"
  | "failed"
  | "cancelled"
  | "blocked"
  | "missing_required"
  | "no_checks"
  | "no_runner"
  | "not_started"
  | "ejected"
  | "merged"
  | "closed"
  | "no_pr"
  | "unreadable";

/** What GitHub's documentation implies at one instant. */
export interface Verdict {
  readonly word: Word;
  readonly why: string;
  /** Words that are as right, because the documentation leaves it open or both are true. */
  readonly also: readonly Word[];
}

/** Makes a verdict. */
export function says(word: Word, why: string, also: readonly Word[] = []): Verdict {
  return { word, why, also };
}
