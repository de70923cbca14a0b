import type { Clock } from "../../base/clock.ts";
import { Store } from "../../store/store.ts";
import { secondsLeft, sessionWaits } from "../in-flight.ts";
import { DEFAULT_ISOLATION, type IsolationPolicy } from "../isolation/tier.ts";
import type { QueueItem } from "../store/fold.ts";
import { Queue } from "../store/queue.ts";
import { listItems } from "./availability.ts";
import { inOrder } from "./order.ts";
import { sourceRank } from "./source-rank.ts";

/** What a look at the queue needs. */
export interface PeekInput {
  readonly home: string;
  /** The session and all that it inherits from. */
  readonly sessions: readonly string[];
  readonly clock: Clock;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The open store, when there is one already. */
  readonly store?: Store;
  readonly isolation?: IsolationPolicy;
  /** Ids that are not to be offered (again). */
  readonly not?: readonly string[];
}

/**
 * The best item of the queue itself for these sessions, without a lease, or null. For hooks: asks no source, starts no process,
 * takes no lock and writes only caches.
 */
export function peek(given: PeekInput): QueueItem | null {
  const store = given.store ?? Store.open(given.home, { clock: given.clock });
  const input = { ...given, store };
  const { running } = sessionWaits(store.read(), new Set(input.sessions), null);
  const etaS = running && secondsLeft(store.paths.looks, running, input.clock.now());
  const free = available(input).filter(({ id }) => !input.not?.includes(id));
  const top = Math.min(...free.map(({ source }) => sourceRank(source)));
  const ranked = inOrder(
    free.filter(({ source }) => sourceRank(source) === top),
    { etaS, changed: [] },
  );
  return ranked[0]?.item ?? null;
}

/** The items of the queue itself that these sessions could pop now. */
export function available(input: PeekInput): readonly QueueItem[] {
  const store = input.store ?? Store.open(input.home, { clock: input.clock });
  const { home, clock, env = {}, isolation = DEFAULT_ISOLATION } = input;
  const around = { queue: new Queue(home, { clock }), isolation, input: { store, clock, env } };
  const { listed } = listItems(around, new Set(input.sessions));
  return listed.flatMap(({ item, status }) => (status === "available" ? [item] : []));
}
