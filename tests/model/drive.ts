import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prCi from "../../plugins/wait-kinds/pr-ci.ts";
import type { Clock } from "../../src/base/clock.ts";
import { createGitHub } from "../../src/github/client.ts";
import { healing } from "../../src/heal/healing.ts";
import { readMergeFacts } from "../../src/merge/read-facts.ts";
import { mergeVerdict } from "../../src/merge/verdict.ts";
import { RefError } from "../../src/plugin.ts";
import { makePluginContext } from "../../src/plugins-host/context.ts";
import { run } from "../../src/process/exec.ts";
import { Store } from "../../src/store/store.ts";
import type { WatchDeps } from "../../src/watch/deps.ts";
import { Watch } from "../../src/watch/engine/watch.ts";
import { registerWait } from "../../src/watch/register/register.ts";
import { alone } from "../bench/lib/processes.ts";
import { type ManualClock, manualClock, shaOf, skewedClock } from "../servers/github/mod.ts";
import { World } from "../servers/github/world.ts";
import { apply } from "./apply.ts";
import type { Clones } from "./clones.ts";
import { inProcessGh } from "./in-process.ts";
import type { PrWorld } from "./world.ts";

/** What p9 made of a world. */
export interface Answer {
  /** Its outcome; `open`: still watching at the end; `external`: it left because waiting is of no use; `refused`: it did not begin. */
  readonly outcome: string;
  readonly reason: string;
  readonly sha: string | null;
  /** Second of the world at which it said so. */
  readonly at: number;
  /** Whether it calls the pull request ready to merge then; null when it could not be asked. */
  readonly ready: boolean | null;
  readonly readyWhy: string;
  readonly looks: number;
}

/** Runs p9's engine on a clock of its own against the GitHub of that world. */
export async function drive(world: PrWorld, clones: Clones): Promise<Answer> {
  const home = mkdtempSync(join(tmpdir(), "p9-model-"));
  try {
    return await driven(world, clones, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function driven(world: PrWorld, clones: Clones, home: string): Promise<Answer> {
  const clock = manualClock();
  const github = new World(skewedClock(clock, world.trouble.skew));
  if (world.asked.by === "branch" && world.heads[0]) world.heads[0].label = clones.sha;
  apply(world, github);
  clock.advance(world.asked.start);
  // What was planned for the time before is there before anybody asks.
  github.settle();
  const cwd = world.asked.by === "branch" ? clones[world.asked.clone] : home;
  const deps = depsOf(github, clock, home);
  const answer = (outcome: string, reason: string, sha: string | null, looks: number) => ({
    outcome,
    reason,
    sha,
    at: github.elapsed(),
    looks,
  });
  const watched = await watch(world, deps, cwd, clock).catch((error: unknown) => ({
    ...answer(beginning(error), String(error), null, 0),
  }));
  if (watched.outcome === "broken") throw new Error(`Seed ${world.seed}: ${watched.reason}`);
  const found = answer(watched.outcome, watched.reason, watched.sha, watched.looks);
  return { ...found, ...(await mergeable(world, deps)) };
}

/** What an error at the very beginning means: exit 3, exit 4, or a fault of p9's. */
function beginning(error: unknown): string {
  if (error instanceof RefError) return "refused";
  return error instanceof Error && error.name === "GitHubError" ? "external" : "broken";
}

async function watch(world: PrWorld, deps: WatchDeps, cwd: string, clock: ManualClock) {
  const context = makePluginContext({
    plugin: "pr-ci",
    home: deps.store.home,
    env: deps.env,
    exec: deps.exec,
    clock: deps.clock,
    cwd,
    github: await deps.github(),
    repo: "octo/app",
    config: {},
  });
  const { asked, pull, heads } = world;
  const head = heads.filter(({ at }) => at <= asked.start).at(-1);
  const pushed =
    asked.by === "push" && head
      ? { sha: shaOf(head.label), branch: pull.branch, at: clock.now() - (asked.start - head.at) * 1000 }
      : undefined;
  const created = asked.by === "created";
  const ref = created ? "https://github.com/octo/app/pull/42" : asked.by === "branch" ? null : "42";
  // A hook's watch runs in the background, knows when it was asked for, and asks nobody before it runs.
  const mode = pushed || created ? "background" : "foreground";
  const network = mode === "foreground";
  const pin = await prCi.pin({ ref, argv: [], options: {}, pushed, network }, context);
  const common = { session: "s1", cwd, argv: [], options: {}, timeoutS: null, intervalS: null } as const;
  const request = { ...common, kind: prCi, pin, mode, adopt: false, force: false } as const;
  const { wait } = await registerWait({ ...request, pushedAt: created ? clock.now() : pushed?.at }, deps);
  const signal = new AbortController().signal;
  const engine = new Watch({ wait, kind: prCi, config: await deps.config(cwd), deps, mode, signal });
  const end = clock.now() + (asked.until - asked.start) * 1000;
  let looks = 0;
  while (clock.now() < end) {
    const step = await engine.step();
    looks += 1;
    if (step.next === "ended") {
      const { outcome = "", reason = "" } = step.wait.extra;
      return { outcome: String(outcome), reason: String(reason), sha: step.wait.sha, looks };
    }
    if (step.next === "external") return { outcome: "external", reason: step.message, sha: null, looks };
    if (step.next !== "look") break;
    clock.advance(Math.max(0.001, (engine.dueAt - clock.now()) / 1000));
  }
  return { outcome: "open", reason: "", sha: deps.store.find(wait.wait_id)?.sha ?? null, looks };
}

async function mergeable(world: PrWorld, deps: WatchDeps): Promise<Pick<Answer, "ready" | "readyWhy">> {
  if (!world.pull.exists) return { ready: null, readyWhy: "there is none" };
  try {
    const verdict = mergeVerdict(await readMergeFacts(await deps.github(), "octo/app", 42));
    return { ready: verdict.ready, readyWhy: verdict.reason };
  } catch (error) {
    return { ready: false, readyWhy: String(error) };
  }
}

function depsOf(github: World, time: ManualClock, home: string): WatchDeps {
  const clock: Clock = { now: time.now, monotonic: time.now, sleep: async (ms) => time.advance(ms / 1000) };
  const exec = inProcessGh(github, [], run);
  const env = { ...process.env };
  const client = createGitHub({ exec, env, clock, home });
  return {
    store: Store.open(home, { clock }),
    clock,
    random: () => 0.5,
    processes: alone,
    healing,
    exec,
    env,
    log: { info: () => {}, warn: () => {} },
    github: async () => client,
    kind: async () => prCi,
    config: async () => ({
      all: {},
      maxConcurrentPrs: 100,
      scope: "repo",
      noChecks: "red",
      observer: "api",
      grace: {},
      deadline: {},
    }),
    trusted: () => async () => false,
  };
}
