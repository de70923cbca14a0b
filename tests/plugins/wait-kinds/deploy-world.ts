import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import deploy from "../../../plugins/wait-kinds/deploy.ts";
import { createGitHub } from "../../../src/github/client.ts";
import type { JsonObject, LookResult, Options, Pin, PluginContext } from "../../../src/plugin.ts";
import { run } from "../../../src/process/exec.ts";
import { type GitHub, type ManualClock, manualClock, type Repo, startGitHub } from "../../servers/github/mod.ts";
import { asker, scratch } from "./providers/asking.ts";
import { lookContext } from "./providers/looking.ts";

/** A clone with two commits, GitHub behind it, and a clock of its own. */
export interface DeployWorld {
  readonly clone: string;
  readonly older: string;
  readonly head: string;
  readonly github: GitHub;
  readonly clock: ManualClock;
  readonly repo: Repo;
  git(...args: string[]): string;
  write(file: string, text: string): void;
  context(more?: Parameters<typeof asker>[1] & { env?: Record<string, string> }): PluginContext;
  /** Pins as `p9 watch deploy` does. */
  pin(ref: string | null, more?: { options?: Options; network?: boolean; context?: PluginContext }): Promise<Pin>;
  /** Looks as the engine does: the pin follows, what is remembered is kept. */
  watch(pin: Pin, context?: PluginContext): () => Promise<LookResult>;
}

/** Starts it; `github.stop()` ends it. */
export async function startWorld(): Promise<DeployWorld> {
  const clone = scratch();
  const clock = manualClock();
  const github = await startGitHub({ clock });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      cwd: clone,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  git("init", "-q", "-b", "main");
  git("commit", "-q", "--allow-empty", "-m", "one");
  const older = git("rev-parse", "HEAD");
  git("commit", "-q", "--allow-empty", "-m", "two");
  const head = git("rev-parse", "HEAD");
  const repo = github.world.repo("octo/app");
  repo.push("main", older);
  repo.push("main", head);
  const world: DeployWorld = {
    clone,
    older,
    head,
    github,
    clock,
    repo,
    git,
    write: (file, text) => writeFileSync(join(clone, file), text),
    context: ({ env = {}, ...more } = {}) => {
      const all = { PATH: process.env.PATH, ...github.env, ...env };
      return asker(all, {
        cwd: clone,
        repo: "octo/app",
        now: () => clock.now(),
        github: createGitHub({ exec: run, env: all, clock }),
        ...more,
      });
    },
    pin: (ref, { options = {}, network = true, context = world.context() } = {}) =>
      deploy.pin({ ref, argv: [], options, network }, context),
    watch: (first, context = world.context()) => {
      let pin = first;
      let memory: JsonObject = {};
      return async () => {
        const result = await deploy.look({
          ...lookContext(context),
          pin,
          memory,
          remember: (next) => {
            memory = next;
          },
        });
        pin = result.pin ?? pin;
        return result;
      };
    },
  };
  return world;
}
