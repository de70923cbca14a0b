import { readFileSync, statSync } from "node:fs";
import { addEntry, livingEntries, removeEntry } from "./entries.ts";
import type { LockFile } from "./lock-file.ts";

/** The way of a lock without `flock(2)`. */
export const ENTRIES = "entries beside the file";

/**
 * A lock without `flock(2)`: who wants it first adds an entry of its own and then looks for others. Of two that hold it, the later to
 * look would have seen the entry of the other, so there are never two. Of those that meet, the first by name stays and the others
 * withdraw. An entry of a dead process counts for nothing, and nobody's entry is ever taken over.
 *
 * Beside processes that can take `flock(2)`: see {@link givingWay}.
 */
export function openEntryLock(path: string): LockFile {
  let own: string | null = null;
  const unlock = () => {
    if (own !== null) removeEntry(path, own);
    own = null;
  };
  const tryLock = () => {
    if (own === null && livingEntries(path).length > 0) return false;
    own ??= addEntry(path);
    const mine = own;
    const others = livingEntries(path).filter((name) => name !== mine);
    if (others.some((name) => name < mine)) unlock();
    return own !== null && others.length === 0 && !isFlocked(path);
  };
  return { way: ENTRIES, tryLock, unlock, close: unlock };
}

/**
 * A `flock(2)` lock that is not taken while a process has an entry. That one waits for a `flock(2)` that is held, so of the two that
 * meet at least one sees the other.
 */
export function givingWay(path: string, lock: LockFile): LockFile {
  const tryLock = () => {
    if (!lock.tryLock()) return false;
    if (livingEntries(path).length === 0) return true;
    lock.unlock();
    return false;
  };
  return { ...lock, tryLock };
}

/** Whether a process of this namespace holds `flock(2)` on the file (proc_locks(5)). False where the system has no such list. */
function isFlocked(path: string): boolean {
  const { ino } = statSync(path);
  let locks: string;
  try {
    locks = readFileSync("/proc/locks", "utf8");
  } catch {
    return false;
  }
  return locks.split("\n").some((line) => /\bFLOCK\b/.test(line) && line.includes(`:${ino} `));
}
