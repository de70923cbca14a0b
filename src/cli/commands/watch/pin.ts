import { isObject } from "../../../base/json.ts";
import type { Pin } from "../../../contract/wait-kind.ts";
import { errorText } from "../../../core/errors.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { withinLimits } from "../../../watch/engine/time-limit.ts";
import { pinRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";

/** Finding a target may take so many seconds, whatever stands between p9 and it. */
const PIN_LIMIT_S = 60;

/**
 * Binds what was asked for to an identity. When that cannot be known now (no network, no permission), what can be known without
 * the network is taken, and whoever watches binds it later: an observation error is never a result. What waiting cannot mend
 * (no `gh`, no login, no such repository) is thrown at once and nothing is registered.
 */
export async function pinNowOrLater(request: WatchRequest, context: Context, deps: WatchDeps): Promise<Pin> {
  const limitS = Math.min(PIN_LIMIT_S, context.leftS());
  const limits = { what: "Looking it up", limitS, leftS: () => Number.POSITIVE_INFINITY };
  try {
    return await withinLimits({ ...limits, signal: new AbortController().signal }, () =>
      pinRequest(request, true, deps),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "RefError" && request.repo === null) context.requireDirectory();
    if (error instanceof Error && ["RefError", "TrustError", "UsageError"].includes(error.name)) throw error;
    if (isObject(error) && error.lasting === true) throw error;
    const pin = await pinRequest(request, false, deps).catch(() => null);
    if (!pin) throw error;
    context.warn(`${errorText(error)}: registered as ${pin.ref}, and looked up again later`);
    return pin;
  }
}
