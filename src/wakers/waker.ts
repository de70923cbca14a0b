import type { Exec } from "../process/exec.ts";

/** A session that a waker is to bring back. */
export interface Sleeper {
  /** The client's own id of the session. */
  readonly session: string;
  /** The folder that it works in. */
  readonly root: string;
  /** The environment, with what its inbox kept of its hooks'. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts a turn of an idle session by a program of its client. It carries no ending: the turn's own hook claims and tells what there is,
 * and so confirms the nudge.
 */
export interface Waker {
  /** Rejects where the client cannot be asked, with one line that says why. */
  nudge(sleeper: Sleeper, exec: Exec): Promise<void>;
}

/** What a nudge says, in the client's place for the user's words. It is not the user's word. */
export const NUDGE = "p9: what this session waits for has ended.";
