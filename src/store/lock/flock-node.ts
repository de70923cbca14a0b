import { closeSync, constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import { runOnFile } from "../../process/exec.ts";
import type { LockFile } from "./lock-file.ts";

const LOCK_EX_NB = 2 | 4;

type Flock = (fd: number, operation: number) => number;
let flock: Flock | undefined;

/**
 * `flock(2)` of libc through koffi: the same lock that `flock(1)` and Python's `fcntl.flock` take. Where koffi is not installed (a
 * plugin that was copied without its dependencies) or has no binary for the platform, `flock(1)` locks our open file for us: the
 * lock belongs to the file description, and stays when the helper ends.
 */
function loadFlock(): Flock {
  try {
    // koffi is CommonJS with a prebuilt binary beside it: it stays outside the bundle and is loaded with the first lock.
    const koffi = createRequire(import.meta.url)("koffi");
    return koffi.load(null).func("int flock(int, int)");
  } catch (error) {
    return (fd) => {
      const code = runOnFile(["flock", "--exclusive", "--nonblock", "3"], fd);
      if (code === null) throw error;
      return code === 0 ? 0 : -1;
    };
  }
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
