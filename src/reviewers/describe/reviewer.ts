/** Where a reviewer gives a signal. `request`: it is asked for a review and has not given it. */
export type SignalPlace = "status" | "check" | "review" | "comment" | "reaction" | "request";

/** What a signal means. `refused`: it did not do its work, and does not by itself. */
export type SignalMeaning = "running" | "done" | "refused";

/** One thing that a reviewer does on GitHub, and what it means. */
export interface Signal {
  readonly in: SignalPlace;
  /**
   * GitHub's value in lower case: state of a status (`pending`, `success`), status or conclusion of a check (`in_progress`, `neutral`),
   * state of a review (`commented`), content of a reaction (`eyes`). Default: any.
   */
  readonly is?: readonly string[];
  /** What matches its text (no case): description of a status; title and summary of a check; body of a review or comment. */
  readonly text?: string;
  readonly means: SignalMeaning;
  /**
   * Finds the head in its text: the first group is the sha, or its first seven or more digits. Default: GitHub's own commit for statuses,
   * checks and reviews; what has none counts for the head that was pushed last before it.
   */
  readonly head?: string;
}

/** How a reviewer is asked for another review. */
export interface AskAgain {
  /** Comment that it obeys: `@coderabbitai review`. */
  readonly comment?: string;
  /** It is asked as a person is: by a review request. */
  readonly request?: boolean;
  /** Sentence for people, where it is neither. */
  readonly words?: string;
}

/**
 * A REVIEWER AS DATA: everything needed to tell what a review bot has done on the head of a pull request. It is the same in `plugins/`
 * and under `ci_watch.reviewers` of a policy (as YAML).
 */
export interface Reviewer {
  /** kebab-case. */
  readonly name: string;
  /** As people call it: at most 40 letters, digits and spaces. */
  readonly title: string;
  /** What this description was written from. */
  readonly checked: string;
  /** Logins of its accounts; of an app with `[bot]`, so that no person of that name is taken for it. */
  readonly logins?: readonly string[];
  /** Slugs of its GitHub apps, whose checks are its own. */
  readonly apps?: readonly string[];
  /** Names of its statuses and, beside its apps, of its checks (regular expressions of the whole name, no case). */
  readonly contexts?: readonly string[];
  /** The first that matches counts; what matches none means nothing. */
  readonly signals: readonly Signal[];
  /**
   * `annotations`: what it finds is in the annotations of its checks, those that its {@link Reviewer.apps} made. They are about that head
   * only, and work as its threads are.
   */
  readonly findings?: "annotations";
  readonly ask: AskAgain;
}
