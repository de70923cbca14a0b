import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import type { HookInput } from "../input.ts";
import { stopHealing } from "../stop-healing.ts";
import { endingsText } from "../texts.ts";

/**
 * On a prompt, delivers unread endings. A wake arrives as a prompt too: it confirms its endings and does not count as an
 * interruption by the user.
 */
export async function userPromptSubmit(input: HookInput, context: HookContext): Promise<Answer> {
  if (context.subagent) return {};
  if (!isNotification(input.prompt)) {
    await stopHealing(context, "user");
    await context.folder.update((inbox) => ({
      inbox: inbox && { ...inbox, offers: { ...inbox.offers, in_row: 0 } },
      result: undefined,
    }));
  }
  const told = await context.delivery.confirmAndClaim("UserPromptSubmit");
  return told.length === 0 ? {} : { context: endingsText(told), emits: told };
}

function isNotification(prompt: string): boolean {
  return /^\s*(?:<system-reminder>|<task-notification>|\[SYSTEM NOTIFICATION)/.test(prompt);
}
