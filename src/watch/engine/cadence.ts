/** Input of {@link nextLook}, which is pure. */
export interface CadenceInput {
  /** Seconds between looks at first and at most. */
  readonly firstS: number;
  readonly maxS: number;
  /** The pause before this look, 0 before the first. */
  readonly lastS: number;
  /** Seconds until the wait is expected to end (negative: overdue), or null. */
  readonly expectedInS: number | null;
  /** Quick looks that are left. */
  readonly quickLeft: number;
  /** The monotonic clock, in seconds. */
  readonly nowS: number;
  /** The service asked for at least this much. */
  readonly notBeforeS: number;
  /** 0 to 1, from the injected randomness. */
  readonly random: number;
}

/** When the next look is due. */
export interface Cadence {
  /** Seconds until the next look. */
  readonly delayS: number;
  /** The pause that growth goes on from, without jitter and without quick looks. */
  readonly baseS: number;
  /** Whether it is one of the quick looks around the expected end. */
  readonly quick: boolean;
}

const GROWTH = 1.5;
const JITTER = 0.2;
/** Quick looks come every 3 s in a window centred on the expected end, at most 45 of them (architecture, "Numbers to reach"). */
const QUICK_S = 3;
/** See {@link QUICK_S}. */
export const QUICK_LOOKS = 45;
const HALF_WINDOW_S = (QUICK_S * QUICK_LOOKS) / 2;
/** One run in twenty ends outside that window: looks come at least every 5 s just beside it, and every 10 s for a minute more. */
const BESIDE_S = 30;
const BESIDE_PAUSE_S = 5;
const LATE_S = 90;
const LATE_PAUSE_S = 10;

/**
 * Plans the next look: pauses grow by half from `firstS` to `maxS`, ±20 %. Around the expected end looks come every 3 s. None comes
 * sooner than the service asked.
 */
export function nextLook(input: CadenceInput): Cadence {
  const { expectedInS, notBeforeS } = input;
  const usualS = Math.min(input.maxS, input.lastS === 0 ? input.firstS : input.lastS * GROWTH);
  const away = expectedInS === null ? Number.POSITIVE_INFINITY : Math.abs(expectedInS);
  if (usualS > QUICK_S && away <= HALF_WINDOW_S && input.quickLeft > 0) {
    return { delayS: Math.max(onGrid(input.nowS), notBeforeS), baseS: input.lastS || input.firstS, quick: true };
  }
  const pauseS = Math.min(usualS, longestPause(expectedInS));
  const jittered = pauseS * (1 - JITTER + 2 * JITTER * input.random);
  const delayS = Math.max(Math.min(jittered, untilCloser(expectedInS)), notBeforeS);
  return { delayS, baseS: usualS, quick: false };
}

/** Rounds a quick look to the same seconds for all waits of a driver, so that one request serves them all. */
function onGrid(nowS: number): number {
  return Math.ceil((nowS + QUICK_S / 2) / QUICK_S) * QUICK_S - nowS;
}

/** The longest pause that is allowed so near to the expected end, in seconds. */
function longestPause(expectedInS: number | null): number {
  if (expectedInS === null) return Number.POSITIVE_INFINITY;
  if (Math.abs(expectedInS) <= HALF_WINDOW_S + BESIDE_S) return BESIDE_PAUSE_S;
  return -expectedInS <= HALF_WINDOW_S + LATE_S && expectedInS < 0 ? LATE_PAUSE_S : Number.POSITIVE_INFINITY;
}

/** Seconds until the next stretch before the expected end, in which pauses are shorter. */
function untilCloser(expectedInS: number | null): number {
  if (expectedInS === null) return Number.POSITIVE_INFINITY;
  const edges = [expectedInS - HALF_WINDOW_S - BESIDE_S, expectedInS - HALF_WINDOW_S];
  return Math.max(1, edges.find((edge) => edge > 0) ?? Number.POSITIVE_INFINITY);
}

/** Seconds to wait after `errors` observation errors in a row: 5, 10, 20 … 120, or what the service asked for. */
export function backoff(errors: number, retryAfterS: number, random: number): number {
  const base = Math.min(120, 5 * 2 ** Math.min(errors - 1, 10));
  return Math.max(base * (1 - JITTER + 2 * JITTER * random), retryAfterS);
}
