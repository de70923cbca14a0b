import { join } from "node:path";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { Wait } from "../../core/wait.ts";
import { detach } from "../../process/exec.ts";
import { selfArgv } from "../../process/self.ts";
import { isAlive } from "../../process/this-machine.ts";
import { toolEnv } from "../../process/tool-env.ts";
import { makeDir, rotate } from "../../store/files.ts";
import type { WatchDeps } from "../deps.ts";
import { type DriverNote, readNote } from "./driver-note.ts";
import { hasOwnVariables, identifyEnvironment } from "./environment.ts";
import { isOlderVersion } from "./older.ts";
import { endStuckDrivers } from "./stuck-driver.ts";

/** The driver that runs for an environment, if one does. */
export function runningDriver(deps: WatchDeps, envId: string): DriverNote | null {
  const note = readNote(deps, envId);
  return note && isAlive(deps.processes, note) ? note : null;
}

/** The lock that makes a driver the only one of its environment. */
export function driverLock(deps: WatchDeps, envId: string): string {
  makeDir(deps.store.paths.drivers);
  return join(deps.store.paths.drivers, `${envId}.lock`);
}

/**
 * Starts the driver of this process's environment unless it runs; resolves with its pid. A driver of an older p9 is replaced by the
 * new one. A wait that declares variables of its
 * own (a provider of the policy, a database) has an environment of its own, and so a process of its own, started with them.
 */
export async function ensureDriver(deps: WatchDeps, wait?: Wait): Promise<number> {
  if (wait && hasOwnVariables(wait.extra.env_names)) return startOwnWatcher(deps, wait);
  const { env_id } = identifyEnvironment(deps.store.home, deps.env);
  await endStuckDrivers(deps);
  const running = runningDriver(deps, env_id);
  if (running && !isOlderVersion(running.version)) return running.pid;
  // It serves all repositories, and takes its programs from none of them.
  const env = { ...deps.env, PATH: toolEnv(deps.env).PATH };
  return startDetached({ ...deps, env }, ["drive", "--on-demand"], `driver-${env_id}.log`, deps.store.home);
}

/** Starts whoever watches a registered wait in the background: the driver, or a process of its own. Resolves with its pid. */
export function startWatching(deps: WatchDeps, wait: Wait, kind: Pick<WaitKind, "process">): Promise<number> {
  return kind.process === "own" ? startOwnWatcher(deps, wait) : ensureDriver(deps, wait);
}

/** Starts the process of a wait that has one of its own, in the directory that the wait was registered in. */
export function startOwnWatcher(deps: WatchDeps, wait: Wait): Promise<number> {
  return startDetached(
    deps,
    ["drive", "--wait", wait.wait_id],
    `watch-${wait.wait_id}.log`,
    wait.extra.cwd ?? deps.store.home,
  );
}

async function startDetached(deps: WatchDeps, args: readonly string[], logName: string, cwd: string): Promise<number> {
  makeDir(deps.store.paths.logs);
  const log = join(deps.store.paths.logs, logName);
  rotate(log);
  const env = { ...deps.env, BROOMVA_P9_HOME: deps.store.home };
  try {
    return await detach(selfArgv(args), { cwd, env, log });
  } catch {
    // The directory may be gone; a watcher of an API does not need it.
    return detach(selfArgv(args), { cwd: deps.store.home, env, log });
  }
}
