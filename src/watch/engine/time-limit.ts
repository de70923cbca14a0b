import { ObservationError } from "../../core/observation.ts";

/** The deadline of the watch came while something was under way. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Limits for {@link withinLimits}. */
export interface Limits {
  /** What is under way, as its error says it: `Looking`. */
  readonly what: string;
  /** Seconds that it may take. */
  readonly limitS: number;
  /** Seconds that are left to the deadline of the watch; asked once a second. */
  readonly leftS: () => number;
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
}

const TICK_MS = 1000;

/**
 * Runs `work` until its limit, the deadline of the watch, or the abort of `signal`, and aborts its own signal then. Clears the
 * timer, because a timer keeps Deno running.
 *
 * @throws {ObservationError} past the limit; {@link DeadlineError} past the deadline.
 */
export async function withinLimits<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const { promise: stopped, reject } = deferred();
  const stop = (why: Error) => {
    reject(why);
    own.abort();
  };
  const unwanted = () => stop(new ObservationError(`${limits.what} was broken off`));
  let timer: NodeJS.Timeout | undefined;
  // Checked every second instead of once, so that time in a stopped process does not count.
  const tick = (restMs: number) => {
    const leftMs = limits.leftS() * 1000;
    if (leftMs <= 0) return stop(new DeadlineError("The deadline came"));
    if (restMs <= 0)
      return stop(new ObservationError(`${limits.what} took longer than ${Math.round(limits.limitS)} s`));
    const nextMs = Math.min(TICK_MS, leftMs, restMs);
    timer = setTimeout(tick, nextMs, restMs - nextMs);
  };
  limits.signal.addEventListener("abort", unwanted, { once: true });
  if (limits.signal.aborted) unwanted();
  else tick(limits.limitS * 1000);
  try {
    return await (own.signal.aborted ? stopped : Promise.race([stopped, work(own.signal)]));
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", unwanted);
  }
}

/** A promise that is never resolved, with the function that rejects it. */
function deferred(): { readonly promise: Promise<never>; readonly reject: (why: Error) => void } {
  let reject = (_why: Error) => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}
