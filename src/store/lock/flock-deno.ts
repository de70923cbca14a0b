import type { LockFile } from "./lock-file.ts";

interface DenoFile {
  tryLockSync(exclusive: boolean): boolean;
  close(): void;
}

interface DenoApi {
  openSync(path: string, options: { read: boolean; write: boolean; create: boolean; mode: number }): DenoFile;
}

declare const Deno: DenoApi;

/** Opens the lock file on Deno, whose `FsFile` locks are `flock(2)` too. */
export function openLockFile(path: string): LockFile {
  const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  return {
    tryLock: () => file.tryLockSync(true),
    close: () => file.close(),
  };
}
