import type { Progress } from "../contract/wait-kind.ts";
import type { Transition } from "../core/events.ts";
import { isRunning } from "../core/states.ts";
import { isQueued, type Wait } from "../core/wait.ts";
import { waitName } from "../core/wait-name.ts";
import type { Told } from "../notify/journal.ts";
import type { WatchDeps } from "../watch/deps.ts";
import type { LookRecord } from "../watch/engine/look-file.ts";
import { ownerLives, unwatchedWords } from "../watch/owner/liveness.ts";
import { queuedWords } from "../watch/register/slots.ts";

/** A wait in `status --json`: its last transition, and current facts beside it. */
export interface StatusRow extends Transition {
  /** Whether the process that watches it runs. */
  readonly alive: boolean;
  /** Why nobody watches it though it is open, and when somebody will; else null. */
  readonly unwatched: string | null;
  readonly progress: Progress | null;
  /** Seconds until the expected end, or null. */
  readonly eta_s: number | null;
  /** Seconds since the expected end, when it is over; else null. */
  readonly late_s: number | null;
  /** Time stamp of the last look that got an answer. */
  readonly last_look: string | null;
  /** Why it cannot be looked at now. */
  readonly needs: string | null;
  /** Why it is not watched yet, when it waits for a slot; else null. */
  readonly queued: string | null;
  /** Who was told of its ending. */
  readonly told?: readonly Told[];
}

/** What the row of a wait is made from beside the wait. */
export type RowDeps = Pick<WatchDeps, "store" | "clock" | "env" | "processes">;

/** The row of one wait, with its current pin and watcher. `look`: the last look of its present cycle. */
export function statusRow(wait: Wait, look: LookRecord | null, deps: RowDeps): StatusRow {
  const { watcher_id, pid, pid_start, boot_id, generation } = wait.owner;
  const running = isRunning(wait.state);
  const at = running ? (look?.expected_at ?? null) : null;
  const inS = at === null ? null : Math.round((at - deps.clock.now()) / 1000);
  return {
    ...wait.last,
    ref: wait.ref,
    pr: wait.pr,
    repo: wait.repo,
    sha: wait.sha,
    watcher_id,
    extra: { ...wait.extra, pid, pid_start, boot_id, generation },
    alive: ownerLives(wait, deps),
    unwatched: wait.state === "WATCHING" ? unwatchedWords(wait, deps) : null,
    progress: look?.progress ?? null,
    eta_s: inS === null ? null : Math.max(0, inS),
    late_s: inS !== null && inS < 0 ? -inS : null,
    last_look: look?.last_look ?? null,
    needs: wait.needs,
    queued: isQueued(wait) ? queuedWords(wait, (holder) => waitName(holder), deps) : null,
  };
}
