import type { HookCall } from "../../harness/harness.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { mayContinue, rememberContinued } from "../continued.ts";
import { peekOffer } from "../peek-offer.ts";
import { findPushes } from "../pushes/find-pushes.ts";
import { inFlight, waitsInFlight, watchFound } from "../register-pushes.ts";
import { endingsText, nameOf, offerText, progressOf, watchingText } from "../texts.ts";

/** Most offers without a prompt of the user in between, and in one session. */
const IN_ROW = 5;
const TOTAL = 25;

/**
 * At the end of a turn, watches pushes that no tool hook saw. Continues the turn with an ending if there is one; else offers the
 * next piece of work, each once, while a wait of this session is in flight.
 */
export async function stop(call: HookCall, context: HookContext): Promise<Answer> {
  if (!context.subagent) context.folder.mark("idle", true);
  const watched = await watchFound(await findPushes(context), context);
  const may = !context.subagent && mayContinue(call, context);
  // An unattended run would end with the answer to this text instead of its own.
  const told = context.subagent ? [] : await context.delivery.hear("Stop", may && context.attended !== false);
  if (told.length > 0) return { ...(await goOn(endingsText(told), call, context)), emits: told };

  const waits = waitsInFlight(context);
  context.folder.mark("waits", waits.length > 0);
  const shown = waits.map((wait) => inFlight(wait, context));
  const offer = may && waits.length > 0 && (await mayOffer(context)) ? await takeOffer(context) : null;
  if (offer) {
    const names = shown.map((wait) => `${nameOf(wait)} (${progressOf(wait)})`).join("; ");
    return goOn(`p9 is still watching ${names}; nothing has to be waited for.\n${offerText(offer)}`, call, context);
  }
  if (watched.length === 0) return {};
  return {
    message: watchingText(
      watched.map((wait) => inFlight(wait, context)),
      null,
    ),
  };
}

async function goOn(text: string, call: HookCall, context: HookContext): Promise<Answer> {
  context.folder.mark("idle", false);
  await rememberContinued(text, call, context);
  return { continue: text };
}

async function mayOffer(context: HookContext): Promise<boolean> {
  const { ci_watch } = await context.policy();
  if (ci_watch.offer === "never" || !(await context.active())) return false;
  return ci_watch.offer === "always" || context.attended === true;
}

/** The next item that was not offered yet, remembered as offered; null when there is none or enough was offered. */
async function takeOffer(context: HookContext) {
  const before = context.folder.read();
  if (!before || before.offers.in_row >= IN_ROW || before.offers.total >= TOTAL) return null;
  const offer = await peekOffer(context, before.offered);
  if (!offer) return null;
  const taken = await context.folder.update((inbox) => {
    if (!inbox || inbox.offered.includes(offer.id)) return { inbox: null, result: false };
    const offers = { in_row: inbox.offers.in_row + 1, total: inbox.offers.total + 1 };
    return { inbox: { ...inbox, offered: [...inbox.offered, offer.id], offers }, result: true };
  });
  return taken ? offer : null;
}
