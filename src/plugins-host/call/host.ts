import type { PluginContext } from "../../contract/context.ts";
import type { DiscoverContext } from "../../contract/queue-source.ts";
import { errorText } from "../../core/errors.ts";
import { githubNow } from "../../github/time/github-now.ts";
import { noteCall } from "../find/journal.ts";
import { callPlugin } from "./call.ts";
import { pluginEnv } from "./plugin-env.ts";
import type { Call, ContextData } from "./protocol.ts";
import type { Reader } from "./readers.ts";
import { answerAsks } from "./serve.ts";
import type { Target } from "./target.ts";

/** A plugin that can be called. */
export interface Host {
  readonly target: Target;
  readonly home: string;
}

/** A plugin that may become unusable, or usable again, during a wait. */
export interface LiveHost {
  /**
   * The plugin as it can be called now: still configured, trusted with its current files, and described.
   *
   * @throws {ObservationError} saying why not, and what somebody must do.
   */
  ready(): Promise<Host>;
}

/** Context of one call. */
export interface CallOf {
  readonly context: PluginContext & Partial<Pick<DiscoverContext, "changedFiles" | "diff">>;
  readonly timeoutS: number;
  /** Names of the credential variables that the part declares. */
  readonly env: readonly string[] | undefined;
}

/** Makes a call for a part and records its cost. */
export async function callHost(host: Host, call: Call, { context, timeoutS, env }: CallOf): Promise<Reader> {
  const started = performance.now();
  const note = (error?: string) =>
    noteCall(
      host.home,
      host.target,
      { call: call.call, ms: Math.round(performance.now() - started), error },
      context.clock.now(),
    );
  const childEnv = pluginEnv(context.env, env);
  try {
    const reader = await callPlugin(host.target, call, {
      env: childEnv,
      cwd: context.cwd,
      timeoutMs: timeoutS * 1000,
      signal: context.signal,
      ask: answerAsks(context, childEnv),
      log: (level, text) => context.log[level](`[${host.target.label}] ${text}`),
    });
    note();
    return reader;
  } catch (error) {
    note(errorText(error));
    throw error;
  }
}

/** The data of a context that crosses the pipe. */
export function contextData(name: string, context: PluginContext): ContextData {
  const { cwd, session, repo, config, clock } = context;
  return {
    name,
    cwd,
    session,
    repo,
    config,
    dataDir: context.dataDir(),
    now: clock.now(),
    githubNow: githubNow(context),
  };
}
