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
  /** Starts a process of its own that delivers (`p9 notify --deliver`) and lets go of it. */
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

/** A process that was stopped while it held the lock must not hold up a read-only command. */
const LEFTOVER_LOCK_MS = 300;

/**
 * The same for what others left: endings that nobody told of because their process was killed, and notices whose channel was
 * down. Never rejects: a read-only command does not fail because somebody could not be told; the notices stay open.
 */
export async function tellLeftovers(deps: TellDeps): Promise<void> {
  if (hasLeftovers(deps.home, deps.clock.now())) await tell(deps, { lockTimeoutMs: LEFTOVER_LOCK_MS }).catch(() => {});
}
