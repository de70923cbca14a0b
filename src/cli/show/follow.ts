import { statSync } from "node:fs";
import { type Clock, parseTimestamp } from "../../base/clock.ts";
import type { P9Event } from "../../core/events.ts";
import { linesAfter, linesBackwards, type Place } from "../../store/follow/lines.ts";
import { isUnreadable } from "../../store/follow/unreadable.ts";
import { parseEvent } from "../../store/parse.ts";

const POLL_MS = 200;

/** The events of a log that are there already, and with `follow` those that are appended until `signal` is aborted. */
export async function* tailLog(
  path: string,
  options: { readonly follow: boolean; readonly clock: Clock; readonly signal: AbortSignal; readonly since?: number },
): AsyncGenerator<P9Event> {
  let place: Place = {
    inode: statSync(path, { throwIfNoEntry: false })?.ino ?? 0,
    offset: Number.isFinite(options.since) ? offsetOf(path, options.since ?? 0) : 0,
  };
  while (!options.signal.aborted) {
    const fresh = linesAfter(path, place);
    for (const { text } of fresh) {
      const event = parseEvent(text);
      if (!isUnreadable(event)) yield event;
    }
    place = fresh.place;
    if (!options.follow) return;
    await options.clock.sleep(POLL_MS, options.signal);
  }
}

/** Search margin, because clocks are set back and an imported log may not be in order. */
const MARGIN_MS = 3_600_000;

/** Where events from `since` on begin: the log is read backwards until they are clearly older. */
function offsetOf(path: string, since: number): number {
  let offset = 0;
  for (const line of linesBackwards(path)) {
    offset = line.offset;
    const event = parseEvent(line.text);
    if (!isUnreadable(event) && parseTimestamp(event.ts) < since - MARGIN_MS) break;
  }
  return offset;
}
