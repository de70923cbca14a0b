import type { GitHub, Pin } from "../plugin.ts";

/** Why a pull request that was MERGE_READY is so no longer, or null while it is. */
export async function stillReady(_pin: Pin, _github: GitHub): Promise<string | null> {
  return null;
}
