import { parseTimestamp } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { UnavailableError } from "../../contract/errors.ts";
import type { DiscoverContext, FoundItem, QueueSource } from "../../contract/queue-source.ts";
import { errorText } from "../../core/errors.ts";
import { callHost, contextData, type Host, type LiveHost } from "../call/host.ts";
import type { Call } from "../call/protocol.ts";
import { NO_ANSWER, PluginFault } from "../call/target.ts";
import type { QueueSourceData } from "../find/description.ts";
import { lastCall } from "../find/journal.ts";
import { checkOptions } from "./options.ts";
import { askRuns } from "./runs.ts";

const TIMEOUT_S = 5;
const REST_MS = 2 * 60_000;

/** A queue source whose `discover` runs in the plugin's process. `configured`: its options as `plugins.jsonc` gives them. */
export function wrapQueueSource(
  live: LiveHost,
  { has = [], ...data }: QueueSourceData,
  configured: JsonObject,
): QueueSource {
  return {
    ...data,
    ...(has.includes("runs") && { runs: (context) => askRuns(live, "queue source", data, context) }),
    async discover(context) {
      try {
        const host = await live.ready();
        const isProgram = host.target.type === "program";
        refuseSlow(host, context.clock.now());
        const call = await discoverCall(data, context, configured, isProgram);
        const timeoutS = data.timeoutS ?? TIMEOUT_S;
        const { values } = await callHost(host, call, { context, timeoutS, env: data.env });
        const found: unknown = isProgram ? values : values[0];
        // Check only the list here: askSource() checks the items and names the bad ones.
        if (!Array.isArray(found)) throw new PluginFault(host.target, "gave no list of items");
        return found as readonly FoundItem[];
      } catch (error) {
        throw error instanceof UnavailableError ? error : new UnavailableError(errorText(error), { cause: error });
      }
    },
  };
}

/** Refuses a source that hung recently, since pop must answer at once. */
function refuseSlow({ home, target }: Host, now: number): void {
  const last = lastCall(home, target, "discover");
  if (!last?.error?.includes(NO_ANSWER)) return;
  const left = Math.ceil((parseTimestamp(last.ts) + REST_MS - now) / 1000);
  if (left > 0 && left <= REST_MS / 1000) throw new UnavailableError(`${last.error}; it is asked again in ${left} s`);
}

async function discoverCall(
  { name, options: specs = {} }: QueueSourceData,
  context: DiscoverContext,
  configured: JsonObject,
  isProgram: boolean,
): Promise<Call> {
  const { root, sessions, pr, etaS, limit } = context;
  // Programs have no back-channel, so pass the changed files up front. A missing list must not prevent the call.
  const changedFiles = isProgram ? await context.changedFiles().catch(() => null) : undefined;
  const options = checkOptions(`queue source "${name}"`, specs, { ...context.options, ...configured });
  return { call: "discover", ...contextData(name, context), options, root, sessions, pr, etaS, limit, changedFiles };
}
