import { closeSync, constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import { runOnFile } from "../../process/exec.ts";
import { givingWay, openEntryLock } from "./entry-lock.ts";
import type { LockFile } from "./lock-file.ts";

const LOCK_EX_NB = 2 | 4;
const LOCK_UN = 8;

/** A way to take `flock(2)`; true: the system did as it was told. */
interface Flock {
  readonly way: string;
  call(fd: number, operation: number): boolean;
}

/** Programs that lock their descriptor 3 for us: the lock belongs to the open file, and stays when the program ends. */
const HELPERS: readonly Flock[] = [
  {
    way: "flock(1)",
    call: (fd, operation) =>
      runOnFile(["flock", operation === LOCK_UN ? "--unlock" : "--exclusive", "--nonblock", "3"], fd) === 0,
  },
  {
    way: "flock(2) through perl",
    call: (fd, operation) =>
      runOnFile(["perl", "-e", 'open(F, "+<&=", 3) or exit 2; exit(flock(F, shift) ? 0 : 1)', `${operation}`], fd) ===
      0,
  },
];

/** Null: nothing here can; undefined: not tried yet. */
let flock: Flock | null | undefined;

/**
 * `flock(2)` of libc through koffi: the same lock that `flock(1)` and Python's `fcntl.flock` take. Where koffi is not installed (a
 * plugin that was copied without its dependencies) or has no binary for the platform, a program takes it for us.
 */
function findFlock(fd: number): Flock | null {
  try {
    // koffi is CommonJS with a prebuilt binary beside it: it stays outside the bundle and is loaded with the first lock.
    const libc = createRequire(import.meta.url)("koffi")
      .load(null)
      .func("int flock(int, int)");
    return { way: "flock(2)", call: (file, operation) => libc(file, operation) === 0 };
  } catch {
    return HELPERS.find(({ call }) => call(fd, LOCK_UN)) ?? null;
  }
}

/** Opens the lock file on Node. Where nothing can take `flock(2)`, entries beside the file are the lock. */
export function openLockFile(path: string): LockFile {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  if (flock === undefined) flock = findFlock(fd);
  const own = flock;
  if (own === null) {
    closeSync(fd);
    return openEntryLock(path);
  }
  return givingWay(path, {
    way: own.way,
    tryLock: () => own.call(fd, LOCK_EX_NB),
    unlock: () => void own.call(fd, LOCK_UN),
    close: () => closeSync(fd),
  });
}
