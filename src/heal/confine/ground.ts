import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { GitPlace } from "../../process/git.ts";
import { makeDir } from "../../store/files.ts";
import { healEnv } from "../repair/heal-env.ts";
import { pathInHeal } from "../repair/heal-path.ts";
import { type CommandResult, runCommand } from "../repair/run-command.ts";
import { gitOk, type Worktree } from "../repair/worktree.ts";
import { confinedEnv, NO_SCRIPTS } from "./confined-env.ts";
import { type Confinement, confinement } from "./confinement.ts";
import { copyDependencies } from "./copy.ts";
import { installed } from "./dependencies.ts";
import { makeMountPoints } from "./mount-points.ts";
import { homeIn, type Room, viewOf } from "./room.ts";
import { copySettings, makeScratch, removeTree } from "./scratch.ts";
import { lend } from "./setup-caches.ts";
import { withFewProcesses } from "./ways/launch.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a heal's commands need. */
export interface GroundDeps {
  readonly exec: GitPlace["exec"];
  readonly env: Env;
  /** p9's state directory. */
  readonly home: string;
  /** Folder of the caches that set-ups of this repository share. */
  readonly cache: string;
  readonly signal?: AbortSignal;
}

/** What one command of a heal is allowed. */
export interface Leave {
  /** It installs: it has the network, and caches to write to. */
  readonly installs: boolean;
  readonly network: boolean;
}

/** Where the commands of one heal run. */
export interface Ground {
  readonly worktree: Worktree;
  readonly confinement: Confinement;
  /** Runs one command line in the worktree. */
  run(command: string, leave: Leave): Promise<CommandResult>;
  /** Brings in the checkout's installed dependencies, so that the user's own are not written to. */
  bringDependencies(): Promise<Ground>;
  /** Removes all that is not the worktree's. */
  remove(): void;
}

/** Prepares the ground in a worktree: confined where this machine can do that. */
export async function groundFor(worktree: Worktree, given: GroundDeps, by?: Confinement): Promise<Ground> {
  const how = by ?? (await confinement(given));
  const deps: GroundDeps = { ...given, env: { ...given.env, PATH: await pathInHeal(worktree, given) } };
  if (how.confine === null) return openGround(worktree, how, deps);
  const [common, scratch] = [await gitFolder(worktree, deps), makeScratch(`${worktree.dir}.own`)];
  makeDir(deps.cache);
  // Earlier versions let commands write to the caches that set-ups share.
  removeTree(join(deps.home, "heal-cache"));
  copySettings(deps.env.HOME ?? "/", scratch.home);
  const room: Room = {
    worktree: realpathSync(worktree.dir),
    checkout: realpathSync(worktree.root),
    gitFolder: common,
    state: realpathSync(deps.home),
    scratch,
    cache: deps.cache,
    lent: [],
    bound: [],
  };
  return confinedGround(worktree, how, room, deps);
}

function confinedGround(worktree: Worktree, how: Confinement, initial: Room, deps: GroundDeps): Ground {
  const { exec, signal } = deps;
  let room = initial;
  return {
    worktree,
    confinement: how,
    run: async (command, leave) => {
      const home = homeIn(room, deps.env);
      const env = { ...confinedEnv(healEnv(deps.env), home, leave.installs, room.lent), ...scripts(leave.installs) };
      const view = viewOf(room, deps.env, leave);
      makeMountPoints(view.mounts, room.worktree);
      const wrap = (argv: readonly string[]) => how.confine?.(view, withFewProcesses(argv)) ?? argv;
      const ran = await runCommand(command, room.worktree, { exec, env, secretsOf: deps.env, wrap, signal });
      if (leave.installs) room = { ...room, lent: await lend(room.cache, room.scratch.cache, exec) };
      return ran;
    },
    bringDependencies: async () => {
      const bound = installed({ dir: room.worktree, root: room.checkout });
      return confinedGround(worktree, how, { ...room, bound }, deps);
    },
    remove: () => removeTree(room.scratch.folder),
  };
}

function openGround(worktree: Worktree, how: Confinement, deps: GroundDeps): Ground {
  const { exec, signal } = deps;
  return {
    worktree,
    confinement: how,
    run: (command, { installs }) => {
      const env = { ...healEnv(deps.env), ...scripts(installs) };
      return runCommand(command, worktree.dir, { exec, env, secretsOf: deps.env, signal });
    },
    bringDependencies: async () => {
      const found = installed(worktree);
      for (const { from, to } of found) await copyDependencies({ from, to, root: worktree.root });
      return openGround({ ...worktree, brought: found.map(({ path }) => path) }, how, deps);
    },
    remove: () => {},
  };
}

const scripts = (installs: boolean) => (installs ? NO_SCRIPTS : {});

async function gitFolder({ dir }: Worktree, deps: GroundDeps): Promise<string> {
  const common = await gitOk(dir, ["rev-parse", "--git-common-dir"], deps, "find the repository's git folder");
  return realpathSync(resolve(dir, common.trimEnd()));
}

/** Folder of the caches that set-ups of a repository share. */
export function cacheFolder(home: string, repo: string): string {
  return join(home, "setup-cache", dirname(repo), repo.slice(repo.lastIndexOf("/") + 1));
}
