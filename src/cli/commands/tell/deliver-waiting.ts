import { statSync } from "node:fs";
import { systemClock } from "../../../base/clock.ts";
import type { DeliverDeps } from "../../../notify/deliver.ts";
import { deliverOpen } from "../../../notify/dispatch.ts";
import { homeMark } from "../../../store/home-mark.ts";
import { paths } from "../../../store/paths.ts";

/** How often the state directory and the channels' files are looked at, in ms. */
const LOOK_MS = 1000;

/**
 * Delivers what waits for delivery, until nothing does or `signal` is aborted. Starts over with the channels as they are when their
 * files were edited. Ends the process at once when the state directory is gone: there is nothing left to deliver for.
 */
export async function deliverWaiting(deps: DeliverDeps, signal: AbortSignal): Promise<void> {
  const begun = homeMark(deps.home);
  for (;;) {
    const edited = new AbortController();
    const over = new AbortController();
    const looking = lookAtFiles(deps.home, begun, edited, over.signal);
    await deliverOpen(deps, { signal: AbortSignal.any([signal, edited.signal]) });
    over.abort();
    await looking;
    if (signal.aborted || !edited.signal.aborted) return;
  }
}

async function lookAtFiles(
  home: string,
  begun: string | null,
  edited: AbortController,
  over: AbortSignal,
): Promise<void> {
  const before = channelFiles(home);
  while (!over.aborted && !edited.signal.aborted) {
    await systemClock.sleep(LOOK_MS, over);
    if (homeMark(home) !== begun) process.exit(0);
    if (!over.aborted && channelFiles(home) !== before) edited.abort();
  }
}

/** Changes when a file that says where notices go has changed. */
function channelFiles(home: string): string {
  const { notifyConfig, config, plugins } = paths(home);
  return [notifyConfig, config, plugins]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((file) => (file ? `${file.ino}:${file.size}:${file.mtimeMs}` : "none"))
    .join(" ");
}
