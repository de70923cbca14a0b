import { statfsSync } from "node:fs";

/** A command is ended before less than this is free; where less was free from the start, before half of that. */
const KEPT_FREE = 2 ** 30;
const LOOK_MS = 1_000;

/** Bytes that are free on the disk of a folder; null when the system does not say. */
export type FreeSpace = (folder: string) => number | null;

/** {@link FreeSpace} of this machine. */
export const freeSpace: FreeSpace = (folder) => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
};

/** Calls `onLow` once when the disk of a folder runs full. Returns how to stop looking. */
export function guardSpace(folder: string, free: FreeSpace, onLow: () => void): () => void {
  const first = free(folder);
  if (first === null) return () => {};
  const kept = Math.min(KEPT_FREE, first / 2);
  const timer = setInterval(() => {
    const now = free(folder);
    if (now === null || now >= kept) return;
    clearInterval(timer);
    onLow();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
