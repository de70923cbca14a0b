import type { QueueItem } from "../../../queue/store/fold.ts";
import { isKeyOf } from "../../../threads/thread.ts";
import type { Context } from "../../program/context.ts";
import { openQueue } from "../wait-queue/open.ts";

/** Takes the work on a resolved thread out of the queue, whoever holds it: nothing is left to do. It comes back when the thread is opened again. */
export async function endWorkOn(id: string, context: Context): Promise<void> {
  const { queue } = await openQueue(context);
  const isOfThread = ({ key }: QueueItem) => key !== null && isKeyOf(key, id);
  if (![...queue.read().items.values()].some(isOfThread)) return;
  await queue.remove(isOfThread, "withdrawn");
}
