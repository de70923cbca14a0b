import type { JobStep } from "../../../github/actions/jobs.ts";
import type { CheckState } from "../../../github/checks.ts";

/** A job whose log may be asked for. */
export interface Job {
  readonly name: string;
  readonly state: CheckState;
  /** Its page. */
  readonly url: string | null;
  read(): Promise<JobText>;
}

/** What a job wrote, without control characters and secrets. */
export interface JobText {
  /** Empty: there is none, or it cannot be read. */
  readonly text: string;
  /** Its steps as its service names them; null: nothing is known of them. */
  readonly steps: readonly JobStep[] | null;
  /** It ran at another service, whose log is not read. */
  readonly isElsewhere?: boolean;
  /** Why its service's log is missing or not whole, as one sentence. */
  readonly note?: string | null;
  /** Its begin is left out. */
  readonly isCut?: boolean;
}

/** The jobs of a pull request or of another wait. */
export interface Jobs {
  /** What they are jobs of, in a sentence: `the head of #42`. */
  readonly of: string;
  /** The page that shows all of them. */
  readonly page: string | null;
  /** All of them; those that failed first, in the order in which they ended. */
  readonly all: readonly Job[];
  /** Those that are meant where none is named. */
  readonly meant: readonly Job[];
}

/** Whether a job ended without having done what it should. */
export function isRed({ state }: Pick<Job, "state">): boolean {
  return state === "failed" || state === "cancelled";
}
