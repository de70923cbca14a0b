import { basename } from "node:path";
import { type Clock, timestamp } from "../../base/clock.ts";
import { linesAfter, type Place, START } from "./lines.ts";
import { type QuarantinedLine, quarantine } from "./quarantine.ts";
import { loadSnapshot, saveSnapshot } from "./snapshot.ts";
import { type BadLine, isUnreadable, type Unreadable } from "./unreadable.ts";

/** How the rows of one append-only file become a state. */
export interface Fold<State, Row extends object> {
  /** Of the snapshot's format: one of another version is rebuilt from the log. */
  readonly version: number;
  /** A longer tail behind the snapshot makes a reader write a new one. */
  readonly snapshotEveryBytes: number;
  empty(): State;
  /** The row in a line; null for a row that only a later version knows, which is no damage. */
  parse(line: string): Row | Unreadable | null;
  apply(state: State, row: Row): void;
  /** Remembers a line that is no row, where the state has a place for it. */
  addBad?(state: State, line: BadLine): void;
  /** Removes what is no longer needed; called before a snapshot is written. */
  prune(state: State, now: number): void;
  /** What a snapshot holds of the state. */
  save(state: State): object;
  /** The state of a snapshot; null when it holds none. */
  load(saved: Readonly<Record<string, unknown>>): State | null;
}

/** The files of a followed log. */
export interface LogFiles {
  readonly log: string;
  readonly snapshot: string;
  readonly quarantine: string;
}

/**
 * The fold of an append-only file, kept up to date: the snapshot first, then the tail behind it. Takes no lock. Lines that are
 * no rows are copied to the quarantine file and passed over. When another file stands at the path (restored from a backup,
 * removed), or it was cut, the state is folded again from its start.
 */
export class FollowedLog<State, Row extends object> {
  readonly #files: LogFiles;
  readonly #fold: Fold<State, Row>;
  readonly #clock: Clock;
  #state: State;
  #place: Place | null = null;
  /** Offset up to which the snapshot on the disk goes. */
  #saved = 0;

  constructor(files: LogFiles, fold: Fold<State, Row>, clock: Clock) {
    this.#files = files;
    this.#fold = fold;
    this.#clock = clock;
    this.#state = fold.empty();
  }

  /** Folds what is new and returns the state. */
  refresh(): State {
    const { lines, place, restarted } = linesAfter(this.#files.log, this.#place ?? this.#fromSnapshot());
    if (restarted) {
      this.#state = this.#fold.empty();
      this.#saved = 0;
    }
    const bad: QuarantinedLine[] = [];
    for (const { text, offset } of lines) {
      const row = this.#fold.parse(text);
      if (row === null) continue;
      if (!isUnreadable(row)) {
        this.#fold.apply(this.#state, row);
        continue;
      }
      const why = row.unreadable;
      this.#fold.addBad?.(this.#state, { offset, why });
      bad.push({ file: basename(this.#files.log), inode: place.inode, offset, why, line: text });
    }
    this.#place = place;
    if (bad.length > 0) quarantine(this.#files.quarantine, timestamp(this.#clock.now()), bad);
    if (place.offset - this.#saved > this.#fold.snapshotEveryBytes) this.#save(place);
    return this.#state;
  }

  #fromSnapshot(): Place {
    const { log, snapshot } = this.#files;
    const found = loadSnapshot(snapshot, log, this.#fold.version, (saved) => this.#fold.load(saved));
    if (!found) return START;
    this.#state = found.state;
    this.#saved = found.place.offset;
    return found.place;
  }

  #save(place: Place): void {
    this.#fold.prune(this.#state, this.#clock.now());
    try {
      saveSnapshot(this.#files.snapshot, this.#files.log, place, this.#fold.version, this.#fold.save(this.#state));
    } catch {
      // A full or read-only disk costs time on the next read only.
    }
    this.#saved = place.offset;
  }
}
