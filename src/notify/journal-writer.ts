import { statfsSync } from "node:fs";
import { systemClock } from "../base/clock.ts";
import { appendRows } from "../store/jsonl.ts";
import { paths } from "../store/paths.ts";
import type { NotifyRow } from "./journal.ts";

const POLL_MS = 500;
/** Room for some hundred lines. */
const NEEDED_BYTES = 128 * 1024;

/**
 * Writes lines of `notify.jsonl`. Keeps a line that cannot be written (a full disk) and tries again; nothing is delivered
 * meanwhile, because an unrecorded delivery would be repeated.
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
      // The file system does not report its free space: the write will show it.
      return true;
    }
  }
}
