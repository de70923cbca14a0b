import { statSync } from "node:fs";
import type { Clock } from "../core/clock.ts";
import type { P9Event } from "../core/events.ts";
import { linesFrom } from "../store/lines.ts";
import { isUnreadable, parseEvent } from "../store/parse.ts";

const POLL_MS = 200;

/** The events of a log that are there already, and with `follow` those that are appended until `signal` is aborted. */
export async function* tailLog(
  path: string,
  options: { readonly follow: boolean; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<P9Event> {
  let offset = 0;
  let inode = 0;
  while (!options.signal.aborted) {
    const file = statSync(path, { throwIfNoEntry: false });
    // Another file stands there now, or it was cut: everything in it is new.
    if (file && (file.ino !== inode || file.size < offset)) offset = 0;
    if (file && file.size > offset) {
      const fresh = linesFrom(path, offset);
      offset = fresh.end;
      inode = fresh.inode;
      for (const { text } of fresh.lines) {
        const event = parseEvent(text);
        if (!isUnreadable(event)) yield event;
      }
    }
    if (!options.follow) return;
    await options.clock.sleep(POLL_MS, options.signal);
  }
}
