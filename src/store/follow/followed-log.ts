import { basename } from "node:path";
import { type Clock, parseTimestamp, timestamp } from "../../base/clock.ts";
import { type Line, linesAfter, type Place, START } from "./lines.ts";
import { Quarantine } from "./quarantine.ts";
import { loadSnapshot, type SnapshotFormat, saveSnapshot } from "./snapshot.ts";
import { type BadLine, isUnreadable, type Unreadable } from "./unreadable.ts";

/** How the rows of one append-only file become a state. */
export interface Fold<State, Row extends { readonly ts: string }> extends SnapshotFormat {
  /** A longer tail behind the snapshot makes a reader write a new one. */
  readonly snapshotEveryBytes: number;
  empty(): State;
  /** The row in a line; null for a row that only a later version knows, which is no damage. */
  parse(line: string): Row | Unreadable | null;
  apply(state: State, row: Row): void;
  /** Remembers a line that is no row, where the state has a place for it. */
  addBad?(state: State, line: BadLine): void;
  /** Removes what is no longer needed; called before a snapshot is written. `now`: in the middle of a log, the time of its rows. */
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

/** A long log is pruned and its snapshot written after each of these pieces: memory stays small, and what was killed goes on from there. */
const PIECE_BYTES = 4 << 20;

/**
 * The fold of an append-only file, kept up to date: the snapshot first, then the tail behind it. Takes no lock. Lines that are
 * no rows are copied to the quarantine file and passed over. When another file stands at the path (restored from a backup,
 * removed), or it was cut, the state is folded again from its start. Never holds the file in memory.
 */
export class FollowedLog<State, Row extends { readonly ts: string }> {
  readonly #files: LogFiles;
  readonly #fold: Fold<State, Row>;
  readonly #clock: Clock;
  readonly #quarantine: Quarantine;
  #state: State;
  #place: Place | null = null;
  /** Offset up to which the snapshot on the disk goes. */
  #saved = 0;
  #snapshotBytes = 0;
  /** Time stamp of the newest row. */
  #newest: string | null = null;

  constructor(files: LogFiles, fold: Fold<State, Row>, clock: Clock) {
    this.#files = files;
    this.#fold = fold;
    this.#clock = clock;
    this.#quarantine = new Quarantine(files.quarantine, basename(files.log), () => timestamp(clock.now()));
    this.#state = fold.empty();
  }

  /** Folds what is new and returns the state. */
  refresh(): State {
    const fresh = linesAfter(this.#files.log, this.#place ?? this.#fromSnapshot());
    if (fresh.restarted) {
      this.#state = this.#fold.empty();
      this.#saved = 0;
    }
    try {
      for (const line of fresh) {
        this.#take(line, fresh.place.inode);
        if (this.#isDue(fresh.place, PIECE_BYTES)) this.#save(fresh.place, this.#timeOfNewest());
      }
    } finally {
      this.#place = fresh.place;
      this.#quarantine.flush();
    }
    if (this.#isDue(fresh.place, this.#fold.snapshotEveryBytes)) this.#save(fresh.place, this.#clock.now());
    return this.#state;
  }

  /** Whether so much is new that a snapshot is worth its writing, which costs the more the larger it is. */
  #isDue({ offset }: Place, everyBytes: number): boolean {
    return offset - this.#saved > Math.max(everyBytes, this.#snapshotBytes / 8);
  }

  #take({ text, offset }: Line, inode: number): void {
    const row = this.#fold.parse(text);
    if (row === null) return;
    if (!isUnreadable(row)) {
      this.#fold.apply(this.#state, row);
      this.#newest = row.ts;
      return;
    }
    const why = row.unreadable;
    this.#fold.addBad?.(this.#state, { offset, why });
    this.#quarantine.add({ inode, offset, why, line: text });
  }

  #fromSnapshot(): Place {
    const { log, snapshot } = this.#files;
    const found = loadSnapshot(snapshot, log, this.#fold, (saved) => this.#fold.load(saved));
    if (!found) return START;
    this.#state = found.state;
    this.#saved = found.place.offset;
    this.#snapshotBytes = found.bytes;
    return found.place;
  }

  /** In the middle of a log, no more may go than went when its rows were new: later rows build on the rest. */
  #timeOfNewest(): number {
    const now = this.#clock.now();
    const newest = parseTimestamp(this.#newest ?? "");
    return newest < now ? newest : now;
  }

  #save(place: Place, now: number): void {
    this.#fold.prune(this.#state, now);
    try {
      const saved = this.#fold.save(this.#state);
      this.#snapshotBytes = saveSnapshot(this.#files.snapshot, this.#files.log, place, this.#fold.version, saved);
    } catch {
      // A full or read-only disk costs time on the next read only.
    }
    this.#saved = place.offset;
  }
}
