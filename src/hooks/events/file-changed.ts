import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import type { HookInput } from "../input.ts";
import { endingsText } from "../texts.ts";

/** On a wake-file change, claims unread endings and returns them as a wake; a second hook finds none. */
export async function fileChanged(input: HookInput, context: HookContext): Promise<Answer> {
  if (context.subagent || input.file_path !== context.folder.wake) return {};
  const told = await context.delivery.claim("FileChanged");
  return told.length === 0 ? {} : { wake: endingsText(told), emits: told };
}
