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
import { openDisplay } from "../../show/live.ts";
import { endWith } from "../../show/reporting.ts";
import { ring } from "../../show/ring.ts";
import { backgroundRow } from "./background.ts";

/** Watches a registered wait in this process until its end, and reports the end. */
export async function runForeground(
  wait: Wait,
  { kind, sliceS }: { readonly kind: WaitKind; readonly sliceS: number | null },
  context: Context,
  deps: WatchDeps,
): Promise<void> {
  const { signal, release } = trapSignals();
  const display = openDisplay(context);
  const attending = attend(deps.store, wait.wait_id, await context.session());
  try {
    let end = await watchForeground(wait, { kind, sliceS, signal, onLook: display.show }, deps);
    if (end.how === "lost" && end.wait && isRunning(end.wait.state)) {
      context.warn(`${waitName(end.wait)} has another watcher now; following it`);
      const ended = await followWait(end.wait, { display, signal, limitS: context.leftS() }, context, deps);
      end = ended ? { how: "ended", wait: ended } : { how: "slice", wait: end.wait };
    }
    display.end();
    tell(end, wait, context);
    if (end.how === "ended") {
      await attending.printed();
      await ring(end.wait, context);
    }
  } finally {
    attending.release();
    display.end();
    release();
  }
}

function tell(end: ForegroundEnd, registered: Wait, context: Context): void {
  if (end.wait === null) {
    context.warn(`${waitName(registered)} is gone from the log`);
    context.exit(EXIT.unknown);
  } else if (end.how === "ended" || end.how === "lost") {
    endWith(context, end.wait);
  } else {
    const label = waitName(end.wait);
    if (end.how === "slice") context.warn(`${label} is still watched; p9 attach ${end.wait.wait_id} follows it`);
    else {
      context.warn(`Cannot look at ${label}: ${end.message}; the wait stays and is looked at again`);
      if (end.needs !== null) context.stderr(`  It needs ${oneLine(redact(end.needs), 300)}\n`);
    }
    if (context.json) context.printJson(backgroundRow(end.wait));
    context.exit(end.how === "slice" ? EXIT.stillWaiting : EXIT.external);
  }
}
