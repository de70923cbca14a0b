import type { JsonObject } from "../../base/json.ts";
import type { Notifier } from "../../contract/notifier.ts";
import type { Options } from "../../contract/options.ts";
import { errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { asObservationErrors, checkShape, soleAnswer } from "../call/check-answer.ts";
import { callHost, contextData, type LiveHost } from "../call/host.ts";
import { missing } from "../call/shapes.ts";
import type { NotifierData } from "../find/description.ts";
import { checkOptions } from "./options.ts";

const TIMEOUT_S = 10;
const MISSING_TIMEOUT_S = 5;

/** A notifier whose `deliver` runs in the plugin's process. `configured`: its options as `plugins.jsonc` gives them. */
export function wrapNotifier(live: LiveHost, { has = [], ...data }: NotifierData, configured: JsonObject): Notifier {
  return {
    ...data,
    ...(has.includes("missing") && {
      missing: async (context) => {
        const host = await live.ready();
        const options = optionsOf(data, { ...configured, ...context.options });
        const call = { call: "missing", options, ...contextData(data.name, context) } as const;
        const { values } = await callHost(host, call, { context, timeoutS: MISSING_TIMEOUT_S, env: data.env });
        const answer = checkShape(host.target, missing, soleAnswer(host.target, values, "missing"), "what it lacks");
        return answer.missing;
      },
    }),
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
