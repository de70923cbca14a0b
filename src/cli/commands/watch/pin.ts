import { isObject } from "../../../base/json.ts";
import type { Pin } from "../../../contract/wait-kind.ts";
import { errorText } from "../../../core/errors.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { withinLimits } from "../../../watch/engine/time-limit.ts";
import { pinRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";

/** Whether an error lasts at the start of a watch: during one, a missing login may come back. A missing right may be granted. */
function isLasting({ lasting, problem }: { readonly [key: string]: unknown }): boolean {
  if (problem === "not-logged-in" || problem === "unauthorized") return true;
  return lasting === true && problem !== "forbidden";
}

/** Time limit for finding a target, in seconds. */
const PIN_LIMIT_S = 60;

/** Binds a request to an identity, within the time that the command has. */
export async function pinNow(request: WatchRequest, context: Context, deps: WatchDeps): Promise<Pin> {
  const limitS = Math.min(PIN_LIMIT_S, context.leftS());
  const limits = { what: "Looking it up", limitS, leftS: () => Number.POSITIVE_INFINITY };
  try {
    return await withinLimits({ ...limits, signal: new AbortController().signal }, () =>
      pinRequest(request, true, deps),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "RefError" && request.repo === null) context.requireDirectory();
    throw error;
  }
}

/**
 * Binds a request to an identity. When that needs the network and it fails (no network, no permission), binds what is known
 * without it and leaves the rest to the watcher, because an observation error is never a result. Throws permanent errors (no
 * `gh`, no login, no such repository) at once; nothing is registered then. A missing permission may be granted, so that wait stays.
 */
export async function pinNowOrLater(request: WatchRequest, context: Context, deps: WatchDeps): Promise<Pin> {
  try {
    return await pinNow(request, context, deps);
  } catch (error) {
    if (error instanceof Error && ["RefError", "TrustError", "UsageError"].includes(error.name)) throw error;
    if (isObject(error) && isLasting(error)) throw error;
    const pin = await pinRequest(request, false, deps).catch(() => null);
    if (!pin) throw error;
    context.warn(`${errorText(error)}: registered as ${pin.ref}, and looked up again later`);
    return pin;
  }
}
