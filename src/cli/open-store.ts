import { existsSync } from "node:fs";
import { join } from "node:path";
import { Bus } from "../core/bus.ts";
import type { Clock } from "../core/clock.ts";
import { errorText } from "../errors.ts";
import { Store } from "../store/store.ts";

/** The store of a state directory with its bus: a subscriber that throws becomes an event of the log and stops nobody. */
export function openStore(home: string, clock: Clock): Store {
  const bus = new Bus(async ({ subscriber, event, error }) => {
    // A subscriber that cannot stand the news of its own failure must not fill the log.
    if (event.type === "subscriber.failed") return;
    await store.commit(() => [{ type: "subscriber.failed", subscriber, event: event.type, error: errorText(error) }]);
  });
  const store: Store = Store.open(home, { clock, bus });
  bus.on("transition", "inbox", async (event) => {
    const { nudge } = await import("../watch/inbox-nudge.ts");
    if (event.type === "transition") nudge(store, event);
  });
  return store;
}

/** A home of the Python p9 is taken over by the first command that can; until then it is read as far as it can be. */
export async function takeOver(home: string, clock: Clock): Promise<void> {
  if (!existsSync(join(home, "waits.jsonl")) && !existsSync(join(home, "wait-queue.jsonl"))) return;
  const { importPythonHome } = await import("../store/import.ts");
  await importPythonHome(home, clock).catch(() => null);
}
