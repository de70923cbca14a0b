import type { Recovered } from "../../watch/owner/recover.ts";

/** What was done about a wait without a watcher, as `--json` shows it. */
export function recoveredRow({ wait, what, reason, pid }: Recovered) {
  const { wait_id, kind, ref, pr, repo, state } = wait;
  return { wait_id, kind, ref, pr, repo, state, what, reason, pid };
}
