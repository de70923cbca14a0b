import { resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import type { LoadedPolicy } from "../config/load.ts";
import { Delivery } from "../inbox/delivery.ts";
import { InboxFolder } from "../inbox/folder.ts";
import { type Exec, run } from "../process/exec.ts";
import { type Git, quickGit } from "../process/git.ts";
import { workingDir } from "../process/working-dir.ts";
import { homeOf } from "../store/paths.ts";
import { Store } from "../store/store.ts";
import type { HookInput } from "./input.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a handler may touch of the world. */
export interface HookContext {
  readonly env: Env;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly home: string;
  readonly store: Store;
  /** The client session's folder. */
  readonly folder: InboxFolder;
  readonly delivery: Delivery;
  /** The session that waits are registered under. */
  readonly session: string;
  /** The session's folder at this moment. */
  readonly cwd: string;
  /** Somebody sits before the client and can be told things. */
  readonly attended: boolean;
  /** The event is a subagent's: it may push, it is told nothing that is its parent's. */
  readonly subagent: boolean;
  git(cwd?: string): Git;
  /** The policy of a directory. */
  policy(cwd?: string): Promise<LoadedPolicy>;
  /** Whether p9 may speak up and act by itself there: a policy file, or the user's own configuration, turns it on. */
  active(cwd?: string): Promise<boolean>;
}

/** What differs from the process's own; for tests. */
export interface HookWorld {
  readonly env?: Env;
  readonly clock?: Clock;
  readonly exec?: Exec;
}

/** The world of one hook event. */
export function hookContext(input: HookInput, world: HookWorld = {}): HookContext {
  const env = world.env ?? process.env;
  const clock = world.clock ?? systemClock;
  const exec = world.exec ?? run;
  const cwd = input.cwd || workingDir(env).path;
  const home = homeOf(env);
  const store = Store.open(home, { clock, lockTimeoutMs: 1_000 });
  const client = input.session_id || env.CLAUDE_CODE_SESSION_ID || "unknown";
  const folder = new InboxFolder(store.paths.inbox, safeName(client));
  const policies = new Map<string, Promise<LoadedPolicy>>();
  const policy = (at = cwd) => {
    const loaded =
      policies.get(at) ?? import("../config/load.ts").then(({ loadPolicy }) => loadPolicy({ env, cwd: at, home }));
    policies.set(at, loaded);
    return loaded;
  };
  return {
    env,
    clock,
    exec,
    home,
    store,
    folder,
    delivery: new Delivery(folder, {
      statePath: store.paths.state,
      view: () => store.read(),
      now: () => clock.now(),
    }),
    session: scopeOf(env, client),
    cwd,
    attended: env.CLAUDE_CODE_SESSION_ATTENDED === "1",
    subagent: input.agent_id !== null,
    git: (at = cwd) => quickGit({ cwd: resolve(cwd, at), exec, env }),
    policy,
    active: async (at = cwd) => {
      const { path, raw, ci_watch, problems } = await policy(at);
      const named = raw.policy.ci_watch != null || raw.config.ci_watch != null;
      return problems.length === 0 && named && ci_watch.enabled && (path !== null || raw.config.ci_watch != null);
    },
  };
}

/**
 * The session that waits belong to (contract: `BROOMVA_P9_SESSION`, then the client's own id). A value that a hook of another
 * client session exported, and that was only inherited, does not count: a client started by an agent has a session of its own.
 */
export function scopeOf(env: Env, client: string): string {
  const exported = env.BROOMVA_P9_SESSION_OF;
  const inherited = exported !== undefined && exported !== "" && exported !== client;
  return (!inherited && env.BROOMVA_P9_SESSION) || client;
}

function safeName(client: string): string {
  return /^[A-Za-z0-9._-]+$/.test(client) && !/^\.+$/.test(client) ? client : "unknown";
}
