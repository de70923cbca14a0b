import { type Clock, timestamp } from "../base/clock.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { rowText } from "../core/host-fields.ts";
import { sameRepo } from "../core/repo.ts";
import type { Wait } from "../core/wait.ts";
import { appendLines } from "./files.ts";
import { View } from "./fold.ts";
import { type Fold, FollowedLog } from "./follow/followed-log.ts";
import { linesBackwards, linesOf } from "./follow/lines.ts";
import { type BadLine, isUnreadable } from "./follow/unreadable.ts";
import { PYTHON_ID, parseEvent } from "./parse.ts";
import type { Paths } from "./paths.ts";
import { linesWith, rawFile } from "./raw-search.ts";

/** Ended waits that are not final leave the fold after a fortnight (contract, `status`). */
const FORGET_AFTER_MS = 14 * 86_400_000;

const EVENTS: Fold<View, P9Event> = {
  // 2: rows of version 1.0 carry the host that their pull request's address tells.
  version: 2,
  snapshotEveryBytes: 128 * 1024,
  empty: () => new View(),
  parse: parseEvent,
  apply: (view, event) => view.apply(event),
  addBad: (view, line) => view.addBad(line),
  prune: (view, now) => view.prune(timestamp(now - FORGET_AFTER_MS)),
  save: (view) => ({ waits: [...view.waits.values()], links: [...view.links], bad: view.bad }),
  load: (saved) => (holdsView(saved) ? new View(saved.waits, saved.links, saved.bad) : null),
};

/** `state.jsonl`: its fold, its events one by one, and the one function that writes to it. */
export class EventLog {
  readonly #path: string;
  readonly #view: FollowedLog<View, P9Event>;

  constructor({ state, snapshot, quarantine }: Paths, clock: Clock) {
    this.#path = state;
    this.#view = new FollowedLog({ log: state, snapshot, quarantine }, EVENTS, clock);
  }

  /** Folds what is new and returns the view. */
  refresh(): View {
    return this.#view.refresh();
  }

  /**
   * Appends events, durably and in one write. The only writer of `state.jsonl`; the caller holds `state.lock` and has decided on
   * the newest view.
   *
   * @throws the system's error when they cannot be kept.
   */
  append(events: readonly P9Event[]): void {
    appendLines(this.#path, events.map(rowText));
  }

  /** All events, oldest first. */
  *events(options: { readonly since?: number } = {}): Generator<P9Event> {
    const horizon = options.since === undefined ? Number.NEGATIVE_INFINITY : options.since;
    for (const { text } of linesOf(this.#path)) {
      const event = parseEvent(text);
      if (!isUnreadable(event) && Date.parse(event.ts) >= horizon) yield event;
    }
  }

  /** All events, newest first. */
  *eventsBackwards(): Generator<P9Event> {
    for (const { text } of linesBackwards(this.#path)) {
      const event = parseEvent(text);
      if (!isUnreadable(event)) yield event;
    }
  }

  /** A wait that the fold has forgotten, by its id. */
  findForgotten(waitId: string, raw: Buffer = rawFile(this.#path)): Wait | null {
    const view = new View();
    // Rows of the Python p9 do not contain the id.
    const events = waitId.startsWith(PYTHON_ID)
      ? this.events()
      : linesWith(raw, JSON.stringify(waitId)).map(parseEvent);
    for (const event of events) {
      if (!isUnreadable(event) && "wait_id" in event && event.wait_id === waitId) view.apply(event);
    }
    return view.waits.get(waitId) ?? null;
  }

  /** The newest forgotten wait for a pull request; `repo` null: of that number in any. */
  findForgottenPr(repo: string | null, pr: number): Wait | null {
    const raw = rawFile(this.#path);
    const last = (needle: string) =>
      linesWith(raw, needle)
        .map(parseEvent)
        .filter((event): event is Transition => !isUnreadable(event) && event.type === "transition")
        .findLast((row) => row.pr === pr && (repo === null || sameRepo(row.repo, repo)));
    // The Python p9 wrote a space after the colon; its rows are older than all others.
    const row = last(`"pr":${pr},`) ?? last(`"pr": ${pr},`);
    return row ? this.findForgotten(row.wait_id, raw) : null;
  }
}

interface SavedView {
  readonly waits: Wait[];
  readonly links: [string, string[]][];
  readonly bad: BadLine[];
}

function holdsView(saved: Readonly<Record<string, unknown>>): saved is Readonly<Record<string, unknown>> & SavedView {
  return Array.isArray(saved.waits) && Array.isArray(saved.links) && Array.isArray(saved.bad);
}
