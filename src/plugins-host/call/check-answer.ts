import { RefError } from "../../contract/errors.ts";
import type { Pin } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { pin as pinShape, readShape } from "./shapes.ts";
import { PluginFault, type Target } from "./target.ts";

/** Limits of what a wait keeps for its plugin, since it is written to the log. */
const MAX_IDENTITY_BYTES = 16 * 1024;
const MAX_MEMORY_BYTES = 64 * 1024;

/** The only answer of a call. @throws {PluginFault} when there is another number of them. */
export function soleAnswer(target: Target, values: readonly unknown[], call: string): unknown {
  if (values.length === 1) return values[0];
  throw new PluginFault(target, `gave ${values.length} answers to "${call}": wanted one`);
}

/** Reads `value` as `shape`. @throws {PluginFault} naming the plugin and the field. */
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

/** Reads a pin and checks its size. */
export function readPin(target: Target, value: unknown): Pin {
  const pin: Pin = checkShape(target, pinShape, value, "a pin");
  checkSize(target, pin.identity, MAX_IDENTITY_BYTES, "identity");
  return pin;
}

/** Refuses a value that is too large to be kept. */
function checkSize(target: Target, value: unknown, max: number, what: string): void {
  const size = JSON.stringify(value).length;
  if (size > max) throw new PluginFault(target, `gave an ${what} of ${size} bytes: wanted at most ${max}`);
}

/** Refuses a memory that is too large. */
export function checkMemory(target: Target, memory: unknown): void {
  checkSize(target, memory, MAX_MEMORY_BYTES, "entry for its memory");
}

/** Turns every error of a plugin but RefError into an observation error, which is never a result. */
export async function asObservationErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefError || error instanceof ObservationError) throw error;
    throw new ObservationError(errorText(error), { cause: error });
  }
}
