import type { P9Event } from "../core/events.ts";
import { type Cycle, foldLog } from "./cycles.ts";
import { readCiMinutes, readFlakes, readPoints, readWakes, readWork } from "./sources.ts";
import { type Stats, summarize, type WorkSpan } from "./summary.ts";

/** The figures of a time, and what they were made from. */
export interface Gathered {
  readonly stats: Stats;
  readonly cycles: readonly Cycle[];
  readonly work: readonly WorkSpan[];
}

/** Reads the whole log and what lies beside it. `since`: milliseconds since the epoch; null: everything. */
export function gather(
  store: { readonly home: string; events(): Iterable<P9Event> },
  { since, now }: { readonly since: number | null; readonly now: number },
): Gathered {
  const { home } = store;
  const from = since ?? Number.NEGATIVE_INFINITY;
  const log = foldLog(store.events(), now, from);
  const work = readWork(home, now);
  const [wakes, githubPoints, flakes] = [readWakes(home, from), readPoints(home, from), readFlakes(home, from)];
  const minutes = readCiMinutes(home, log.lasting, from);
  const stats = summarize({ log, work, wakes, githubPoints, ciMinutes: minutes, flakes, since, now });
  const inside = <T extends { readonly to: number }>(list: readonly T[]) => list.filter(({ to }) => to >= from);
  return { stats, cycles: inside(log.cycles), work: inside(work) };
}
