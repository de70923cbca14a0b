import { givingWay } from "./entry-lock.ts";
import type { LockFile } from "./lock-file.ts";

interface DenoFile {
  tryLockSync(exclusive: boolean): boolean;
  unlockSync(): void;
  close(): void;
}

interface DenoApi {
  openSync(path: string, options: { read: boolean; write: boolean; create: boolean; mode: number }): DenoFile;
}

declare const Deno: DenoApi;

/** Opens the lock file on Deno, whose `FsFile` locks are `flock(2)` too. */
export function openLockFile(path: string): LockFile {
  const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  return givingWay(path, {
    way: "flock(2)",
    tryLock: () => file.tryLockSync(true),
    unlock: () => file.unlockSync(),
    close: () => file.close(),
  });
}
