import type { Notifier, Options } from "../plugin.ts";
import { observed } from "./answers.ts";
import type { NotifierData } from "./description.ts";
import { callHost, contextData, type Host } from "./host.ts";

const TIMEOUT_S = 10;

/** A notifier whose `deliver` runs in the plugin's process. `configured`: its options in `plugins.jsonc`. */
export function wrapNotifier(host: Host, data: NotifierData, configured: Options): Notifier {
  return {
    ...data,
    deliver: (notice, context) =>
      observed(async () => {
        const options = { ...configured, ...context.options };
        const call = { call: "deliver", options, notice, ...contextData(data.name, context) } as const;
        await callHost(host, call, { context, timeoutS: data.timeoutS ?? TIMEOUT_S, env: data.env });
      }),
  };
}
