import { randomBytes } from "node:crypto";
import { type Clock, timestamp } from "../../base/clock.ts";
import { counted } from "../../base/text.ts";
import type { IsolationTier } from "../../contract/queue-source.ts";
import { errorText, StateError } from "../../core/errors.ts";
import { makeDir } from "../../store/files.ts";
import { appendRows } from "../../store/jsonl.ts";
import { LockTimeoutError, withLock } from "../../store/lock/lock.ts";
import { paths } from "../../store/paths.ts";
import type { QueueItem, QueueState } from "./fold.ts";
import { queueLog } from "./queue-log.ts";
import type { ItemRow, LeftReason, NewRow, QueueRow } from "./rows.ts";

/** What a queue needs from outside. */
export interface QueueOptions {
  readonly clock: Clock;
  /** How long to try for the lock. @default {30_000} */
  readonly lockTimeoutMs?: number;
}

/** A piece of work that is to enter the queue; what is left out is null or empty. */
export interface Draft {
  readonly source: string;
  readonly item: string;
  readonly session_id: string | null;
  readonly isolation_tier: IsolationTier;
  readonly tier?: IsolationTier | null;
  readonly pr?: number | null;
  readonly repo?: string | null;
  readonly files?: readonly string[];
  readonly minutes?: number | null;
  readonly key?: string | null;
  readonly after?: string | null;
  readonly why?: string | null;
  /** Time stamp; default now. */
  readonly created_at?: string;
}

/** Something that can be claimed: an item of the queue, or one that a source just offered. */
export type Candidate =
  | { readonly stored: QueueItem; readonly draft?: undefined }
  | { readonly stored?: undefined; readonly draft: Draft };

/** How an asked-for change of one item came out. */
export type Change = "changed" | "already" | "unknown" | "foreign";

/**
 * The queue of work: an append-only log of items, leases and endings, and its fold. Reads take no lock. Every change is decided
 * on the newest state under `queue.lock` and synced, so that two agents never get the same item and a killed process loses none.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #paths: ReturnType<typeof paths>;
  readonly #log: ReturnType<typeof queueLog>;

  constructor(home: string, options: QueueOptions) {
    this.#options = options;
    this.#paths = paths(home);
    this.#log = queueLog(this.#paths, options.clock);
  }

  /** What is in the queue now. */
  read(): QueueState {
    return this.#log.refresh();
  }

  /**
   * Puts an item in. With a key that an item visible to `family` has or had, nothing is added: `known` says how that one is.
   *
   * @throws {StateError} when it cannot be kept.
   */
  async push(draft: Draft, family: ReadonlySet<string>): Promise<{ id: string; known: "open" | "done" | null }> {
    const id = newId();
    let known: { id: string; known: "open" | "done" } | null = null;
    await this.write((state) => {
      known = draft.key ? findKey(state, draft.source, draft.key, (owner) => isVisibleTo(owner, family)) : null;
      return known ? [] : [this.#entry("queue.pushed", id, draft)];
    });
    return known ?? { id, known: null };
  }

  /**
   * Hands out the first candidate that is still free, with a lease of `leaseMs`; null when none is.
   *
   * @throws {StateError} when the lease cannot be kept.
   */
  async claim(candidates: readonly Candidate[], session: string, leaseMs: number): Promise<QueueItem | null> {
    let taken: string | null = null;
    await this.write((state) => {
      for (const candidate of candidates) {
        const rows = this.#claimRows(state, candidate, session, leaseMs);
        if (!rows) continue;
        taken = rows.id;
        return rows.rows;
      }
      return [];
    });
    return taken === null ? null : (this.#log.refresh().items.get(taken) ?? null);
  }

  /** Keeps offered work that nobody may claim, so that it is listed; what is known already is left as it is. */
  async note(drafts: readonly Draft[]): Promise<void> {
    const unknown = (state: QueueState) =>
      drafts.filter(({ source, key }) => !key || !findKey(state, source, key, () => true));
    if (unknown(this.read()).length === 0) return;
    await this.write((state) => unknown(state).map((draft) => this.#entry("queue.discovered", newId(), draft)));
  }

  /** Whether offered work has not been handed out or done, as far as the queue knows. */
  isFree({ source, key }: Draft): boolean {
    const known = key ? findKey(this.read(), source, key, () => true) : null;
    const open = known && this.read().items.get(known.id);
    return !known || (open ? !this.leased(open) : false);
  }

  /** Marks an item as done. */
  async done(id: string, session: string): Promise<Change> {
    return this.#change(id, (_, gone) =>
      gone === "done" ? "already" : [{ type: "queue.done", id, session_id: session }],
    );
  }

  /** Gives an item back. Another session's lease is kept unless `anyone` is true, because that session may be at work. */
  async release(id: string, session: string, family: ReadonlySet<string>, anyone = false): Promise<Change> {
    return this.#change(id, (item) => {
      if (!item || !this.leased(item)) return "already";
      if (!anyone && !family.has(item.lease?.session_id ?? "")) return "foreign";
      return [{ type: "queue.released", id, session_id: session }];
    });
  }

  /** Takes items out for good. */
  async remove(choose: (item: QueueItem) => boolean, reason: LeftReason): Promise<readonly string[]> {
    let ids: string[] = [];
    await this.write((state) => {
      ids = [...state.items.values()].filter(choose).map(({ id }) => id);
      return ids.length > 0 ? [{ type: "queue.left", ids, reason }] : [];
    });
    return ids;
  }

  /** Whether somebody has the item now. */
  leased(item: QueueItem): boolean {
    return item.lease !== null && Date.parse(item.lease.until) > this.#options.clock.now();
  }

  /** Writes what `decide` says of the newest state, under the lock, in one append. */
  async write(decide: (state: QueueState) => readonly NewRow[]): Promise<readonly QueueRow[]> {
    let rows: readonly QueueRow[] = [];
    const decideNow = () => {
      const ts = timestamp(this.#options.clock.now());
      return decide(this.#log.refresh()).map((row) => ({ ...row, ts }) as QueueRow);
    };
    try {
      makeDir(this.#paths.home);
      const timeoutMs = this.#options.lockTimeoutMs ?? 30_000;
      await withLock(
        this.#paths.queueLock,
        () => {
          rows = decideNow();
          appendRows(this.#paths.queue, rows);
          this.#log.refresh();
        },
        { timeoutMs },
      );
      return rows;
    } catch (error) {
      if (!(error instanceof LockTimeoutError) && !(error instanceof Error && "code" in error)) throw error;
      // Report the rows that are lost, also when the lock or the directory failed.
      if (rows.length === 0) rows = decideNow();
      throw new StateError(
        `Cannot keep ${counted(rows.length, "event")} in "${this.#paths.queue}": ${errorText(error)}`,
        rows,
        {
          cause: error,
        },
      );
    }
  }

  #entry(type: ItemRow["type"], id: string, draft: Draft): NewRow {
    return {
      type,
      id,
      source: draft.source,
      item: draft.item,
      created_at: draft.created_at ?? timestamp(this.#options.clock.now()),
      pr: draft.pr ?? null,
      repo: draft.repo ?? null,
      session_id: draft.session_id,
      isolation_tier: draft.isolation_tier,
      tier: draft.tier ?? null,
      files: draft.files ?? [],
      minutes: draft.minutes ?? null,
      key: draft.key ?? null,
      after: draft.after ?? null,
      why: draft.why ?? null,
    };
  }

  #claimRows(state: QueueState, candidate: Candidate, session: string, leaseMs: number) {
    const until = Math.ceil((this.#options.clock.now() + leaseMs) / 1000) * 1000;
    const lease = (id: string): NewRow => ({
      type: "queue.leased",
      id,
      session_id: session,
      lease_until: timestamp(until),
    });
    if (candidate.stored) {
      const now = state.items.get(candidate.stored.id);
      return now && !this.leased(now) ? { id: now.id, rows: [lease(now.id)] } : null;
    }
    const { draft } = candidate;
    const known = draft.key ? findKey(state, draft.source, draft.key, () => true) : null;
    if (known?.known === "done") return null;
    const open = known ? state.items.get(known.id) : undefined;
    if (open) return this.leased(open) ? null : { id: open.id, rows: [lease(open.id)] };
    const id = newId();
    return { id, rows: [this.#entry("queue.discovered", id, draft), lease(id)] };
  }

  async #change(
    id: string,
    decide: (item: QueueItem | null, gone: string | null) => readonly NewRow[] | "already" | "foreign",
  ): Promise<Change> {
    let change: Change = "unknown";
    await this.write((state) => {
      const item = state.items.get(id) ?? null;
      const gone = state.gone.get(id)?.how ?? null;
      if (!item && !gone) return [];
      const rows = decide(item, gone);
      change = typeof rows === "string" ? rows : "changed";
      return typeof rows === "string" ? [] : rows;
    });
    return change;
  }
}

/** Whether an item belongs to one of `family`, or to every session. */
export function isVisibleTo(owner: string | null, family: ReadonlySet<string>): boolean {
  return owner === null || family.has(owner);
}

/** The item that carries a key: one in the queue first, else one that is done. */
function findKey(state: QueueState, source: string, key: string, visible: (owner: string | null) => boolean) {
  for (const item of state.items.values()) {
    if (item.source === source && item.key === key && visible(item.session_id))
      return { id: item.id, known: "open" as const };
  }
  for (const [id, gone] of state.gone) {
    if (gone.how === "done" && gone.source === source && gone.key === key && visible(gone.session_id))
      return { id, known: "done" as const };
  }
  return null;
}

function newId(): string {
  return `q-${randomBytes(5).toString("hex")}`;
}
