import type { Recovered } from "../../watch/owner/recover.ts";

/** The recovery of a wait without a watcher, in `--json`. */
export function recoveredRow({ wait, what, reason, pid }: Recovered) {
  const { wait_id, kind, ref, pr, repo, state } = wait;
  return { wait_id, kind, ref, pr, repo, state, what, reason, pid };
}
