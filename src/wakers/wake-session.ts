import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { errorText } from "../core/errors.ts";
import { attendedWaits } from "../inbox/attended.ts";
import type { Delivery } from "../inbox/delivery.ts";
import type { Exec } from "../process/exec.ts";
import { LockTimeoutError, withLock } from "../store/lock/lock.ts";
import type { Waker } from "./waker.ts";

/** What bringing a session back needs. */
export interface WakeDeps {
  readonly delivery: Delivery;
  readonly waker: Waker;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exec: Exec;
  readonly clock: Clock;
  /** Says what could not be done. */
  readonly note: (text: string) => void;
}

/** Endings that come together are one nudge. */
const GATHER_MS = 1_000;
/** A session that is at work tells the ending by its next hook; only between two turns could neither see it. */
const AT_WORK_MS = 30_000;
/** A nudge that no event of the session has confirmed by then is repeated. */
const CONFIRM_MS = 20_000;
const MOST_NUDGES = 4;
const LOOK_MS = 500;

/**
 * Brings a session back for what it was not told, by one nudge however much that is, and again until an event of the session takes it.
 * One process does so for a session at a time; what ends meanwhile is its work too.
 */
export async function wakeSession(deps: WakeDeps): Promise<void> {
  try {
    await withLock(join(deps.delivery.folder.path, "waking"), () => nudgeUntilHeard(deps), { timeoutMs: 0 });
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
  }
}

async function nudgeUntilHeard(deps: WakeDeps): Promise<void> {
  const { clock, delivery, note } = deps;
  await clock.sleep(GATHER_MS);
  for (let nudges = 0; nudges < MOST_NUDGES; nudges++) {
    if (!(await waitUntil(() => !isWaiting(delivery) || delivery.folder.isMarked("idle"), AT_WORK_MS, clock))) return;
    if (!isWaiting(delivery)) return;
    try {
      await nudge(deps);
    } catch (error) {
      note(`wake: ${errorText(error)}`);
    }
    if (await waitUntil(() => !isWaiting(delivery), CONFIRM_MS, clock)) return;
  }
  note(`wake: ${delivery.folder.client} took no notice of ${MOST_NUDGES} nudges; it is told by its next event`);
}

async function nudge({ delivery, waker, env, exec }: WakeDeps): Promise<void> {
  const inbox = delivery.folder.read();
  if (!inbox) return;
  const session = inbox.client.slice(inbox.client.indexOf(":") + 1);
  await waker.nudge({ session, root: inbox.root, env: { ...env, ...inbox.kept } }, exec);
}

/** Whether the session goes on and has endings that nothing has taken to tell. */
function isWaiting(delivery: Delivery): boolean {
  const inbox = delivery.peek();
  if (!inbox || inbox.ended) return false;
  const taken = new Set(inbox.claims.flatMap(({ ids }) => ids));
  const attended = attendedWaits(delivery.folder);
  return inbox.unread.some(({ id, wait_id }) => !taken.has(id) && !attended.has(wait_id));
}

/** Whether something came true in time. */
async function waitUntil(isTrue: () => boolean, ms: number, clock: Clock): Promise<boolean> {
  const end = clock.now() + ms;
  while (!isTrue()) {
    if (clock.now() >= end) return false;
    await clock.sleep(LOOK_MS);
  }
  return true;
}
