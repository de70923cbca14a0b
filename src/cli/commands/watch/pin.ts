import { isObject } from "../../../base/json.ts";
import type { Pin } from "../../../contract/wait-kind.ts";
import { errorText } from "../../../core/errors.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { pinRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";

/**
 * Binds what was asked for to an identity. When that cannot be known now (no network, no permission), what can be known without
 * the network is taken, and whoever watches binds it later: an observation error is never a result. What waiting cannot mend
 * (no `gh`, no login, no such repository) is thrown at once and nothing is registered.
 */
export async function pinNowOrLater(request: WatchRequest, context: Context, deps: WatchDeps): Promise<Pin> {
  try {
    return await pinRequest(request, true, deps);
  } catch (error) {
    if (error instanceof Error && ["RefError", "TrustError", "UsageError"].includes(error.name)) throw error;
    if (isObject(error) && error.lasting === true) throw error;
    const pin = await pinRequest(request, false, deps).catch(() => null);
    if (!pin) throw error;
    context.warn(`${errorText(error)}: registered as ${pin.ref}, and looked up again later`);
    return pin;
  }
}
