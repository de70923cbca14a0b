import type { HookCall } from "../../harness/harness.ts";
import { NUDGE } from "../../wakers/waker.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { isContinuation } from "../continued.ts";
import { stopHealing } from "../stop-healing.ts";
import { endingsText } from "../texts.ts";

/**
 * On a prompt, delivers unread endings. What the client itself wrote (a wake), and what p9 continued the turn with, arrive as prompts
 * too: they confirm their endings and do not count as an interruption by the user.
 */
export async function prompt({ text = "", spoken = true, native }: HookCall, context: HookContext): Promise<Answer> {
  if (context.subagent) return {};
  context.folder.mark("idle", false);
  if (spoken && text.trim() !== NUDGE && !isContinuation(text, context)) {
    await stopHealing(context, "user");
    await context.folder.update((inbox) => ({
      inbox: inbox && { ...inbox, offers: { ...inbox.offers, in_row: 0 }, continued: undefined },
      result: undefined,
    }));
  }
  const told = await context.delivery.hear(native, context.tells);
  return told.length === 0 ? {} : { context: endingsText(told), emits: told };
}
