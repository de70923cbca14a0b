import type { Clock } from "../../../../base/clock.ts";
import type { Call } from "../call.ts";

/** The longest time that a call is held, in seconds: the shortest limit of a client that was measured is 60 s. */
export const LONGEST_S = 50;

/** How often a client hears that a call goes on, in ms. */
const PROGRESS_MS = 5_000;

/** How long to hold a call, and what to say meanwhile. */
interface Holding {
  readonly limitS: number;
  readonly clock: Clock;
  readonly words: () => string;
}

/** Holds a call until its work is done: the value in a list, or null when the time was up or nobody waits any more. */
export async function hold<T>(
  work: Promise<T>,
  { signal, progress }: Pick<Call, "signal" | "progress">,
  { limitS, clock, words }: Holding,
): Promise<readonly [T] | null> {
  const over = new AbortController();
  const done = work.then((value) => [value] as const).finally(() => over.abort());
  const ended = AbortSignal.any([signal, over.signal]);
  const started = clock.monotonic();
  const until = (ms: number) => clock.sleep(ms - (clock.monotonic() - started), ended);
  for (let at = PROGRESS_MS; at < limitS * 1000 && !ended.aborted; at += PROGRESS_MS) {
    await until(at);
    if (!ended.aborted) progress(at / 1000, limitS, words());
  }
  await until(limitS * 1000);
  if (over.signal.aborted) return done;
  // Whoever asks again gets its end.
  done.catch(() => {});
  return null;
}
