import { parseTimestamp } from "../base/clock.ts";
import type { Channel } from "./channels.ts";
import { type DeliverDeps, deliverOnce } from "./deliver.ts";
import { type DeliveryAttempt, GIVE_UP_MS } from "./journal.ts";
import type { DatedNotice } from "./notice.ts";
import type { OpenNotice } from "./open-notices.ts";

/** Seconds before each attempt of a run at a channel that does not answer. After the last it is left to the next run. */
const BACKOFF_S = [0, 2, 10, 60, 300];
const MAX_PAUSE_S = 600;

/**
 * Delivers a channel's notices in order. Retries a channel that does not answer after growing pauses, then tries each later
 * notice once, and leaves what failed to the next run.
 */
export async function workOff(
  channel: Channel,
  notices: readonly OpenNotice[],
  report: (notice: DatedNotice, delivery: DeliveryAttempt) => Promise<void>,
  deps: DeliverDeps,
  signal: AbortSignal | undefined,
): Promise<void> {
  let failures = 0;
  for (const { notice, tried } of notices) {
    let attempts = tried.get(channel.name)?.attempts ?? 0;
    for (;;) {
      if (signal?.aborted) return;
      attempts++;
      const place = notice.cwd === null ? deps : { ...deps, cwd: notice.cwd };
      const { delivery: result, retryAfterS } = await deliverOnce(channel, notice, attempts, place);
      const delivery = !result.ok && isTooOld(notice, deps) ? { ...result, final: true } : result;
      // Wait for the journal: nothing else is delivered before this attempt is recorded.
      await report(notice, delivery);
      if (delivery.ok) failures = 0;
      if (delivery.ok || delivery.final) break;
      failures++;
      const pause = BACKOFF_S[failures];
      if (pause === undefined) break;
      await deps.clock.sleep(Math.min(Math.max(pause, retryAfterS), MAX_PAUSE_S) * 1000, signal);
    }
  }
}

function isTooOld({ ts }: DatedNotice, { clock }: DeliverDeps): boolean {
  return clock.now() - parseTimestamp(ts) > GIVE_UP_MS;
}
