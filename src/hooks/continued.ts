import { redact } from "../base/redact.ts";
import type { HookCall } from "../harness/harness.ts";
import type { HookContext } from "./context.ts";

type Stopped = Pick<HookCall, "again" | "tells">;

/** Whether an answer to this stop would continue the turn: some clients override a hook that does so too often, and what it said is lost. */
export function mayContinue(call: Stopped, context: HookContext): boolean {
  return call.tells && inRow(call, context) < context.harness.continuing.most;
}

/** Remembers that p9 continues the turn with this text, where the client counts it or sends it back as a prompt. */
export async function rememberContinued(text: string, call: Stopped, context: HookContext): Promise<void> {
  const { most, asPrompt } = context.harness.continuing;
  if (!Number.isFinite(most) && !asPrompt) return;
  const continued = { in_row: inRow(call, context) + 1, text: evened(redact(text)) };
  await context.folder.update((inbox) => ({ inbox: inbox && { ...inbox, continued }, result: undefined }));
}

/** Whether a prompt is what p9 continued the session with last. */
export function isContinuation(prompt: string, { harness, folder }: HookContext): boolean {
  if (!harness.continuing.asPrompt) return false;
  const text = folder.read()?.continued?.text ?? "";
  return text !== "" && evened(prompt).includes(text);
}

/** How often in a row a hook has continued this turn before. */
function inRow({ again }: Stopped, { folder, harness }: HookContext): number {
  if (!again || !Number.isFinite(harness.continuing.most)) return 0;
  return folder.read()?.continued?.in_row ?? 0;
}

/** Clients wrap what they pass on in other white space. */
const evened = (text: string) => text.replace(/\s+/g, " ").trim();
