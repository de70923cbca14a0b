import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/clock.ts";
import type { Exec } from "../base/exec-types.ts";
import type { JsonObject } from "../base/json.ts";
import { slug } from "../base/text.ts";
import type { Env, Logger, PluginContext } from "../contract/context.ts";
import type { GitHub } from "../github/client.ts";
import { limitedFetch } from "../http/fetch.ts";
import { run } from "../process/exec.ts";
import type { ProcessFacts } from "../process/this-machine.ts";
import { makeDir } from "../store/files.ts";
import { paths } from "../store/paths.ts";
import { pluginProcesses } from "./call/processes.ts";
import type { PluginScope } from "./find/scope.ts";

/** What {@link makePluginContext} is made of. */
export interface PluginContextInput {
  /** Name of the plugin, kind, source or notifier, and of its data folder. */
  readonly plugin: string;
  /** The state directory. */
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly github: GitHub;
  readonly session?: string | null;
  readonly repo?: string | null;
  readonly config?: JsonObject;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly exec?: Exec;
  readonly signal?: AbortSignal;
  readonly processes?: ProcessFacts;
  /** See {@link PluginContext.trusted}. Default: nothing is. */
  readonly trusted?: PluginContext["trusted"];
}

const SILENT: Logger = { info: () => {}, warn: () => {} };

/** The context that every wait kind, queue source and notifier gets, built-in or not; made in this one place. */
export function makePluginContext(input: PluginContextInput): PluginContext {
  const signal = input.signal ?? new AbortController().signal;
  const exec = input.exec ?? run;
  return {
    log: input.log ?? SILENT,
    clock: input.clock ?? systemClock,
    exec: (argv, options = {}) =>
      exec(argv, {
        ...options,
        cwd: options.cwd ?? input.cwd,
        env: options.env ?? input.env,
        signal: both(signal, options.signal),
      }),
    fetch: (url, init) => limitedFetch(url, init, signal),
    processes: pluginProcesses(input.processes),
    env: input.env,
    cwd: input.cwd,
    session: input.session ?? null,
    repo: input.repo ?? null,
    github: input.github,
    config: input.config ?? {},
    trusted: input.trusted ?? (async () => false),
    logProviders: async () => (await resolver()).pluginLogProviders(scopeOf(input)),
    reviewers: async () => (await resolver()).pluginReviewers(scopeOf(input)),
    dataDir: () => dataDir(input.home, input.plugin),
    signal,
  };
}

/** Loaded when a plugin asks what other plugins give. */
const resolver = () => import("./find/resolve.ts");

function scopeOf({ home, env, cwd, log = SILENT }: PluginContextInput): PluginScope {
  return { home, env, cwd, report: ({ plugin, message }) => log.warn(`plugin ${plugin}: ${message}`) };
}

function both(own: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([own, other]) : own;
}

/** The folder of a plugin's own under the state directory, made when first asked for. */
function dataDir(home: string, plugin: string): string {
  const path = join(paths(home).data, slug(plugin));
  makeDir(path);
  return path;
}
