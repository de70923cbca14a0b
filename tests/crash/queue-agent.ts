/** An agent that pops, works for a moment and says that it is done, until nothing is left or it has popped so many items. */
import { appendFileSync } from "node:fs";
import { systemClock } from "../../src/base/clock.ts";
import { DEFAULT_ISOLATION } from "../../src/queue/isolation/tier.ts";
import { listItems } from "../../src/queue/pick/availability.ts";
import type { QueueItem } from "../../src/queue/store/fold.ts";
import { Queue } from "../../src/queue/store/queue.ts";
import { Store } from "../../src/store/store.ts";

const [home = "", name = "", count = "0", leaseMs = "0", diary = ""] = process.argv.slice(2);
const store = Store.open(home, { clock: systemClock });
const queue = new Queue(home, { clock: systemClock });
const note = (what: string, { id, lease }: QueueItem) =>
  appendFileSync(diary, `${JSON.stringify({ what, id, name, until: lease?.until ?? "", at: Date.now() })}\n`);

function free() {
  const input = { store, clock: systemClock, env: {} };
  const { listed } = listItems({ queue, isolation: DEFAULT_ISOLATION, input }, null);
  return listed.flatMap(({ item, status }) => (status === "available" ? [{ stored: item }] : []));
}

async function main(): Promise<void> {
  for (let popped = 0; popped < Number(count); popped += 1) {
    const item = await queue.claim(free(), name, Number(leaseMs));
    if (!item) return;
    note("popped", item);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
    if (Math.random() < 0.1) {
      // Before it is given back: from then on another agent may have it.
      note("released", item);
      await queue.release(item.id, name, new Set([name]));
    } else {
      await queue.done(item.id, name);
      note("done", item);
    }
  }
}

void main();
