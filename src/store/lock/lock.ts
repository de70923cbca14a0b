import { ENTRIES } from "./entry-lock.ts";
import type { LockFile } from "./lock-file.ts";

/** The lock was not free in time. */
export class LockTimeoutError extends Error {
  override readonly name = "LockTimeoutError";
  readonly path: string;

  constructor(path: string, seconds: number) {
    super(`Cannot take the lock "${path}": another process has held it for ${seconds} s`);
    this.path = path;
  }
}

/** How long to try. */
export interface LockOptions {
  /** @default {30_000} */
  readonly timeoutMs?: number;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Runs `work` while holding an exclusive lock on `path`: `flock(2)`, or entries beside the file where nothing can take that. Tries
 * without blocking, so that a stopped holder causes a time-out instead of a hang.
 *
 * @throws {LockTimeoutError} when it is not free in time.
 */
export async function withLock<T>(path: string, work: () => T | Promise<T>, options: LockOptions = {}): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const file = await open(path);
  try {
    await waitFor(file, path, timeoutMs);
    return await work();
  } finally {
    file.close();
  }
}

/** How locks are taken here. */
export async function lockWay(path: string): Promise<{ readonly way: string; readonly isFlock: boolean }> {
  const { way, close } = await open(path);
  close();
  return { way, isFlock: way !== ENTRIES };
}

async function open(path: string): Promise<LockFile> {
  const { openLockFile } = await ("Deno" in globalThis ? import("./flock-deno.ts") : import("./flock-node.ts"));
  return openLockFile(path);
}

async function waitFor(file: LockFile, path: string, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; !file.tryLock(); pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    if (performance.now() >= end) throw new LockTimeoutError(path, Math.round(timeoutMs / 100) / 10);
    // Random, so that two waiters do not keep waking at the same time.
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}
