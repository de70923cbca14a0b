import type { Wait } from "../../core/wait.ts";
import type { HookCall } from "../../harness/harness.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { handWait, type WatchedTarget } from "../hand-wait/hand-wait.ts";
import { peekOffer } from "../peek-offer.ts";
import { inFlight, waitsInFlight } from "../register-pushes.ts";
import { nameOf, offerText, progressOf } from "../texts.ts";

/** Before a shell command that only waits for a watched target, refuses it and answers with the target's progress. */
export async function beforeShell({ command = "" }: HookCall, context: HookContext): Promise<Answer> {
  const waits = waitsInFlight(context);
  const waiting = handWait(command, waits.map(target));
  if (!waiting) return {};
  const { ci_watch } = await context.policy();
  const mode = ci_watch.sleep ?? "deny";
  if (mode === "off" || !(await context.active())) return {};
  const chosen = waits.filter(({ wait_id }) => waiting.targets.some((each) => each.wait_id === wait_id));
  const shown = chosen.map((wait) => inFlight(wait, context));
  const names = shown.map((wait) => `${nameOf(wait)} (${progressOf(wait)})`).join("; ");
  const offer = await peekOffer(context);
  const lines = [
    `p9 already watches ${names}.`,
    context.attended
      ? "It reports once when it ends, also to an idle session: the turn can end, or other work can be done."
      : `\`p9 attach ${chosen[0]?.wait_id}\` returns when it ends, with the result.`,
  ];
  if (offer) lines.push(offerText(offer));
  const text = lines.join("\n");
  return mode === "deny" ? { deny: text } : { context: text };
}

function target(wait: Wait): WatchedTarget & { readonly wait_id: string } {
  const { wait_id, kind, ref, repo, pr, sha } = wait;
  const pin = JSON.stringify(wait.extra.pin ?? {});
  const urls = pin.match(/https?:\/\/[^"\\\s]+/g) ?? [];
  return { wait_id, kind, traits: wait.extra.traits, ref, repo, pr, sha, marks: [ref, ...urls] };
}
