import { rmSync, statSync } from "node:fs";
import { type Clock, systemClock, timestamp } from "../base/clock.ts";
import { LockTimeoutError, withLock } from "../store/lock/lock.ts";
import { type Paths, paths } from "../store/paths.ts";
import type { Channel, Channels } from "./channels.ts";
import { collectNotices } from "./collect.ts";
import type { DeliverDeps } from "./deliver.ts";
import { passes } from "./filter.ts";
import { channelsFor } from "./foreground.ts";
import { type DeliveryAttempt, rowOf } from "./journal.ts";
import { JournalWriter } from "./journal-writer.ts";
import type { DatedNotice } from "./notice.ts";
import { type OpenNotice, readOpen } from "./open-notices.ts";
import { channelsIn, isEscalation } from "./sources.ts";
import { workOff } from "./work-off.ts";

/** How often a run that waits for a channel looks for new notices for the others, in ms. */
const POLL_MS = 500;

/**
 * Delivers every open notice, in one process at a time: a running one looks again after it has released the lock. Channels run
 * side by side, so one that is down delays no other; each keeps its order.
 */
export async function deliverOpen(deps: DeliverDeps, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  const lock = paths(deps.home).notifyDeliverLock;
  do {
    try {
      await withLock(lock, () => new Run(deps, options.signal).toEnd(), { timeoutMs: 0 });
    } catch (error) {
      if (error instanceof LockTimeoutError) return;
      throw error;
    }
    // Check again: a notice may have been committed while the lock was being released.
  } while (!options.signal?.aborted && (await hasNew(deps)));
}

/** Whether there is a notice that no attempt was made for. */
async function hasNew({ home, clock }: DeliverDeps): Promise<boolean> {
  if (!(await collectNotices(home, clock))) return false;
  return readOpen(paths(home).notify, clock.now()).open.some(({ tried }) => tried.size === 0);
}

class Run {
  readonly #deps: DeliverDeps;
  readonly #signal: AbortSignal | undefined;
  readonly #journal: JournalWriter;
  readonly #channels = new Map<string, Awaited<ReturnType<typeof channelsIn>>>();
  /** Channels that are being worked off. */
  readonly #active = new Map<string, Promise<void>>();
  /** For each notice the channels that it still goes to. */
  readonly #unsettled = new Map<string, Set<string>>();
  /** `<notice> <channel>` pairs that this run has started; none is started twice. */
  readonly #taken = new Set<string>();

  constructor(deps: DeliverDeps, signal: AbortSignal | undefined) {
    this.#deps = deps;
    this.#signal = signal;
    this.#journal = new JournalWriter(deps.home);
  }

  async toEnd(): Promise<void> {
    const { home, clock } = this.#deps;
    for (;;) {
      await this.#journal.ready(this.#signal);
      await collectNotices(home, clock);
      await this.#takeUp();
      if (this.#active.size === 0 || this.#signal?.aborted) break;
      await this.#untilNews();
    }
    await settleOpen(paths(home), clock);
  }

  /** Starts to work off every channel that has something to tell and is not at work. */
  async #takeUp(): Promise<void> {
    const queues = new Map<string, { channel: Channel; notices: OpenNotice[] }>();
    for (const open of readOpen(paths(this.#deps.home).notify, this.#deps.clock.now()).open) {
      const found = await this.#channelsFor(open.notice);
      const wanted = wantedBy(open, found);
      if (!this.#unsettled.has(open.notice.id))
        this.#unsettled.set(open.notice.id, new Set(wanted.map(({ name }) => name)));
      if (wanted.length === 0) this.#append(open.notice, problemsOf(open, found));
      for (const channel of wanted) {
        const key = `${channel.name} ${channel.cwd ?? ""}`;
        if (this.#active.has(key) || this.#taken.has(`${open.notice.id} ${key}`)) continue;
        const queue = queues.get(key) ?? { channel, notices: [] };
        queue.notices.push(open);
        queues.set(key, queue);
      }
    }
    for (const [key, { channel, notices }] of queues) {
      for (const { notice } of notices) this.#taken.add(`${notice.id} ${key}`);
      const report = (notice: DatedNotice, delivery: DeliveryAttempt) => {
        this.#settle(notice, delivery);
        return this.#journal.ready(this.#signal);
      };
      const work = workOff(channel, notices, report, this.#deps, this.#signal);
      this.#active.set(
        key,
        work.finally(() => this.#active.delete(key)),
      );
    }
  }

  async #channelsFor({ cwd }: DatedNotice): Promise<Awaited<ReturnType<typeof channelsIn>>> {
    const place = cwd ?? this.#deps.cwd;
    const known = this.#channels.get(place);
    if (known) return known;
    const found = await channelsIn({ home: this.#deps.home, env: this.#deps.env, cwd: place });
    const channels = await channelsFor("background", found.channels, this.#deps);
    this.#channels.set(place, { ...found, channels });
    return { ...found, channels };
  }

  /** Resolves when a channel has finished, or when there may be new notices. */
  async #untilNews(): Promise<void> {
    const stop = new AbortController();
    const before = sizes(this.#deps.home);
    const news = async () => {
      while (!stop.signal.aborted && sizes(this.#deps.home) === before) await systemClock.sleep(POLL_MS, stop.signal);
    };
    await Promise.race([...this.#active.values(), news()]);
    stop.abort();
  }

  #settle(notice: DatedNotice, delivery: DeliveryAttempt): void {
    if (delivery.ok || delivery.final) this.#unsettled.get(notice.id)?.delete(delivery.channel);
    this.#append(notice, [delivery]);
  }

  #append(notice: DatedNotice, deliveries: readonly DeliveryAttempt[]): void {
    const row = rowOf(notice, timestamp(this.#deps.clock.now()), deliveries);
    const closed = this.#unsettled.get(notice.id)?.size === 0;
    this.#journal.write(closed ? { ...row, closed } : row);
  }
}

/** Removes the mark of waiting notices when none is left. */
function settleOpen(files: Paths, clock: Clock): Promise<void> {
  return withLock(files.notifyLock, () => {
    if (readOpen(files.notify, clock.now()).open.length === 0) rmSync(files.notifyOpen, { force: true });
  });
}

/** The channels that a notice still goes to. */
function wantedBy(
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

function problemsOf({ tried }: OpenNotice, { problems }: Channels): DeliveryAttempt[] {
  return tried.has("config") ? [] : problems.map(({ channel, error }) => ({ channel, ok: false, error, final: true }));
}

/** Changes when the log or the notices have grown. */
function sizes(home: string): string {
  const { state, notify } = paths(home);
  return [state, notify].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0).join(" ");
}
