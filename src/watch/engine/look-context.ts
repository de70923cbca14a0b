import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { slug } from "../../base/text.ts";
import type { PluginContext } from "../../contract/context.ts";
import type { LookContext, WaitKind } from "../../contract/wait-kind.ts";
import type { Wait } from "../../core/wait.ts";
import { makePluginContext } from "../../plugins-host/context.ts";
import { asAsked } from "../../store/asked.ts";
import { makeDir } from "../../store/files.ts";
import type { WatchConfig, WatchDeps } from "../deps.ts";
import type { LookMemory } from "./look-memory.ts";
import { pinOf } from "./pin.ts";

/** The context that a kind gets for one wait, in each of its calls. */
export async function contextOf(
  wait: Wait,
  kind: Pick<WaitKind, "name">,
  config: WatchConfig,
  deps: WatchDeps,
  signal?: AbortSignal,
): Promise<PluginContext> {
  const cwd = wait.extra.cwd ?? "/";
  return makePluginContext({
    plugin: kind.name,
    home: deps.store.home,
    env: deps.env,
    cwd,
    github: await deps.github(),
    session: wait.session_id,
    repo: wait.repo,
    config: config.all,
    log: deps.log,
    clock: deps.clock,
    exec: deps.exec,
    signal,
    processes: deps.processes,
    trusted: deps.trusted(cwd),
  });
}

/** The context of a look. */
export function lookContextOf(wait: Wait, context: PluginContext, seen: LookMemory, deps: WatchDeps): LookContext {
  const asked = asAsked(wait, deps.store.paths.asked);
  const { options } = asked.extra;
  makeDir(deps.store.paths.logs);
  return {
    ...context,
    waitId: wait.wait_id,
    logFile: join(deps.store.paths.logs, `${slug(wait.kind)}-${wait.wait_id}.log`),
    pin: pinOf(asked),
    options: isObject(options) ? options : {},
    look: seen.looks,
    since: seen.since(wait),
    slow: wait.extra.slow === true,
    memory: seen.kindMemory,
    remember: (memory) => {
      seen.kindMemory = memory;
    },
  };
}
