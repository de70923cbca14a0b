import { ObservationError } from "../../core/observation.ts";

/** The deadline of the watch came while something was under way. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** What {@link withinLimits} goes by. */
export interface Limits {
  /** What is under way, as its error says it: `Looking`. */
  readonly what: string;
  /** Seconds that it may take. */
  readonly limitS: number;
  /** Seconds that are left to the deadline of the watch; asked once a second. */
  readonly leftS: () => number;
  /** Aborted when nobody wants it any more. */
  readonly signal: AbortSignal;
}

const TICK_MS = 1000;

/**
 * Whatever `work` does, it is over after its limit, at the deadline of the watch, or when it is not wanted any more; its own
 * signal is aborted then. The timer is cleared: Deno does not leave while one runs.
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
  // In ticks and not in one: of a process that was stopped meanwhile, that time does not count.
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

/** A promise that is only ever rejected, from outside. */
function deferred(): { readonly promise: Promise<never>; readonly reject: (why: Error) => void } {
  let reject = (_why: Error) => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}
