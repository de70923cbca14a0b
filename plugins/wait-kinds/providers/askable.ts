import { RefError } from "../../../src/plugin.ts";
import type { Located, TargetWatcher } from "../../../src/provider.ts";

/**
 * Refuses a target that its provider cannot be asked about as things are. A push that starts a wait needs no credential yet: another
 * shell may have it.
 *
 * @throws {RefError} naming the values and variables that are missing.
 */
export function requireAskable(
  { title }: TargetWatcher,
  { missing, how, unset = [] }: Located,
  network: boolean,
): void {
  if (missing.length > 0) throw new RefError(`Cannot ask ${title}: give ${how}`);
  if (!network || unset.length === 0) return;
  const names = unset.map((name) => `"${name}"`).join(" and ");
  throw new RefError(`Cannot ask ${title}: the variable ${names} is not set`);
}
