import { systemClock } from "../../base/clock.ts";
import type { Env } from "../../contract/context.ts";
import { API_VERSION } from "../../contract/define.ts";
import { callPlugin } from "../call/call.ts";
import { checkShape, soleAnswer } from "../call/check-answer.ts";
import { pluginEnv } from "../call/plugin-env.ts";
import { description as shape } from "../call/shapes.ts";
import { PluginFault, type Target } from "../call/target.ts";
import { flagsProblem, specsProblem } from "../parts/options.ts";
import type { Description } from "./description.ts";
import { noteCall } from "./journal.ts";

const TIMEOUT_MS = 10_000;

/**
 * Asks a plugin what it provides.
 *
 * @throws {PluginFault} naming the plugin and what is wrong with its answer.
 */
export async function describePlugin(
  target: Target,
  place: { readonly home: string; readonly env: Env; readonly cwd: string },
): Promise<Description> {
  const started = performance.now();
  const note = (error?: string) =>
    noteCall(
      place.home,
      target,
      { call: "describe", ms: Math.round(performance.now() - started), error },
      systemClock.now(),
    );
  try {
    const { values } = await callPlugin(
      target,
      { call: "describe" },
      {
        env: pluginEnv(place.env),
        cwd: place.cwd,
        timeoutMs: TIMEOUT_MS,
        signal: new AbortController().signal,
        ask: () => Promise.reject(new Error("Nothing may be asked for while a plugin describes itself")),
        log: () => {},
      },
    );
    const description: Description = checkShape(
      target,
      shape,
      soleAnswer(target, values, "describe"),
      "its description",
    );
    refuseUnusable(target, description);
    note();
    return description;
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

function refuseUnusable(
  target: Target,
  {
    api = API_VERSION,
    waitKinds = [],
    queueSources = [],
    notifiers = [],
    logProviders = [],
    reviewers = [],
  }: Description,
): void {
  if (api !== API_VERSION) {
    throw new PluginFault(target, `is written for API ${api}: this p9 has API ${API_VERSION}`);
  }
  const parts = [...waitKinds, ...queueSources, ...notifiers];
  if (parts.length + logProviders.length + reviewers.length === 0)
    throw new PluginFault(target, "provides no wait kind, queue source, notifier, log provider or reviewer");
  for (const { name, options = {} } of waitKinds) {
    const problem = flagsProblem(options);
    if (problem) throw new PluginFault(target, `describes "${name}" wrongly: ${problem}`);
  }
  for (const { name, options = {} } of parts) {
    const problem = specsProblem(options);
    if (problem) throw new PluginFault(target, `describes "${name}" wrongly: ${problem}`);
  }
}
