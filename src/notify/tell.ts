import type { Clock } from "../base/clock.ts";
import { findPolicy } from "../config/load.ts";
import type { Env } from "../contract/context.ts";
import { collectNotices } from "./collect.ts";
import { hasLeftovers } from "./cursor.ts";
import { mayHaveChannel } from "./sources.ts";

/** What telling needs of the world. */
export interface TellDeps {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly clock: Clock;
  /** Starts a detached process that delivers (`p9 notify --deliver`). */
  readonly startDelivery: () => Promise<void>;
}

/**
 * Records what is new in the log and has a process of its own deliver it. To be called after an ending was committed: it takes
 * some milliseconds whatever the channels do.
 */
export async function tell(deps: TellDeps, options: { readonly lockTimeoutMs?: number } = {}): Promise<void> {
  const deliverable = (notice: { readonly cwd: string | null }) => {
    const place = { home: deps.home, env: deps.env, cwd: notice.cwd ?? deps.cwd };
    return mayHaveChannel(place, findPolicy(place));
  };
  const waits = await collectNotices(deps.home, deps.clock, { ...options, deliverable });
  if (waits) await deps.startDelivery();
}

/** Short, because a stopped process that holds the lock must not delay a read-only command. */
const LEFTOVER_LOCK_MS = 300;

/**
 * Does the same for leftovers: endings of killed processes, and notices whose channel was down. Never rejects, because a
 * read-only command must not fail for them; the notices stay open.
 */
export async function tellLeftovers(deps: TellDeps): Promise<void> {
  if (hasLeftovers(deps.home, deps.clock.now())) await tell(deps, { lockTimeoutMs: LEFTOVER_LOCK_MS }).catch(() => {});
}
