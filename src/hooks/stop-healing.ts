import type { HookContext } from "./context.ts";
import { waitsInFlight } from "./register-pushes.ts";

/** Ends this session's heal loop, which checks for this event before each attempt. Watchers go on. */
export async function stopHealing(context: HookContext, reason: "user" | "session-end"): Promise<void> {
  if (!waitsInFlight(context).some((wait) => wait.state === "HEALING" || wait.attempt > 0)) return;
  await context.store.commitOrSpool([{ type: "heal.stop", session_id: context.session, reason }]);
}
