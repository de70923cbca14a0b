import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Calls `changed` when a session's wake file has changed, until the returned function is called. A folder that is gone changes no more. */
export function watchWakeFile(path: string, changed: () => void): () => void {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) changed();
    });
    watcher.on("error", () => watcher?.close());
    // The client may end while it is watched.
    watcher.unref();
  } catch {
    // No watch: the session's next event tells what ended.
  }
  return () => watcher?.close();
}
