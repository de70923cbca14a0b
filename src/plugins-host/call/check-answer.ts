import { RefError } from "../../contract/errors.ts";
import type { Pin } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { pin as pinShape, readShape } from "./shapes.ts";
import { PluginFault, type Target } from "./target.ts";

/** What a wait keeps for its plugin is small: it is in the log. */
const MAX_IDENTITY_BYTES = 16 * 1024;
const MAX_MEMORY_BYTES = 64 * 1024;

/** The one answer of a call. */
export function soleAnswer(target: Target, values: readonly unknown[], call: string): unknown {
  if (values.length === 1) return values[0];
  throw new PluginFault(target, `gave ${values.length} answers to "${call}": wanted one`);
}

/** `value` as `shape`, or a fault that names the plugin. */
export function checkShape<T>(
  target: Target,
  shape: Parameters<typeof readShape<T>>[0],
  value: unknown,
  what: string,
): T {
  try {
    return readShape(shape, value, what);
  } catch (error) {
    throw new PluginFault(target, `gave a wrong answer: ${errorText(error)}`);
  }
}

/** A pin, whole and small. */
export function readPin(target: Target, value: unknown): Pin {
  const pin: Pin = checkShape(target, pinShape, value, "a pin");
  checkSize(target, pin.identity, MAX_IDENTITY_BYTES, "identity");
  return pin;
}

/** Refuses what is too large to be kept. */
function checkSize(target: Target, value: unknown, max: number, what: string): void {
  const size = JSON.stringify(value).length;
  if (size > max) throw new PluginFault(target, `gave an ${what} of ${size} bytes: wanted at most ${max}`);
}

/** Refuses a memory that is too large. */
export function checkMemory(target: Target, memory: unknown): void {
  checkSize(target, memory, MAX_MEMORY_BYTES, "entry for its memory");
}

/** Whatever goes wrong in a plugin is an observation error, never a result; that a reference means nothing is its own answer. */
export async function asObservationErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefError || error instanceof ObservationError) throw error;
    throw new ObservationError(errorText(error), { cause: error });
  }
}
