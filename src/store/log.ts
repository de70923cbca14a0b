import { type Clock, timestamp } from "../base/clock.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { sameRepo } from "../core/repo.ts";
import type { Wait } from "../core/wait.ts";
import { View } from "./fold.ts";
import { linesBackwards, linesFrom } from "./lines.ts";
import { isUnreadable, PYTHON_ID, parseEvent } from "./parse.ts";
import type { Paths } from "./paths.ts";
import { type QuarantinedLine, quarantine } from "./quarantine.ts";
import { linesWith, rawFile } from "./raw-search.ts";
import { loadSnapshot, saveSnapshot } from "./snapshot.ts";

/** A tail longer than this makes a reader write a new snapshot. */
const SNAPSHOT_EVERY_BYTES = 128 * 1024;
/** Ended waits that are not final leave the fold after a fortnight (contract, `status`). */
const FORGET_AFTER_MS = 14 * 86_400_000;

/** The fold of `state.jsonl`, kept up to date: snapshot first, then the tail behind it. */
export class LogFold {
  readonly #paths: Paths;
  readonly #clock: Clock;
  #view = new View();
  #inode = -1;
  #offset = 0;
  #snapshotAt = 0;

  constructor(paths: Paths, clock: Clock) {
    this.#paths = paths;
    this.#clock = clock;
  }

  /** Folds what is new and returns the view. */
  refresh(): View {
    if (this.#inode < 0) this.#start();
    let fresh = linesFrom(this.#paths.state, this.#offset);
    if (fresh.inode !== this.#inode || fresh.size < this.#offset) {
      // Another file stands there now (restored from a backup, removed): everything is new.
      this.#reset(fresh.inode);
      fresh = linesFrom(this.#paths.state, 0);
    }
    const bad: QuarantinedLine[] = [];
    for (const { text, offset } of fresh.lines) {
      const event = parseEvent(text);
      if (!isUnreadable(event)) {
        this.#view.apply(event);
        continue;
      }
      this.#view.addBad({ offset, why: event.unreadable });
      bad.push({ file: "state.jsonl", inode: fresh.inode, offset, why: event.unreadable, line: text });
    }
    this.#offset = fresh.end;
    quarantine(this.#paths.quarantine, timestamp(this.#clock.now()), bad);
    if (this.#offset - this.#snapshotAt > SNAPSHOT_EVERY_BYTES) this.#save();
    return this.#view;
  }

  /** All events, oldest first. */
  *events(options: { readonly since?: number } = {}): Generator<P9Event> {
    const horizon = options.since === undefined ? Number.NEGATIVE_INFINITY : options.since;
    for (const { text } of linesFrom(this.#paths.state, 0).lines) {
      const event = parseEvent(text);
      if (!isUnreadable(event) && Date.parse(event.ts) >= horizon) yield event;
    }
  }

  /** All events, newest first. */
  *eventsBackwards(): Generator<P9Event> {
    for (const { text } of linesBackwards(this.#paths.state)) {
      const event = parseEvent(text);
      if (!isUnreadable(event)) yield event;
    }
  }

  /** A wait that the fold has forgotten, by its id. */
  findForgotten(waitId: string, raw: Buffer = rawFile(this.#paths.state)): Wait | null {
    const view = new View();
    // The text of a row of the Python p9 does not hold the id.
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
    const raw = rawFile(this.#paths.state);
    const last = (needle: string) =>
      linesWith(raw, needle)
        .map(parseEvent)
        .filter((event): event is Transition => !isUnreadable(event) && event.type === "transition")
        .findLast((row) => row.pr === pr && (repo === null || sameRepo(row.repo, repo)));
    // The Python p9 wrote a space; its rows are older than all others.
    const row = last(`"pr":${pr},`) ?? last(`"pr": ${pr},`);
    return row ? this.findForgotten(row.wait_id, raw) : null;
  }

  #start(): void {
    const { inode, size } = linesFrom(this.#paths.state, Number.MAX_SAFE_INTEGER);
    this.#reset(inode);
    const snapshot = inode === 0 ? null : loadSnapshot(this.#paths.snapshot, this.#paths.state, inode, size);
    if (!snapshot) return;
    this.#view = snapshot.view;
    this.#offset = snapshot.offset;
    this.#snapshotAt = snapshot.offset;
  }

  #reset(inode: number): void {
    this.#view = new View();
    this.#inode = inode;
    this.#offset = 0;
    this.#snapshotAt = 0;
  }

  #save(): void {
    this.#view.prune(timestamp(this.#clock.now() - FORGET_AFTER_MS));
    try {
      saveSnapshot(this.#paths.snapshot, this.#paths.state, {
        view: this.#view,
        inode: this.#inode,
        offset: this.#offset,
      });
    } catch {
      // A full or read-only disk costs time on the next read, nothing else.
    }
    this.#snapshotAt = this.#offset;
  }
}
