import { readFileSync } from "node:fs";
import { type Clock, timestamp } from "../../base/clock.ts";
import { isObject } from "../../base/json.ts";
import { replaceFile } from "../../store/files.ts";
import { linesFrom } from "../../store/lines.ts";
import type { Paths } from "../../store/paths.ts";
import { type QuarantinedLine, quarantine } from "../../store/quarantine.ts";
import { hashBefore } from "../../store/snapshot.ts";
import { type GoneItem, type QueueItem, QueueState } from "./fold.ts";
import { asQueueRow } from "./rows.ts";

const VERSION = 1;
const SNAPSHOT_EVERY_BYTES = 64 * 1024;
/** How long `done` is remembered: longer than anything that a source offers stays current. */
const REMEMBER_MS = 90 * 86_400_000;

/** The fold of `queue.jsonl`, kept up to date: snapshot first, then the tail behind it. */
export class QueueLog {
  readonly #paths: Paths;
  readonly #clock: Clock;
  #state = new QueueState();
  #inode = -1;
  #offset = 0;
  #snapshotAt = 0;

  constructor(paths: Paths, clock: Clock) {
    this.#paths = paths;
    this.#clock = clock;
  }

  /** Folds what is new and returns the state. Takes no lock. */
  refresh(): QueueState {
    if (this.#inode < 0) this.#start();
    let fresh = linesFrom(this.#paths.queue, this.#offset);
    if (fresh.inode !== this.#inode || fresh.size < this.#offset) {
      this.#reset(fresh.inode);
      fresh = linesFrom(this.#paths.queue, 0);
    }
    const bad: QuarantinedLine[] = [];
    for (const { text, offset } of fresh.lines) {
      const row = parse(text);
      if (row === null)
        bad.push({ file: "queue.jsonl", inode: fresh.inode, offset, why: "no JSON object", line: text });
      else if (row) this.#state.apply(row);
    }
    this.#offset = fresh.end;
    quarantine(this.#paths.quarantine, timestamp(this.#clock.now()), bad);
    if (this.#offset - this.#snapshotAt > SNAPSHOT_EVERY_BYTES) this.#save();
    return this.#state;
  }

  #start(): void {
    const { inode, size } = linesFrom(this.#paths.queue, Number.MAX_SAFE_INTEGER);
    this.#reset(inode);
    const snapshot = readSnapshot(this.#paths.queueSnapshot);
    if (!snapshot || snapshot.inode !== inode || snapshot.offset > size) return;
    if (hashBefore(this.#paths.queue, snapshot.offset) !== snapshot.hash) return;
    this.#state = new QueueState(snapshot.items, snapshot.gone);
    this.#offset = snapshot.offset;
    this.#snapshotAt = snapshot.offset;
  }

  #reset(inode: number): void {
    this.#state = new QueueState();
    this.#inode = inode;
    this.#offset = 0;
    this.#snapshotAt = 0;
  }

  #save(): void {
    this.#state.forget(timestamp(this.#clock.now() - REMEMBER_MS));
    const file: SnapshotFile = {
      version: VERSION,
      inode: this.#inode,
      offset: this.#offset,
      hash: hashBefore(this.#paths.queue, this.#offset),
      items: [...this.#state.items.values()],
      gone: [...this.#state.gone],
    };
    try {
      // What is lost with a snapshot is folded again: not worth a sync.
      replaceFile(this.#paths.queueSnapshot, JSON.stringify(file), { sync: false });
    } catch {
      // A full or read-only disk costs time on the next read, nothing else.
    }
    this.#snapshotAt = this.#offset;
  }
}

interface SnapshotFile {
  readonly version: number;
  readonly inode: number;
  readonly offset: number;
  readonly hash: string;
  readonly items: QueueItem[];
  readonly gone: [string, GoneItem][];
}

function readSnapshot(path: string): SnapshotFile | null {
  try {
    const file: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isSnapshot(file) ? file : null;
  } catch {
    return null;
  }
}

function isSnapshot(file: unknown): file is SnapshotFile {
  return (
    isObject(file) &&
    file.version === VERSION &&
    typeof file.offset === "number" &&
    Array.isArray(file.items) &&
    Array.isArray(file.gone)
  );
}

/** null: no JSON object; undefined: a row that this version does not know, which is no damage. */
function parse(text: string) {
  try {
    const row: unknown = JSON.parse(text);
    return isObject(row) ? (asQueueRow(row) ?? undefined) : null;
  } catch {
    return null;
  }
}
