import { rmSync } from "node:fs";
import type { HookCall } from "../../harness/harness.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { findPushes } from "../pushes/find-pushes.ts";
import { waitsInFlight, watchFound } from "../register-pushes.ts";
import { stopHealing } from "../stop-healing.ts";

/** At the end of a session, watches its last pushes and stops its healing; watchers go on, and unread endings stay unread. */
export async function end({ reason }: HookCall, context: HookContext): Promise<Answer> {
  const { folder } = context;
  await watchFound(await findPushes(context), context);
  await stopHealing(context, "session-end");
  const inbox = context.delivery.peek();
  if (!inbox) return {};
  const nothingToKeep = inbox.unread.length === 0 && waitsInFlight(context).length === 0;
  if (nothingToKeep && reason !== "clear") {
    folder.remove();
    return {};
  }
  await folder.update((now) => ({ inbox: now && { ...now, ended: true }, result: undefined }));
  rmSync(folder.trace, { recursive: true, force: true });
  return {};
}
