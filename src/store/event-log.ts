import { type Clock, timestamp } from "../base/clock.ts";
import { asciiJson } from "../base/json.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { rowText } from "../core/host-fields.ts";
import { sameRepo } from "../core/repo.ts";
import { isPullRequest } from "../core/traits.ts";
import type { Wait } from "../core/wait.ts";
import { appendLines, syncFile } from "./files.ts";
import { View } from "./fold.ts";
import { type Fold, FollowedLog } from "./follow/followed-log.ts";
import { type Line, linesBackwards, linesOf } from "./follow/lines.ts";
import { type BadLine, isUnreadable } from "./follow/unreadable.ts";
import { PYTHON_ID, parseEvent } from "./parse.ts";
import type { Paths } from "./paths.ts";
import { Segments } from "./segments.ts";

/** Ended waits that are not final leave the fold after a fortnight (contract, `status`). */
const FORGET_AFTER_MS = 14 * 86_400_000;

const EVENTS: Fold<View, P9Event> = {
  // 2: rows of version 1.0 carry the host that their pull request's address tells.
  version: 2,
  // An earlier version kept every ended wait of a fortnight, and read some hundred megabytes with each command.
  maxSnapshotBytes: 32 << 20,
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
  readonly #segments: Segments;

  constructor({ state, snapshot, quarantine, segments }: Paths, clock: Clock) {
    this.#path = state;
    this.#segments = new Segments(state, segments);
    this.#view = new FollowedLog({ log: state, snapshot, quarantine }, EVENTS, clock);
  }

  /** Folds what is new and returns the view. */
  refresh(): View {
    return this.#view.refresh();
  }

  /**
   * Appends events, durably and in one write. The only writer of `state.jsonl`; the caller holds `state.lock` and has decided on
   * the newest view. `sync: false` leaves the rest to {@link sync}, for many appends in a row.
   *
   * @throws the system's error when they cannot be kept.
   */
  append(events: readonly P9Event[], options: { readonly sync?: boolean } = {}): void {
    appendLines(this.#path, events.map(rowText), options);
  }

  /** Makes what was appended durable. @throws the system's error. */
  sync(): void {
    syncFile(this.#path);
  }

  /** All events, oldest first; `since`: of that time (ms since the epoch) or later. */
  *events({ since }: { readonly since?: number } = {}): Generator<P9Event> {
    const lines = since === undefined ? linesOf(this.#path) : this.#segments.linesSince(since);
    for (const event of eventsIn(lines)) if (since === undefined || Date.parse(event.ts) >= since) yield event;
  }

  /** All events, newest first; `pr`: of pull requests of that number. */
  *eventsBackwards({ pr }: { readonly pr?: number } = {}): Generator<P9Event> {
    const lines = pr === undefined ? linesBackwards(this.#path) : this.#segments.linesWithBackwards(`pr:${pr}`);
    const named = pr === undefined ? null : new RegExp(`"pr":\\s*${pr}[,}]`);
    for (const event of eventsIn(lines, (text) => named === null || named.test(text)))
      if (pr === undefined || ("pr" in event && event.pr === pr)) yield event;
  }

  /** A wait that the fold has forgotten, by its id. */
  findForgotten(waitId: string): Wait | null {
    const view = new View();
    const id = asciiJson(waitId);
    // Rows of the Python p9 do not contain the id.
    const mayName = waitId.startsWith(PYTHON_ID)
      ? (text: string) => !text.includes('"wait_id"')
      : (text: string) => text.includes(id);
    for (const event of eventsIn(this.#segments.linesWith(`wait:${waitId}`), mayName)) {
      if ("wait_id" in event && event.wait_id === waitId) view.apply(event);
    }
    return view.waits.get(waitId) ?? null;
  }

  /** The newest forgotten wait for a pull request, or about it and of a kind; `repo` null: of that number in any. */
  findForgottenPr(
    repo: string | null,
    pr: number,
    isMeant: (event: Transition) => boolean = isPullRequest,
  ): Wait | null {
    for (const event of this.eventsBackwards({ pr })) {
      if (event.type === "transition" && isMeant(event) && (repo === null || sameRepo(event.repo, repo)))
        return this.findForgotten(event.wait_id);
    }
    return null;
  }
}

/** The events in the lines that `mayMatter` holds for; what it does not hold for is not parsed. */
function* eventsIn(lines: Iterable<Line>, mayMatter: (text: string) => boolean = () => true): Generator<P9Event> {
  for (const { text } of lines) {
    const event = mayMatter(text) ? parseEvent(text) : null;
    if (event !== null && !isUnreadable(event)) yield event;
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
