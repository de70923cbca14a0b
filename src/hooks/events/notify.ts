import type { HookCall } from "../../harness/harness.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { endingsText } from "../texts.ts";

/**
 * Where the client says that something happened while the session was idle (the wake file changed, a background command ended), claims
 * unread endings and returns them as a wake; a second hook finds none.
 */
export async function notify({ file, native }: HookCall, context: HookContext): Promise<Answer> {
  if (context.subagent || !context.tells) return {};
  if (file !== undefined && file !== context.folder.wake) return {};
  const told = await context.delivery.claim(native);
  return told.length === 0 ? {} : { wake: endingsText(told), emits: told };
}
