import { resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import type { LoadedPolicy } from "../config/load.ts";
import { type Harness, type HarnessName, type HookCall, sessionKey } from "../harness/harness.ts";
import { Delivery } from "../inbox/delivery.ts";
import { InboxFolder } from "../inbox/folder.ts";
import { type Exec, run } from "../process/exec.ts";
import { type Git, quickGit } from "../process/git.ts";
import { workingDir } from "../process/working-dir.ts";
import { homeOf } from "../store/paths.ts";
import { Store } from "../store/store.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a handler may use: the session, its folder, the store, the policy. */
export interface HookContext {
  readonly harness: Harness;
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
  /** A person uses the client interactively; null: nobody knows. */
  readonly attended: boolean | null;
  /** True in a subagent: its pushes count, but endings are left to the parent session. */
  readonly subagent: boolean;
  /** Whether the model hears what is answered now. */
  readonly tells: boolean;
  /** The client's process; 0: not known. */
  readonly pid: number;
  /** Kinds that were not started for a push, because the policy names what nobody has trusted. */
  readonly untrusted: Set<string>;
  git(cwd?: string): Git;
  /** The policy of a directory. */
  policy(cwd?: string): Promise<LoadedPolicy>;
  /** Whether p9 is turned on in a directory, by a policy file or the user's own configuration. */
  active(cwd?: string): Promise<boolean>;
}

/** What a hook was installed for, and overrides of the process's own values, for tests. */
export interface HookWorld {
  /** @default {"claude"} */
  readonly harness?: HarnessName;
  readonly env?: Env;
  readonly clock?: Clock;
  readonly exec?: Exec;
}

/** The context of one hook event. */
export function hookContext(call: HookCall, harness: Harness, world: HookWorld = {}): HookContext {
  const env = world.env ?? process.env;
  const clock = world.clock ?? systemClock;
  const exec = world.exec ?? run;
  const cwd = call.cwd || workingDir(env).path;
  const home = homeOf(env);
  const store = Store.open(home, { clock, lockTimeoutMs: 1_000 });
  // A subagent works for the session that started it: its folder is that one's.
  const id = call.parent || call.session || "unknown";
  const client = sessionKey(harness.name, id);
  const folder = new InboxFolder(store.paths.inbox, sessionKey(harness.name, safeName(id)));
  const policies = new Map<string, Promise<LoadedPolicy>>();
  const policy = (at = cwd) => {
    const loaded =
      policies.get(at) ?? import("../config/load.ts").then(({ loadPolicy }) => loadPolicy({ env, cwd: at, home }));
    policies.set(at, loaded);
    return loaded;
  };
  return {
    harness,
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
    attended: call.attended,
    subagent: call.parent !== null,
    tells: call.tells,
    pid: call.pid,
    untrusted: new Set(),
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
 * The session that waits belong to (contract: `BROOMVA_P9_SESSION`, then the client's own id). Ignores a value exported by a hook
 * of another client session and inherited: a client started by an agent has a session of its own.
 */
function scopeOf(env: Env, client: string): string {
  const exported = env.BROOMVA_P9_SESSION_OF;
  const inherited = exported !== undefined && exported !== "" && exported !== client;
  return (!inherited && env.BROOMVA_P9_SESSION) || client;
}

function safeName(id: string): string {
  return /^[A-Za-z0-9._-]{1,200}$/.test(id) && !/^\.+$/.test(id) ? id : "unknown";
}
