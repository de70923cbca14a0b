import { closeSync, constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import type { LockFile } from "./lock.ts";

const LOCK_EX_NB = 2 | 4;

type Flock = (fd: number, operation: number) => number;
let flock: Flock | undefined;

/** `flock(2)` of libc through koffi: the same lock that `flock(1)` and Python's `fcntl.flock` take (facts/locks). */
function loadFlock(): Flock {
  // koffi is CommonJS with a prebuilt binary beside it: it stays outside the bundle and is loaded with the first lock.
  const koffi = createRequire(import.meta.url)("koffi");
  return koffi.load(null).func("int flock(int, int)");
}

/** Opens the lock file on Node. */
export function openLockFile(path: string): LockFile {
  flock ??= loadFlock();
  const tryFlock = flock;
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  return {
    tryLock: () => tryFlock(fd, LOCK_EX_NB) === 0,
    close: () => closeSync(fd),
  };
}
