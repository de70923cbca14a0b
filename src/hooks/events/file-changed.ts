import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import type { HookInput } from "../input.ts";
import { endingsText } from "../texts.ts";

/** The wake file was written: what ended wakes the session, once; whoever comes second finds nothing and says nothing. */
export async function fileChanged(input: HookInput, context: HookContext): Promise<Answer> {
  if (context.subagent || input.file_path !== context.folder.wake) return {};
  const told = await context.delivery.claim("FileChanged", { confirms: false, take: true });
  return told.length === 0 ? {} : { wake: endingsText(told), emits: told };
}
