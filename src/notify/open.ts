import type { Clock } from "../base/clock.ts";
import type { Env } from "../contract/context.ts";
import { createGitHub } from "../github/client.ts";
import { findNotifier } from "../plugins-host/find/resolve.ts";
import { detach, type Exec } from "../process/exec.ts";
import { selfArgv } from "../process/self.ts";
import { makeDir } from "../store/files.ts";
import { paths } from "../store/paths.ts";
import { trustedAt } from "../trust/trust.ts";
import type { DeliverDeps } from "./deliver.ts";
import type { TellDeps } from "./tell.ts";

/** The process that notifies: its directories, environment, clock and `exec`. */
export interface NotifyWorld {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly clock: Clock;
  readonly exec: Exec;
}

/** What delivering needs, from the real world. */
export function deliverDeps({ home, env, cwd, clock, exec }: NotifyWorld): DeliverDeps {
  return {
    home,
    env,
    cwd,
    clock,
    exec,
    notifier: (name) => findNotifier(name, { home, env, cwd }),
    trusted: (place) => trustedAt({ home, env, cwd: place }),
    github: createGitHub({ exec, env, clock, home }),
  };
}

/** Real dependencies of {@link TellDeps}: the delivery is a process of its own. */
export function tellDeps({ home, env, cwd, clock }: Omit<NotifyWorld, "exec">): TellDeps {
  return { home, env, cwd, clock, startDelivery: () => startDelivery(home, env) };
}

async function startDelivery(home: string, env: Env): Promise<void> {
  const { logs } = paths(home);
  makeDir(logs);
  const log = `${logs}/notify.log`;
  await detach(selfArgv(["notify", "--deliver"]), { cwd: home, env: { ...env, BROOMVA_P9_HOME: home }, log });
}
