import { type Clock, parseTimestamp, timestamp } from "../core/clock.ts";
import { appendRows } from "../store/jsonl.ts";
import { LockTimeoutError, withLock } from "../store/lock.ts";
import { paths } from "../store/paths.ts";
import type { Channel, Channels } from "./channels.ts";
import { collectNotices, settleOpen } from "./collect.ts";
import { type DeliverDeps, deliverOnce } from "./deliver.ts";
import { passes } from "./filter.ts";
import { type Delivery, GIVE_UP_MS, type OpenNotice, readOpen, rowOf } from "./journal.ts";
import type { DatedNotice } from "./notice.ts";
import { channelsIn, isEscalation } from "./sources.ts";

/** Seconds before each attempt of a run at a channel that does not answer. After the last it is left to the next run. */
const BACKOFF_S = [0, 2, 10, 60, 300];
const MAX_PAUSE_S = 600;

/**
 * Delivers every open notice, as the only process that does: another one that runs will do it, for it looks again after it let
 * go of the lock. Channels go on side by side; in each the order of the notices is kept.
 */
export async function deliverOpen(deps: DeliverDeps, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  const lock = paths(deps.home).notifyDeliverLock;
  do {
    try {
      await withLock(lock, () => runOnce(deps, options.signal), { timeoutMs: 0 });
    } catch (error) {
      if (error instanceof LockTimeoutError) return;
      throw error;
    }
    // What was committed while the lock was being let go of is seen here.
  } while (!options.signal?.aborted && (await hasNew(deps)));
}

/** Whether there is a notice that no attempt was made for. */
async function hasNew({ home, clock }: DeliverDeps): Promise<boolean> {
  if (!(await collectNotices(home, clock))) return false;
  return readOpen(paths(home).notify, clock.now()).open.some(({ tried }) => tried.size === 0);
}

async function runOnce(deps: DeliverDeps, signal: AbortSignal | undefined): Promise<void> {
  await collectNotices(deps.home, deps.clock);
  const byCwd = new Map<string, Awaited<ReturnType<typeof channelsIn>>>();
  const queues = new Map<string, { channel: Channel; notices: OpenNotice[] }>();
  const unsettled = new Map<string, Set<string>>();
  for (const open of readOpen(paths(deps.home).notify, deps.clock.now()).open) {
    const cwd = open.notice.cwd ?? deps.cwd;
    const found = byCwd.get(cwd) ?? (await channelsIn({ home: deps.home, env: deps.env, cwd }));
    byCwd.set(cwd, found);
    const wanted = channelsFor(open, found);
    unsettled.set(open.notice.id, new Set(wanted.map(({ name }) => name)));
    for (const channel of wanted) {
      const key = `${channel.name} ${channel.cwd ?? ""}`;
      const queue = queues.get(key) ?? { channel, notices: [] };
      queue.notices.push(open);
      queues.set(key, queue);
    }
    if (wanted.length === 0) close(open.notice, problemsOf(open, found), deps);
  }
  await Promise.all(
    [...queues.values()].map(({ channel, notices }) => work(channel, notices, unsettled, deps, signal)),
  );
  await settleOpen(deps.home, deps.clock);
}

/** The channels that a notice still goes to. */
function channelsFor(
  { notice, tried }: OpenNotice,
  { channels, hook }: Channels & { readonly hook: Channel | null },
): Channel[] {
  const wanted = channels.filter((channel) => passes(channel.filter, notice));
  if (hook && isEscalation(notice)) wanted.push(hook);
  return wanted.filter(({ name }) => {
    const last = tried.get(name)?.last;
    return !last?.ok && !last?.final;
  });
}

/** One channel's notices, in order. When it does not answer it is tried again after a pause, and then left to the next run. */
async function work(
  channel: Channel,
  notices: readonly OpenNotice[],
  unsettled: Map<string, Set<string>>,
  deps: DeliverDeps,
  signal: AbortSignal | undefined,
): Promise<void> {
  let failures = 0;
  for (const { notice, tried } of notices) {
    let attempts = tried.get(channel.name)?.attempts ?? 0;
    for (;;) {
      if (signal?.aborted) return;
      attempts++;
      const { delivery: result, retryAfterS } = await deliverOnce(channel, notice, attempts, inDirectory(deps, notice));
      const delivery = tooOld(notice, deps.clock) && !result.ok ? { ...result, final: true } : result;
      settle(notice, delivery, unsettled, deps);
      if (delivery.ok) failures = 0;
      if (delivery.ok || delivery.final) break;
      failures++;
      const pause = BACKOFF_S[failures];
      // A channel that is down takes its pauses once; the notices behind it are tried once each.
      if (pause === undefined) break;
      await deps.clock.sleep(Math.min(Math.max(pause, retryAfterS), MAX_PAUSE_S) * 1000, signal);
    }
  }
}

function settle(notice: DatedNotice, delivery: Delivery, unsettled: Map<string, Set<string>>, deps: DeliverDeps): void {
  const rest = unsettled.get(notice.id);
  if (delivery.ok || delivery.final) rest?.delete(delivery.channel);
  const row = rowOf(notice, timestamp(deps.clock.now()), [delivery]);
  appendRows(paths(deps.home).notify, [rest?.size === 0 ? { ...row, closed: true } : row]);
}

function close(notice: DatedNotice, problems: readonly Delivery[], deps: DeliverDeps): void {
  appendRows(paths(deps.home).notify, [{ ...rowOf(notice, timestamp(deps.clock.now()), problems), closed: true }]);
}

function problemsOf({ tried }: OpenNotice, { problems }: Channels): Delivery[] {
  return tried.has("config") ? [] : problems.map(({ channel, error }) => ({ channel, ok: false, error, final: true }));
}

function inDirectory(deps: DeliverDeps, { cwd }: DatedNotice): DeliverDeps {
  return cwd === null ? deps : { ...deps, cwd };
}

function tooOld({ ts }: DatedNotice, clock: Clock): boolean {
  return clock.now() - parseTimestamp(ts) > GIVE_UP_MS;
}
