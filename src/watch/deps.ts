import { type Clock, systemClock } from "../base/clock.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Logger, PluginContext } from "../contract/context.ts";
import type { Evidence, LookItem, LookResult, WaitKind } from "../contract/wait-kind.ts";
import type { Wait } from "../core/wait.ts";
import type { GitHub } from "../github/client.ts";
import { type Exec, run } from "../process/exec.ts";
import { type ProcessFacts, systemProcesses } from "../process/this-machine.ts";
import type { Store } from "../store/store.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What watching needs of the world. A test gives its own clock, randomness, process facts and kinds. */
export interface WatchDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly processes: ProcessFacts;
  readonly exec: Exec;
  readonly env: Env;
  readonly log: Logger;
  /** GitHub through `gh`, made when first asked for. */
  github(): Promise<GitHub>;
  /** The wait kind of that name as a directory sees it, or null. */
  kind(name: string, cwd: string): Promise<WaitKind | null>;
  /** The `ci_watch` block that applies in a directory. */
  config(cwd: string): Promise<WatchConfig>;
  /** Whether a piece of the configuration of a directory may be acted on. */
  trusted(cwd: string): PluginContext["trusted"];
  readonly healing: Healing;
}

/** What watching needs from healing. The watch room knows nothing about failures. */
export interface Healing {
  /** What the failure of a wait that ends red is. */
  classify(wait: Wait, look: LookResult | null, deps: WatchDeps): Promise<WaitClassification>;
  /** Hears of the parts of a wait that ended, while it goes on and when it ends. Best effort: nobody waits for it. */
  ended(wait: Wait, parts: Parts, deps: WatchDeps): Promise<void>;
  /** Takes a wait from a heal whose process died, to watch it again. Null: there is nothing to recover. */
  recover(wait: Wait, deps: WatchDeps): Promise<Wait | null>;
}

/** Parts of a wait (checks, jobs) as a look saw them. */
export interface Parts {
  /** Those that ended since the last time. */
  readonly fresh: readonly LookItem[];
  readonly items: readonly LookItem[];
  /** Whether the wait has its verdict. */
  readonly over: boolean;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** What a red wait's failure is. */
export interface WaitClassification {
  readonly classified: boolean;
  readonly classification: Json;
  readonly evidence: readonly Evidence[];
}

/** The part of the policy that watching reads. */
export interface WatchConfig {
  /** All of `ci_watch`, as plugins get it. */
  readonly all: JsonObject;
  readonly maxConcurrentPrs: number;
  readonly scope: "repo" | "global";
  readonly noChecks: "red" | "green" | "ignore";
  readonly observer: "api" | "gh";
  /** Graces in seconds, by name. */
  readonly grace: Readonly<Record<string, number>>;
  /** Deadlines in seconds, by kind. */
  readonly deadline: Readonly<Record<string, number>>;
  /** What is kept of ended waits. Default: the schema's. */
  readonly keep?: Keep;
  /** Whether there is a policy, without which p9 marks and heals nothing. @default {true} */
  readonly hasPolicy?: boolean;
  /** Whether `ci_heal` is on. @default {true} */
  readonly heals?: boolean;
}

/** How long, and up to how many bytes, logs and evidence of ended waits are kept. */
export interface Keep {
  readonly days: number;
  readonly size: number;
  /** The user's own configuration says so, and not only a repository or nobody. */
  readonly isUsers?: boolean;
}

/** The real world around a store. */
export function systemDeps(
  store: Store,
  options: Pick<WatchDeps, "healing"> & Partial<Omit<WatchDeps, "store">>,
): WatchDeps {
  const env = options.env ?? process.env;
  const exec = options.exec ?? run;
  const clock = options.clock ?? systemClock;
  const log = options.log ?? { info: () => {}, warn: () => {} };
  let github: Promise<GitHub> | undefined;
  return {
    store,
    clock,
    random: options.random ?? Math.random,
    processes: options.processes ?? systemProcesses,
    exec,
    env,
    log,
    github:
      options.github ??
      (() => {
        github ??= import("../github/client.ts").then(({ createGitHub }) =>
          createGitHub({ exec, env, clock, home: store.home }),
        );
        return github;
      }),
    kind: options.kind ?? ((name, cwd) => kindByName(name, { home: store.home, env, cwd, log })),
    config: options.config ?? ((cwd) => watchConfig({ env, cwd, home: store.home })),
    trusted: options.trusted ?? ((cwd) => trustedIn({ env, cwd, home: store.home })),
    healing: options.healing,
  };
}

async function kindByName(
  name: string,
  place: { home: string; env: Env; cwd: string; log: Logger },
): Promise<WaitKind | null> {
  const { findWaitKind } = await import("../plugins-host/find/resolve.ts");
  return findWaitKind(name, {
    ...place,
    report: ({ plugin, message }) => place.log.warn(`plugin ${plugin}: ${message}`),
  });
}

async function watchConfig(place: { env: Env; cwd: string; home: string }): Promise<WatchConfig> {
  const { loadPolicy } = await import("../config/load.ts");
  return watchConfigOf(await loadPolicy(place));
}

/** What watching needs of a policy. */
export function watchConfigOf({ ci_watch, ci_heal, path, raw }: LoadedPolicy): WatchConfig {
  return {
    all: ci_watch,
    maxConcurrentPrs: ci_watch.max_concurrent_prs,
    scope: ci_watch.max_concurrent_prs_scope,
    noChecks: ci_watch.no_checks,
    observer: ci_watch.observer,
    grace: ci_watch.grace,
    deadline: ci_watch.deadline,
    keep: { ...ci_watch.keep, isUsers: isObject(raw.config.ci_watch) && raw.config.ci_watch.keep !== undefined },
    hasPolicy: path !== null,
    heals: ci_heal.enabled,
  };
}

function trustedIn(place: { env: Env; cwd: string; home: string }): PluginContext["trusted"] {
  return async (subject, content, command) => {
    const { trustedAt } = await import("../trust/trust.ts");
    return trustedAt(place)(subject, content, command);
  };
}

/** Seconds after which a dead watcher's wait is taken over: `BROOMVA_P9_WATCHER_GRACE`, default 120. */
export function watcherGraceS(env: Env): number {
  const seconds = Number(env.BROOMVA_P9_WATCHER_GRACE);
  return env.BROOMVA_P9_WATCHER_GRACE && Number.isFinite(seconds) && seconds >= 0 ? seconds : 120;
}
