import { dirname, join } from "node:path";
import { ageMs, parseTimestamp, timestamp } from "../base/clock.ts";
import { sessionFamily } from "../core/session.ts";
import { harnessOf } from "../harness/harness.ts";
import { systemProcesses } from "../process/this-machine.ts";
import type { View } from "../store/fold.ts";
import { appendRows } from "../store/jsonl.ts";
import { attendedWaits } from "./attended.ts";
import type { EndingNotice, Inbox, InboxFolder } from "./folder.ts";
import { readTail } from "./tail.ts";

/** A claim that was not written out within this time belongs to a hook that died: another transport takes its endings. */
const CLAIM_MS = 10_000;
/** An event within this time of an emission may have been sent before it, so it confirms nothing. */
const CONFIRM_AFTER_MS = 200;

/** One session's delivery of endings: claim, emit, confirm. */
export class Delivery {
  readonly folder: InboxFolder;
  readonly #statePath: string;
  readonly #view: () => View;
  readonly #now: () => number;

  constructor(folder: InboxFolder, options: { statePath: string; view: () => View; now: () => number }) {
    this.folder = folder;
    this.#statePath = options.statePath;
    this.#view = options.view;
    this.#now = options.now;
  }

  /** The inbox with what the log has now; nothing is written. */
  peek(): Inbox | null {
    const inbox = this.folder.read();
    return inbox && this.#refresh(inbox);
  }

  /** Confirms what was emitted before this event of the session. */
  confirm(): Promise<void> {
    return this.folder.update((inbox) => ({
      inbox: inbox && this.#caughtUp(this.#confirmed(inbox)),
      result: undefined,
    }));
  }

  /**
   * Takes the unread endings for `transport`, which must write them out and call {@link emitted}. No other transport gets them
   * meanwhile.
   */
  claim(transport: string): Promise<readonly EndingNotice[]> {
    return this.folder.update((inbox) => this.#claimed(inbox, transport));
  }

  /** Does both under one lock: most events of a session confirm what came before them, and take what is new. */
  confirmAndClaim(transport: string): Promise<readonly EndingNotice[]> {
    return this.folder.update((inbox) => this.#claimed(inbox && this.#confirmed(inbox), transport));
  }

  /** Confirms what was emitted, and takes what is new where the model `hears` it. */
  async hear(transport: string, hears: boolean): Promise<readonly EndingNotice[]> {
    if (hears) return this.confirmAndClaim(transport);
    await this.confirm();
    return [];
  }

  #claimed(before: Inbox | null, transport: string): { inbox: Inbox | null; result: readonly EndingNotice[] } {
    if (!before) return { inbox: null, result: [] };
    const inbox = this.#caughtUp(before);
    const held = new Set(inbox.claims.flatMap(({ ids }) => ids));
    const attended = attendedWaits(this.folder);
    const free = inbox.unread.filter(({ id, wait_id }) => !held.has(id) && !attended.has(wait_id));
    if (free.length === 0) return { inbox, result: free };
    const claim = { ids: free.map(({ id }) => id), transport, at: this.#now(), emitted: false };
    return { inbox: { ...inbox, claims: [...inbox.claims, claim] }, result: free };
  }

  /** Notes that the claimed endings were written out. */
  emitted(endings: readonly EndingNotice[]): Promise<void> {
    this.#note(endings);
    const ids = new Set(endings.map(({ id }) => id));
    return this.folder.update((inbox) => {
      if (!inbox) return { inbox: null, result: undefined };
      const claims = inbox.claims.map((claim) =>
        claim.ids.some((id) => ids.has(id)) ? { ...claim, emitted: true, at: this.#now() } : claim,
      );
      const next = { ...inbox, claims };
      return { inbox: next, result: undefined };
    });
  }

  /** Records how long each ending took to arrive, for `p9 stats`. Best effort. */
  #note(endings: readonly EndingNotice[]): void {
    const now = this.#now();
    const rows = endings.map(({ id, wait_id, ts }) => {
      const latency = Math.max(0, (now - parseTimestamp(ts)) / 1000);
      return { ts: timestamp(now), id, wait_id, session: this.folder.client, latency_s: Math.round(latency * 10) / 10 };
    });
    try {
      appendRows(join(dirname(this.#statePath), "wakes.jsonl"), rows, { sync: false });
    } catch {
      // A full disk costs the figure only: the endings are in the log.
    }
  }

  /** Removes the endings of emitted claims that are older than {@link CONFIRM_AFTER_MS}. */
  #confirmed(inbox: Inbox): Inbox {
    const done = inbox.claims.filter((claim) => claim.emitted && ageMs(claim.at, this.#now()) >= CONFIRM_AFTER_MS);
    const ids = new Set(done.flatMap((claim) => claim.ids));
    return {
      ...inbox,
      unread: inbox.unread.filter(({ id }) => !ids.has(id)),
      claims: inbox.claims.filter((claim) => !done.includes(claim)),
    };
  }

  /** The inbox with what the log has now, without the claims of hooks that died. */
  #caughtUp(before: Inbox): Inbox {
    const inbox = this.#refresh(before);
    return { ...inbox, claims: inbox.claims.filter(({ emitted, at }) => emitted || ageMs(at, this.#now()) < CLAIM_MS) };
  }

  #refresh(inbox: Inbox): Inbox {
    return readTail(inbox, this.#statePath, sessionFamily(inbox.session, this.#view().links));
  }
}

/** A session that only its events show to live counts as gone after this time without one. */
const SILENT_MS = 12 * 3_600_000;

/**
 * Whether the client of an inbox still runs: by its process, as Claude Code names it. Of other clients the process is not known (that
 * of a Codex hook is a daemon): there it is the time since the last event.
 */
export function clientLives(folder: InboxFolder, inbox: Inbox, now: number): boolean {
  if (inbox.ended) return false;
  if (inbox.pid > 0) {
    const client = systemProcesses.inspect(inbox.pid);
    return client.state === "running" && client.start === inbox.pid_start;
  }
  return harnessOf(folder.client) !== "claude" && now - folder.seenAt < SILENT_MS;
}
