import { errorText } from "../core/errors.ts";
import { sessionFamily } from "../core/session.ts";
import type { HookContext } from "./context.ts";
import { note } from "./log.ts";
import type { Offer } from "./texts.ts";

/** The piece of work that a pop would give now, without taking it; `not`: ids that were offered before. */
export async function peekOffer(context: HookContext, not: readonly string[] = []): Promise<Offer | null> {
  try {
    const { peek } = await import("../queue/pick/peek.ts");
    const { home, clock, env, store } = context;
    const sessions = [...sessionFamily(context.session, store.read().links)];
    const item = await peek({ home, clock, env, store, sessions, not });
    if (!item) return null;
    return {
      id: item.id,
      item: item.item,
      source: item.source,
      tier: item.isolation_tier,
      minutes: item.minutes ?? null,
    };
  } catch (error) {
    note(context, `queue: ${errorText(error)}`);
    return null;
  }
}
