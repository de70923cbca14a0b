import { redact } from "../../../base/redact.ts";
import { oneLine } from "../../../base/text.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { attend } from "../../../inbox/attended.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { type ForegroundEnd, watchForeground } from "../../../watch/owner/foreground.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { followWait } from "../../show/follow-wait.ts";
import { type Display, openDisplay } from "../../show/live.ts";
import { type Came, cameToEnd } from "../../show/reporting.ts";
import { ring } from "../../show/ring.ts";
import { backgroundRow } from "./background.ts";

/** How a wait is watched in this process. */
export interface Watching {
  readonly kind: WaitKind;
  readonly sliceS: number | null;
  readonly signal: AbortSignal;
  readonly display: Display;
}

/** Watches a registered wait in this process until its end, and reports the end. */
export async function runForeground(
  wait: Wait,
  { kind, sliceS }: Pick<Watching, "kind" | "sliceS">,
  context: Context,
  deps: WatchDeps,
): Promise<Came> {
  const { signal, release } = trapSignals();
  const display = openDisplay(context);
  try {
    return await watchHere(wait, { kind, sliceS, signal, display }, context, deps);
  } finally {
    display.end();
    release();
  }
}

/** The same with a display that may show other waits too. */
export async function watchHere(wait: Wait, watching: Watching, context: Context, deps: WatchDeps): Promise<Came> {
  const { signal, display } = watching;
  const attending = attend(deps.store, wait.wait_id, await context.session());
  try {
    let end = await watchForeground(wait, { ...watching, onLook: display.show }, deps);
    if (end.how === "lost" && end.wait && isRunning(end.wait.state)) {
      context.warn(`${waitName(end.wait)} has another watcher now; following it`);
      const ended = await followWait(end.wait, { display, signal, limitS: context.leftS() }, context, deps);
      end = ended ? { how: "ended", wait: ended } : { how: "slice", wait: end.wait };
    }
    display.over(wait);
    const came = tell(end, wait, context);
    if (end.how === "ended") {
      await attending.printed();
      await ring(end.wait, context);
    }
    return came;
  } finally {
    attending.release();
    display.over(wait);
  }
}

/** Tells that a wait goes on without this command. */
export function tellStillWatched(wait: Wait, context: Context): Came {
  context.warn(`${waitName(wait)} is still watched; p9 attach ${wait.wait_id} follows it`);
  return { code: EXIT.stillWaiting, document: backgroundRow(wait) };
}

function tell(end: ForegroundEnd, registered: Wait, context: Context): Came {
  if (end.wait === null) {
    context.warn(`${waitName(registered)} is gone from the log`);
    return { code: EXIT.unknown, document: undefined };
  }
  if (end.how === "ended" || end.how === "lost") return cameToEnd(context, end.wait);
  if (end.how === "slice") return tellStillWatched(end.wait, context);
  context.warn(`Cannot look at ${waitName(end.wait)}: ${end.message}; the wait stays and is looked at again`);
  if (end.needs !== null) context.stderr(`  It needs ${oneLine(redact(end.needs), 300)}\n`);
  return { code: EXIT.external, document: backgroundRow(end.wait) };
}
