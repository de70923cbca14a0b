import type { JsonObject } from "../../base/json.ts";
import type { Notifier } from "../../contract/notifier.ts";
import type { Options } from "../../contract/options.ts";
import { errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { asObservationErrors } from "../call/check-answer.ts";
import { callHost, contextData, type LiveHost } from "../call/host.ts";
import type { NotifierData } from "../find/description.ts";
import { checkOptions } from "./options.ts";

const TIMEOUT_S = 10;

/** A notifier whose `deliver` runs in the plugin's process. `configured`: its options as `plugins.jsonc` gives them. */
export function wrapNotifier(live: LiveHost, data: NotifierData, configured: JsonObject): Notifier {
  return {
    ...data,
    deliver: (notice, context) =>
      asObservationErrors(async () => {
        const options = optionsOf(data, { ...configured, ...context.options });
        const call = { call: "deliver", options, notice, ...contextData(data.name, context) } as const;
        await callHost(await live.ready(), call, { context, timeoutS: data.timeoutS ?? TIMEOUT_S, env: data.env });
      }),
  };
}

/** Checks the options; an error is permanent, because a retry cannot fix it. */
function optionsOf({ name, options = {} }: NotifierData, given: Options): Options {
  try {
    return checkOptions(`notifier "${name}"`, options, given);
  } catch (error) {
    throw new ObservationError(errorText(error), { lasting: true });
  }
}
