import type { Clock } from "../../base/clock.ts";
import { systemClock } from "../../base/clock.ts";
import type { ExecResult } from "../../base/exec-types.ts";
import type { FetchAnswer, PluginContext, RunsContext } from "../../contract/context.ts";
import type { DiscoverContext } from "../../contract/queue-source.ts";
import type { LookContext } from "../../contract/wait-kind.ts";
import { MARK } from "../call/call-mark.ts";
import { pluginProcesses } from "../call/processes.ts";
import type { ContextData, DiscoverData, LookData } from "../call/protocol.ts";
import type { Pipe } from "./pipe.ts";

/** The context of a plugin in its own process: data from the request, everything else asked of p9 over the pipe. */
export function childContext(data: ContextData, pipe: Pipe): PluginContext {
  const ask = <T>(what: Parameters<Pipe["ask"]>[0], ...args: unknown[]) => pipe.ask(what, args) as Promise<T>;
  return {
    log: {
      info: (text) => pipe.send({ type: "log", level: "info", text: String(text) }),
      warn: (text) => pipe.send({ type: "log", level: "warn", text: String(text) }),
    },
    clock: clockFrom(data.now),
    exec: (argv, { signal: _, ...options } = {}) => ask<ExecResult>("exec", argv, options),
    fetch: (url, init) => ask<FetchAnswer>("fetch", String(url), init ?? {}),
    processes: { ...pluginProcesses(), detach: detachUnmarked },
    env: process.env,
    cwd: data.cwd,
    session: data.session,
    repo: data.repo,
    github: {
      graphql: (query, variables) => ask("github.graphql", query, variables ?? {}),
      rest: (path, options) => ask("github.rest", path, options ?? {}),
      repository: (repo, selection) => ask("github.repository", repo, selection),
      now: clockFrom(data.githubNow).now,
    },
    config: data.config,
    trusted: (subject, content) => ask("trusted", subject, content),
    dataDir: () => data.dataDir,
    // p9 ends this process when it no longer wants the answer, so there is nobody left to tell.
    signal: new AbortController().signal,
  };
}

/** What a plugin starts with `detach` is meant to outlive the call, so it does not carry the call's mark. */
const detachUnmarked: PluginContext["processes"]["detach"] = (argv, options = {}) =>
  pluginProcesses().detach(argv, { ...options, env: { ...(options.env ?? process.env), [MARK]: undefined } });

/** The context of one look, inside the module's process. */
export function lookContext(data: LookData, pipe: Pipe): LookContext {
  const { waitId, logFile, pin, options, look, since, slow, memory } = data;
  const remember = (next: LookData["memory"]) => pipe.send({ type: "memory", memory: next });
  return { ...childContext(data, pipe), waitId, logFile, pin, options, look, since, slow, memory, remember };
}

/** The context of one discovery, inside the module's process. */
export function discoverContext(data: DiscoverData, pipe: Pipe): DiscoverContext {
  const { options, root, sessions, pr, etaS, limit } = data;
  return {
    ...childContext(data, pipe),
    ...{ options, root, sessions, pr, etaS, limit },
    changedFiles: () => pipe.ask("changedFiles", []) as Promise<readonly string[]>,
    diff: () => pipe.ask("diff", []) as Promise<string>,
  };
}

/** The context of a question what would be run, inside the module's process. */
export function runsContext(data: ContextData & { readonly root: string }, pipe: Pipe): RunsContext {
  return { ...childContext(data, pipe), root: data.root };
}

/** p9's clock as it stood when the call was made, and this process's own from there. */
function clockFrom(now: number): Clock {
  const start = performance.now();
  return { ...systemClock, now: () => Math.round(now + performance.now() - start) };
}
