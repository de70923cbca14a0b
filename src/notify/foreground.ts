import { timestamp } from "../base/clock.ts";
import type { Transition } from "../core/events.ts";
import { appendRows } from "../store/jsonl.ts";
import { withLock } from "../store/lock/lock.ts";
import { paths } from "../store/paths.ts";
import type { Channel } from "./channels.ts";
import { type DeliverDeps, deliverOnce } from "./deliver.ts";
import { passes } from "./filter.ts";
import { rowOf, wasTold } from "./journal.ts";
import { type DatedNotice, noticeOf } from "./notice.ts";
import { channelsIn } from "./sources.ts";
import { type TellDeps, tell } from "./tell.ts";

/** The command that somebody waited in is to end. */
const LOCK_TIMEOUT_MS = 1_000;

/** The channels that are told by commands that somebody waits in, or the others. One of an unknown type is in the background. */
export async function channelsFor(
  where: "foreground" | "background",
  channels: readonly Channel[],
  { notifier }: Pick<DeliverDeps, "notifier">,
): Promise<readonly Channel[]> {
  const isForeground = await Promise.all(channels.map(async ({ type }) => (await notifier(type))?.foreground === true));
  return channels.filter((_, index) => isForeground[index] === (where === "foreground"));
}

/** What {@link tellForeground} needs of the world. */
export type ForegroundDeps = DeliverDeps & TellDeps;

/**
 * Tells the channels of the foreground of an event that somebody waited for in this process. Each hears of it once, whoever else waits
 * for the same. The other channels are left to the process that delivers.
 */
export async function tellForeground(event: Transition, deps: ForegroundDeps): Promise<void> {
  const notice = noticeOf(event);
  if (!notice) return;
  const { channels } = await channelsIn({ home: deps.home, env: deps.env, cwd: notice.cwd ?? deps.cwd });
  const wanted = (await channelsFor("foreground", channels, deps)).filter(({ filter }) => passes(filter, notice));
  if (wanted.length === 0) return;
  // A notice whose first line is a delivery would not be collected for the other channels.
  await tell(deps, { lockTimeoutMs: LOCK_TIMEOUT_MS });
  const { notify, notifyLock } = paths(deps.home);
  await withLock(notifyLock, () => inTurn(wanted, notice, notify, deps), { timeoutMs: LOCK_TIMEOUT_MS });
}

async function inTurn(
  channels: readonly Channel[],
  notice: DatedNotice,
  journal: string,
  deps: ForegroundDeps,
): Promise<void> {
  for (const channel of channels) {
    if (wasTold(journal, notice.id, channel.name)) continue;
    const { delivery } = await deliverOnce(channel, notice, 1, deps);
    appendRows(journal, [rowOf(notice, timestamp(deps.clock.now()), [{ ...delivery, final: true }])]);
  }
}
