import type { Wait } from "../../core/wait.ts";
import type { HookCall } from "../../harness/harness.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { peekOffer } from "../peek-offer.ts";
import { branchOfCreated } from "../pushes/created.ts";
import { findPushes } from "../pushes/find-pushes.ts";
import { type Unwatched, UnwatchedFiles } from "../pushes/unwatched.ts";
import { inFlight, watchFound } from "../register-pushes.ts";
import { endingsText, untrustedText, watchingText } from "../texts.ts";

/** After a shell command, watches what it pushed and tells the model in one line, with work for the meantime. */
export async function afterShell(call: HookCall, context: HookContext): Promise<Answer> {
  const found = await findPushes(context, call);
  if (call.pullRequest?.action === "created") found.push(await keepCreated(call, call.pullRequest.url, context));
  const waits = await watchFound(found, context);
  const told = context.subagent ? [] : await context.delivery.hear("PostToolUse", context.tells);
  const parts = told.length > 0 ? [endingsText(told)] : [];
  if (waits.length > 0) {
    const offer = context.subagent ? null : await peekOffer(context);
    parts.push(
      watchingText(
        unique(waits).map((wait) => inFlight(wait, context)),
        offer,
      ),
    );
  }
  const untrusted = untrustedOnce(context);
  if (untrusted !== null) parts.push(untrusted);
  return { context: parts.length > 0 ? parts.join("\n\n") : undefined, emits: told };
}

/** What was not started for want of trust, said once in a session; null: nothing, or it was said. */
function untrustedOnce({ untrusted, folder }: HookContext): string | null {
  if (untrusted.size === 0 || folder.isMarked("untrusted")) return null;
  folder.mark("untrusted", true);
  return untrustedText([...untrusted]);
}

/** `gh pr create`: the branch's wait is bound to its pull request at once. */
async function keepCreated({ command = "" }: HookCall, url: string, context: HookContext): Promise<Unwatched> {
  const branch = await branchOfCreated(command, context);
  const item: Unwatched = { created: { url, cwd: context.cwd, branch, at: context.clock.now() } };
  new UnwatchedFiles(context.folder).keep(item);
  return item;
}

function unique(waits: readonly Wait[]): Wait[] {
  return [...new Map(waits.map((wait) => [wait.wait_id, wait])).values()];
}
