import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";

/** How often the file is looked at beside what the system reports: not every file system, nor every runtime, reports every change. */
const LOOK_MS = 2_000;

/** Calls `changed` when a session's wake file has grown, until the returned function is called. Keeps no process alive. */
export function watchWakeFile(path: string, changed: () => void): () => void {
  let size = sizeOf(path);
  const look = () => {
    const now = sizeOf(path);
    if (now === size) return;
    size = now;
    changed();
  };
  const watcher = folderWatcher(dirname(path), look);
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}

function folderWatcher(folder: string, changed: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, changed);
    watcher.on("error", () => watcher.close());
    watcher.unref();
    return watcher;
  } catch {
    // The timer looks.
    return null;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
