import { isObject } from "../base/json.ts";
import { oneLine } from "../base/text.ts";
import type { Wait } from "../core/wait.ts";
import { waitName } from "../core/wait-name.ts";
import { clientLives } from "../inbox/delivery.ts";
import { type Inbox, InboxFolder } from "../inbox/folder.ts";
import { linesAfter, type Place, START } from "../store/follow/lines.ts";
import { parseRow } from "../store/jsonl.ts";
import type { Paths } from "../store/paths.ts";

/** One telling: an ending that reached a session, or a notice that went to a channel. */
export interface ShownTold {
  readonly ts: string;
  readonly wait_id: string | null;
  /** What was told, in a few words; null: the wait's own ending. */
  readonly what: string | null;
  readonly via: "session" | "channel";
  /** Id of the session's client, or name of the channel. */
  readonly to: string;
  readonly ok: boolean;
  /** Why it failed. */
  readonly error: string | null;
}

/** A session that has endings in its inbox which it has not heard of, and whose client runs. */
export interface Untold {
  readonly client: string;
  readonly session_id: string;
  /** Where the session works. */
  readonly root: string;
  readonly endings: number;
  /** Time stamp of the oldest. */
  readonly since: string;
}

/** An inbox as it was read last. */
interface Known {
  /** When it had been written. */
  readonly at: number;
  readonly inbox: Inbox | null;
  untold?: Untold | null;
}

/** So many tellings are held, and so much of the end of a file is read for them at first. */
const MAX_TOLD = 100;
const FIRST_BYTES = 256 << 10;

/** The last tellings of a state directory, newest first, and who has not heard yet. Reads what is new only. */
export class TellingReader {
  readonly #paths: Paths;
  readonly #places = new Map<string, Place>();
  readonly #inboxes = new Map<string, Known>();
  #told: readonly ShownTold[] = [];
  #untold: readonly Untold[] = [];

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  /** The same list as before when nothing was told since. `waits`: names what woke a session, also what is not shown any more. */
  told(waits: ReadonlyMap<string, Wait>): readonly ShownTold[] {
    const woken = [...this.#rows(this.#paths.wakes, ofWake)].map((told) => {
      const wait = waits.get(told.wait_id ?? "");
      return wait ? { ...told, what: endingOf(wait) } : told;
    });
    const fresh = [...this.#rows(this.#paths.notify, ofNotice), ...woken];
    if (fresh.length > 0) {
      const all = [...this.#told, ...fresh].sort((a, b) => (a.ts < b.ts ? 1 : a.ts > b.ts ? -1 : 0));
      this.#told = all.slice(0, MAX_TOLD);
    }
    return this.#told;
  }

  /** The same list as before when no inbox changed. */
  untold(): readonly Untold[] {
    const found = InboxFolder.all(this.#paths.inbox).flatMap((folder) => {
      const at = folder.changedAt;
      const known = this.#inboxes.get(folder.client);
      const entry = known?.at === at ? known : { at, inbox: folder.read() };
      this.#inboxes.set(folder.client, entry);
      entry.untold ??= untoldOf(folder.client, entry.inbox);
      // A session whose client is gone hears nothing any more.
      return entry.inbox && entry.untold && clientLives(folder, entry.inbox, Date.now()) ? entry.untold : [];
    });
    const same = found.length === this.#untold.length && found.every((one, at) => one === this.#untold[at]);
    if (!same) this.#untold = found;
    return this.#untold;
  }

  *#rows(path: string, read: (row: Record<string, unknown>) => readonly ShownTold[]): Generator<ShownTold> {
    const lines = linesAfter(path, this.#places.get(path) ?? START, (size) => Math.max(0, size - FIRST_BYTES));
    for (const { text } of lines) {
      const row = parseRow(text);
      if (row) yield* read(row);
    }
    this.#places.set(path, lines.place);
  }
}

/** Of a notice's lines, those count that say how a delivery went. */
function ofNotice(row: Record<string, unknown>): readonly ShownTold[] {
  const { ts, wait_id, title, deliveries } = row;
  if (typeof ts !== "string" || !Array.isArray(deliveries)) return [];
  return deliveries.filter(isObject).flatMap(({ channel, ok, error, absent }) => {
    if (typeof channel !== "string" || absent === true) return [];
    const what = typeof title === "string" && title !== "" ? oneLine(title, 200) : null;
    const telling = { ts, wait_id: textOf(wait_id), what, via: "channel", to: oneLine(channel, 60) } as const;
    return { ...telling, ok: ok === true, error: typeof error === "string" ? oneLine(error, 200) : null };
  });
}

function ofWake({ ts, wait_id, session }: Record<string, unknown>): readonly ShownTold[] {
  if (typeof ts !== "string" || typeof session !== "string") return [];
  const to = oneLine(session, 60);
  return [{ ts, wait_id: textOf(wait_id), what: null, via: "session", to, ok: true, error: null }];
}

function untoldOf(client: string, inbox: Inbox | null): Untold | null {
  if (inbox === null) return null;
  const told = new Set(inbox.claims.flatMap(({ emitted, ids }) => (emitted ? ids : [])));
  const open = inbox.unread.filter(({ id }) => !told.has(id));
  if (open.length === 0) return null;
  const { session: session_id, root } = inbox;
  return {
    client: oneLine(client, 60),
    session_id,
    root: oneLine(root, 200),
    endings: open.length,
    since: open[0]?.ts ?? "",
  };
}

/** `PR #42 (o/r): failed`. */
function endingOf(wait: Wait): string {
  return `${waitName(wait)}: ${oneLine(wait.extra.outcome ?? wait.state.toLowerCase(), 40)}`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
