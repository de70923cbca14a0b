import type { SignalPlace } from "./describe/reviewer.ts";

/** One thing that somebody did on a pull request. Texts are from outside. */
export interface Act {
  readonly in: SignalPlace;
  /** Login, of an app with `[bot]`; of a check the slug of its app; null: GitHub names nobody. */
  readonly by: string | null;
  /** Name of the status or check; else empty. */
  readonly name: string;
  /** GitHub's value in lower case, as in `Signal.is`. */
  readonly is: string;
  readonly text: string;
  /** Commit that GitHub ties it to; null: none. */
  readonly sha: string | null;
  /** ms since the epoch of its last change; null for a request, which has no time. */
  readonly at: number | null;
  readonly url: string | null;
  /** Number of the check run; of nothing else. */
  readonly check?: number;
}

/** What was done on a pull request by all who could be reviewers. */
export interface Activity {
  /** Full sha of the head. */
  readonly head: string;
  /** Login of the pull request's author, as in {@link Act.by}; null: the account is gone. */
  readonly author?: string | null;
  /** ms since the epoch when the head was pushed; null when it is not known. */
  readonly headAt: number | null;
  readonly acts: readonly Act[];
  /** Whether something could not be read, so that silence proves nothing. */
  readonly partial: boolean;
  /** What that is: `checks`. */
  readonly unread?: readonly string[];
  /** The reactions as they were read, to be given to the next reading. */
  readonly reactions?: Reactions;
}

/** Reactions to a pull request, and what GraphQL showed of them: as long as that stays, REST need not say again whose they are. */
export interface Reactions {
  readonly shown: string;
  readonly acts: readonly Act[];
}
