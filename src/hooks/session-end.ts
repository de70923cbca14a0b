import { rmSync } from "node:fs";
import type { Answer } from "./answer.ts";
import type { HookContext } from "./context.ts";
import { findPushes } from "./find-pushes.ts";
import { stopHealing } from "./heal-stop.ts";
import type { HookInput } from "./input.ts";
import { watchPushes } from "./watching.ts";

/** The session is over: its last pushes are watched, its healing stops, its watchers go on. Nothing unread counts as read. */
export async function sessionEnd(_input: HookInput, context: HookContext): Promise<Answer> {
  await watchPushes(await findPushes(context, { clientSaysPush: false, durationMs: 0 }), context);
  await stopHealing(context, "session-end");
  await context.folder.update((inbox) => ({ inbox: inbox && { ...inbox, ended: true }, result: undefined }));
  rmSync(context.folder.trace, { recursive: true, force: true });
  return {};
}
