import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prCi from "../../../../plugins/wait-kinds/pr-ci.ts";
import type { Clock } from "../../../../src/base/clock.ts";
import type { Wait } from "../../../../src/core/wait.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import { healing } from "../../../../src/heal/healing.ts";
import type {
  JsonObject,
  LookContext,
  LookResult,
  ObservationError,
  Options,
  WaitKind,
  WaitRequest,
} from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { type Exec, run } from "../../../../src/process/exec.ts";
import { Store } from "../../../../src/store/store.ts";
import type { WatchDeps } from "../../../../src/watch/deps.ts";
import { Watch } from "../../../../src/watch/engine/watch.ts";
import { registerWait } from "../../../../src/watch/register/register.ts";
import { inProcessGh } from "../../../model/in-process.ts";
import { type GitHub, type ManualClock, manualClock, startGitHub } from "../../../servers/github/mod.ts";
import { fakeProcesses } from "../../../watch/world.ts";

/** How a watch ended, and what was seen on the way. */
export interface Ending {
  outcome: string;
  reason: string;
  state: string;
  /** Seconds since the world was made. */
  at: number;
  sha: string | null;
  looks: LookResult[];
  notes: string[];
  errors: ObservationError[];
  unknown: readonly string[];
}

/** What a test sets beside the reference. */
export interface WatchOptions {
  ref?: string | null;
  /** Default: `pr-ci`. */
  kind?: WaitKind;
  options?: Options;
  config?: JsonObject;
  pushed?: WaitRequest["pushed"];
  cwd?: string;
  env?: Record<string, string | undefined>;
  repo?: string | null;
  /** Seconds after which the test gives the watch up. Default 7,200. */
  deadline?: number;
  /** How far the local wall clock is ahead of the server's now (ms). Default 0. */
  skew?: () => number;
}

/** A server in manual time, and the engine with the kind on the same clock. */
export interface Bench {
  readonly github: GitHub;
  readonly world: GitHub["world"];
  readonly clock: ManualClock;
  readonly home: string;
  watch(options?: WatchOptions): Promise<Ending>;
  stop(): Promise<void>;
}

/** Makes a bench. */
export async function bench(): Promise<Bench> {
  const clock = manualClock();
  const github = await startGitHub({ clock });
  const home = mkdtempSync(join(tmpdir(), "p9-kind-"));
  return {
    github,
    world: github.world,
    clock,
    home,
    watch: (options = {}) => watch({ github, clock, home }, options),
    async stop() {
      await github.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Requests of a watch that go through the real `gh`: those of its first looks. */
const REAL_REQUESTS = 4;

/**
 * Runs the real `gh` for a watch's first requests, and asks the same server without a process afterwards: a look is repeated up to a
 * hundred times while hours pass on the clock, and differs in nothing but the answer.
 */
function realAtFirst({ world, seen }: GitHub): Exec {
  const inProcess = inProcessGh(world, seen, run);
  let asked = 0;
  return (argv, options) => {
    if (argv[0] === "gh") asked += 1;
    return asked > REAL_REQUESTS ? inProcess(argv, options) : run(argv, options);
  };
}

/** The engine's world on a manual clock. */
export function depsOf(
  { github, clock, home }: Pick<Bench, "github" | "clock" | "home">,
  options: WatchOptions,
): WatchDeps {
  const env = { ...process.env, ...github.env, ...options.env };
  const time = asClock(clock, options.skew);
  const client = createGitHub({ exec: realAtFirst(github), env, clock: time, home });
  return {
    store: Store.open(home, { clock: time }),
    clock: time,
    random: () => 0.5,
    processes: fakeProcesses(),
    exec: run,
    env,
    log: { info: () => {}, warn: () => {} },
    github: async () => client,
    kind: async () => options.kind ?? prCi,
    config: async () => ({
      all: options.config ?? {},
      maxConcurrentPrs: 100,
      scope: "repo",
      noChecks: "red",
      observer: "api",
      grace: {},
      deadline: {},
    }),
    trusted: () => async () => false,
    healing,
  };
}

async function watch(bench: Pick<Bench, "github" | "clock" | "home">, options: WatchOptions): Promise<Ending> {
  const { clock, home, github } = bench;
  const deps = depsOf(bench, options);
  const [looks, errors]: [LookResult[], ObservationError[]] = [[], []];
  const { kind: watched = prCi } = options;
  const kind = {
    ...watched,
    look: async (context: LookContext) => {
      try {
        const result = await watched.look(context);
        looks.push(result);
        return result;
      } catch (error) {
        errors.push(error as ObservationError);
        throw error;
      }
    },
  };
  const cwd = options.cwd ?? home;
  const { repo = "octo/app", config = {} } = options;
  const client = await deps.github();
  const { env, exec, clock: time } = deps;
  const context = makePluginContext({
    plugin: watched.name,
    home,
    env,
    exec,
    clock: time,
    cwd,
    github: client,
    repo,
    config,
  });
  const ref = options.ref === undefined ? "42" : options.ref;
  const pin = await watched.pin({ ref, argv: [], options: {}, pushed: options.pushed, network: true }, context);
  const common = { session: "s1", cwd, argv: [], mode: "foreground", timeoutS: null, intervalS: null } as const;
  const request = { ...common, kind, pin, options: options.options ?? {}, adopt: false, force: false };
  const { wait } = await registerWait({ ...request, pushedAt: options.pushed?.at }, deps);
  const signal = new AbortController().signal;
  const engine = new Watch({ wait, kind, config: await deps.config(cwd), deps, mode: "foreground", signal });
  const ended = await runToEnd(engine, clock, options.deadline ?? 7200);
  const now = ended ?? deps.store.find(wait.wait_id);
  const notes = [...deps.store.events()].flatMap((event) => {
    if (event.type === "wait.note") return [event.note];
    return event.type === "wait.pinned" ? [event.reason] : [];
  });
  if (!now) throw new Error("The wait is gone");
  return {
    outcome: ended?.extra.outcome ?? "open",
    reason: ended?.extra.reason ?? "",
    state: now.state,
    at: github.world.elapsed(),
    sha: now.sha,
    unknown: now.unknown_values,
    looks,
    notes,
    errors,
  };
}

async function runToEnd(engine: Watch, clock: ManualClock, deadline: number): Promise<Wait | null> {
  const end = clock.now() + deadline * 1000;
  while (clock.now() < end) {
    const step = await engine.step();
    if (step.next === "ended") return step.wait;
    if (step.next !== "look") return null;
    clock.advance(Math.max(0.001, (engine.dueAt - clock.now()) / 1000));
  }
  return null;
}

function asClock(clock: ManualClock, skew = () => 0): Clock {
  const now = () => clock.now() + skew();
  return { now, monotonic: clock.monotonic, sleep: async (ms) => clock.advance(ms / 1000) };
}
