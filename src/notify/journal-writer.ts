import { statfsSync } from "node:fs";
import { systemClock } from "../base/clock.ts";
import { appendRows } from "../store/jsonl.ts";
import { paths } from "../store/paths.ts";
import type { NotifyRow } from "./journal.ts";

const POLL_MS = 500;
/** Room for some hundred lines. */
const NEEDED_BYTES = 128 * 1024;

/**
 * Writes lines of `notify.jsonl`. What was delivered and cannot be written (a full disk) is kept and tried again, and nothing is
 * delivered meanwhile: a delivery that nobody knows of would be made twice.
 */
export class JournalWriter {
  readonly #home: string;
  #unwritten: NotifyRow[] = [];

  constructor(home: string) {
    this.#home = home;
  }

  write(row: NotifyRow): void {
    this.#unwritten.push(row);
    this.#flush();
  }

  /** Resolves when everything is written and there is room for more; at once when `signal` is aborted. */
  async ready(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && !(this.#flush() && this.#hasRoom())) await systemClock.sleep(POLL_MS, signal);
  }

  #flush(): boolean {
    const rows = this.#unwritten;
    if (rows.length === 0) return true;
    try {
      appendRows(paths(this.#home).notify, rows);
      this.#unwritten = [];
      return true;
    } catch {
      return false;
    }
  }

  #hasRoom(): boolean {
    try {
      const { bavail, bsize } = statfsSync(this.#home);
      return bavail * bsize > NEEDED_BYTES;
    } catch {
      // A file system that does not tell: the write will.
      return true;
    }
  }
}
