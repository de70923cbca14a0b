import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { isTold } from "../../core/announce.ts";
import { Bus } from "../../core/bus.ts";
import { errorText } from "../../core/errors.ts";
import type { P9Event } from "../../core/events.ts";
import { hasChecks } from "../../core/traits.ts";
import { Store } from "../../store/store.ts";

/** The process that notifies people. */
export interface TellPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The store of a state directory with its bus; a failing subscriber is recorded as an event. Without a `place` this process
 * notifies nobody; the next command does.
 */
export function openStore(home: string, clock: Clock, place: TellPlace | null = null): Store {
  const bus = new Bus(async ({ subscriber, event, error }) => {
    // Do not record a failure about a failure, which would fill the log.
    if (event.type === "subscriber.failed") return;
    await store.commit(() => [{ type: "subscriber.failed", subscriber, event: event.type, error: errorText(error) }]);
  });
  const store: Store = Store.open(home, { clock, bus });
  bus.on("transition", "inbox", async (event) => {
    const { nudge } = await import("../../inbox/nudge.ts");
    const told = event.type === "transition" ? nudge(store, event) : [];
    if (place === null || told.length === 0) return;
    const { startWaking } = await import("../../wakers/start-waking.ts");
    await startWaking(told, { home, env: place.env });
  });
  if (place) {
    const told = (event: P9Event) => tellPeople(event, { home, clock, ...place });
    bus.on("transition", "notify", told);
    bus.on("wait.stuck", "notify", told);
    bus.on("transition", "ledger", async (event) => {
      if (event.type !== "transition" || event.to_state !== "GREEN" || !hasChecks(event)) return;
      const { rememberGreen } = await import("../../heal/evidence/remember-green.ts");
      await rememberGreen(event, store.paths, clock.now());
    });
    bus.on("transition", "escalation", async (event) => {
      if (event.type !== "transition" || event.to_state !== "RED_UNCLASSIFIED") return;
      const { escalateTransition } = await import("../../escalate/subscriber.ts");
      await escalateTransition(event, store, place.env, () => clock.now());
    });
  }
  return store;
}

/** Takes over a home of the Python p9 if it can; until then it is read as it is. */
export async function takeOver(home: string, clock: Clock): Promise<void> {
  if (!existsSync(join(home, "waits.jsonl")) && !existsSync(join(home, "wait-queue.jsonl"))) return;
  const { importPythonHome } = await import("../../python-home/state.ts");
  await importPythonHome(home, clock).catch(() => null);
}

async function tellPeople(
  event: P9Event,
  place: TellPlace & { readonly home: string; readonly clock: Clock },
): Promise<void> {
  if (!isTold(event)) return;
  const [{ tell }, { tellDeps }] = await Promise.all([import("../../notify/tell.ts"), import("../../notify/open.ts")]);
  await tell(tellDeps(place));
}
