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

/** The context of a plugin in its own process: data comes from the request, everything else from p9 over the pipe. */
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
    trusted: (subject, content, command) => ask("trusted", subject, content, command),
    logProviders: () => ask("logProviders"),
    reviewers: () => ask("reviewers"),
    dataDir: () => data.dataDir,
    // p9 ends the process instead of aborting.
    signal: new AbortController().signal,
  };
}

/** Starts a detached process without the call's mark, since it is meant to outlive the call. */
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

/** The context of `runs`, inside the module's process. */
export function runsContext(data: ContextData & { readonly root: string }, pipe: Pipe): RunsContext {
  return { ...childContext(data, pipe), root: data.root };
}

/** A clock that starts at p9's time of the call and runs with this process. */
function clockFrom(now: number): Clock {
  const start = performance.now();
  return { ...systemClock, now: () => Math.round(now + performance.now() - start) };
}
