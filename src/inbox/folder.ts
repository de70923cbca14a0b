import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { makeDir, replaceFile } from "../store/files.ts";
import type { Place } from "../store/follow/lines.ts";
import { withLock } from "../store/lock/lock.ts";

/** The end of one watch, as a session hears of it. Texts come from outside and are clipped where they are shown. */
export interface EndingNotice {
  /** Stable: a repeated delivery carries the same id. */
  readonly id: string;
  readonly wait_id: string;
  readonly kind: string;
  /** See `WaitTraits` in core/traits.ts; missing in inboxes of version 1.0. */
  readonly traits?: Json;
  readonly ref: string;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly sha: string | null;
  readonly state: string;
  readonly outcome: string;
  readonly reason: string;
  readonly next_action: string;
  readonly evidence: readonly string[];
  readonly ts: string;
}

/** Endings that one transport took to tell the model. */
export interface Claim {
  readonly ids: readonly string[];
  /** `FileChanged`, `Stop`, `SessionStart`, … */
  readonly transport: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether it was written out; the next event of the session confirms it then. */
  readonly emitted: boolean;
}

/** The inbox of one client session. */
export interface Inbox {
  readonly version: 1;
  /** The client's own id, which names the folder. */
  readonly client: string;
  /** The session that waits are registered under (contract: `BROOMVA_P9_SESSION` first). */
  readonly session: string;
  /** Root of the working tree that the session started in, or its folder. */
  readonly root: string;
  /** The client's process. */
  readonly pid: number;
  readonly pid_start: string;
  /** The client said that the session is over. */
  readonly ended: boolean;
  /** How far the log was read. */
  readonly cursor: Place;
  /** Waits whose endings belong here. */
  readonly mine: readonly string[];
  readonly unread: readonly EndingNotice[];
  readonly claims: readonly Claim[];
  /** Ids of queue items that were offered at the end of a turn. */
  readonly offered: readonly string[];
  /** Offers made since the user spoke last, and in all. */
  readonly offers: { readonly in_row: number; readonly total: number };
  /** What p9 continued the turn with last, and how often in a row; kept for clients where either matters. */
  readonly continued?: { readonly in_row: number; readonly text: string };
  /** Variables of the client's hooks that bringing the session back needs. */
  readonly kept?: Readonly<Record<string, string>>;
}

/**
 * Marks in an inbox's folder, each a file with something in it, or none: what the hooks' shell scripts look at, and `idle` after the end
 * of a turn.
 */
export type Mark = "waits" | "unread" | "emitted" | "pushed" | "untrusted" | "idle";

/** The folder of a client session's inbox. */
export class InboxFolder {
  readonly path: string;
  readonly client: string;

  constructor(inboxes: string, client: string) {
    this.client = client;
    this.path = join(inboxes, client);
  }

  /** All inboxes of a state directory. */
  static all(inboxes: string): InboxFolder[] {
    try {
      return readdirSync(inboxes)
        .filter((name) => !name.startsWith("."))
        .map((client) => new InboxFolder(inboxes, client));
    } catch {
      return [];
    }
  }

  /** The file that the client watches; a line is added for every ending. */
  get wake(): string {
    return join(this.path, "wake");
  }

  /** Where git leaves the trace of the session's commands. */
  get trace(): string {
    return join(this.path, "trace");
  }

  /** Notes that the client called a hook of the session; the scripts do the same. */
  seen(): void {
    if (existsSync(this.path)) writeFileSync(join(this.path, "seen"), "1\n", { mode: 0o600 });
  }

  /** When the client called a hook that noted it ({@link seen}), else {@link changedAt}. */
  get seenAt(): number {
    return statSync(join(this.path, "seen"), { throwIfNoEntry: false })?.mtimeMs ?? this.changedAt;
  }

  /** When the inbox was last written, or, while it is being opened, its folder (ms since the epoch); 0: never. */
  get changedAt(): number {
    const written = [join(this.path, "session.json"), this.path].map((path) =>
      statSync(path, { throwIfNoEntry: false }),
    );
    return written.find((stat) => stat !== undefined)?.mtimeMs ?? 0;
  }

  read(): Inbox | null {
    try {
      const value: unknown = JSON.parse(readSmallFile(join(this.path, "session.json"), 32 * 1024 * 1024));
      return isInbox(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Changes the inbox alone: null writes nothing. Resolves with what `change` gave. */
  async update<T>(change: (inbox: Inbox | null) => { readonly inbox: Inbox | null; readonly result: T }): Promise<T> {
    makeDir(this.path);
    return withLock(
      join(this.path, "lock"),
      () => {
        const { inbox, result } = change(this.read());
        if (inbox) this.#write(inbox);
        return result;
      },
      { timeoutMs: 2_000 },
    );
  }

  #write(inbox: Inbox): void {
    replaceFile(join(this.path, "session.json"), JSON.stringify(inbox), { sync: false });
    const held = new Set(inbox.claims.flatMap(({ ids }) => ids));
    this.mark(
      "unread",
      inbox.unread.some(({ id }) => !held.has(id)),
    );
    this.mark(
      "emitted",
      inbox.claims.some(({ emitted }) => emitted),
    );
  }

  mark(name: Mark, on: boolean): void {
    const path = join(this.path, name);
    if (!on) rmSync(path, { force: true });
    else if (!this.isMarked(name)) writeFileSync(path, "1\n", { mode: 0o600 });
  }

  isMarked(name: Mark): boolean {
    return (statSync(join(this.path, name), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function isInbox(value: unknown): value is Inbox {
  return (
    isObject(value) &&
    value.version === 1 &&
    isObject(value.cursor) &&
    Array.isArray(value.mine) &&
    Array.isArray(value.unread) &&
    Array.isArray(value.claims)
  );
}
