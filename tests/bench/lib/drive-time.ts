import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prCi from "../../../plugins/wait-kinds/pr-ci.ts";
import review from "../../../plugins/wait-kinds/review.ts";
import type { Clock } from "../../../src/base/clock.ts";
import type { WaitKind } from "../../../src/contract/wait-kind.ts";
import { createGitHub } from "../../../src/github/client.ts";
import { healing } from "../../../src/heal/healing.ts";
import { makePluginContext } from "../../../src/plugins-host/context.ts";
import { run } from "../../../src/process/exec.ts";
import { Store } from "../../../src/store/store.ts";
import type { WatchDeps } from "../../../src/watch/deps.ts";
import { recordDuration } from "../../../src/watch/durations.ts";
import { drive } from "../../../src/watch/owner/driver.ts";
import { historyOf, registerWait } from "../../../src/watch/register/register.ts";
import { manualClock, startGitHub } from "../../servers/github/mod.ts";

import { inProcessGh } from "./in-process-gh.ts";
import { alone } from "./processes.ts";

/** A CI run that is watched. */
export interface Plan {
  /** How long the CI of each pull request takes, in seconds. */
  readonly durations: readonly number[];
  /** Durations of earlier runs that are known. */
  readonly history: readonly number[];
  /** Seconds between the pushes of two pull requests. @default {0} */
  readonly stagger?: number;
  /** Randomness of the cadence. */
  readonly random: () => number;
  /** Whether the reviews of each pull request are watched too; a reviewer ends 400 s after the push in any case. @default {false} */
  readonly reviews?: boolean;
  /** Whether every request goes through the real `gh`. @default {false} */
  readonly realGh?: boolean;
}

/** What a driver did in that time. */
export interface Measured {
  /** GraphQL points at the server. */
  readonly points: number;
  readonly requests: number;
  /** Seconds from the end of the last check at the server to the verdict in the log, one per pull request. */
  readonly latencies: readonly number[];
}

/** How the status of a reviewer goes on. */
const REVIEWED: [number, "PENDING" | "SUCCESS", string][] = [
  [5, "PENDING", "Review in progress"],
  [400, "SUCCESS", "Review completed"],
];

/** Runs one driver on a clock of its own until every pull request has its verdict. */
export async function driveThrough(plan: Plan): Promise<Measured> {
  const clock = manualClock();
  const github = await startGitHub({ clock });
  const home = mkdtempSync(join(tmpdir(), "p9-drive-"));
  const repo = github.world.repo("octo/app");
  repo.require({ required: ["build", "test"] });
  const stop = new AbortController();
  const deps = depsOf(home, clock, plan, github.socket, { ...process.env, ...github.env });
  try {
    const ends = new Map<number, number>();
    for (const [index, seconds] of plan.durations.entries()) {
      if (index > 0 && plan.stagger) clock.advance(plan.stagger);
      const pull = repo.pull(index + 1);
      pull.head.checks({ name: "build", starts: 2, ends: seconds / 2 }, { name: "test", starts: 2, ends: seconds });
      pull.head.status({ context: "CodeRabbit", states: REVIEWED });
      ends.set(pull.number, pull.head.pushedAt + seconds * 1000);
      // As a push starts both, at one moment.
      await Promise.all([
        register(prCi, pull.number, plan.history, deps, home),
        ...(plan.reviews ? [register(review, pull.number, [], deps, home)] : []),
      ]);
    }
    const verdicts = () =>
      [...deps.store.events()].filter(
        (event) => event.type === "transition" && event.kind === "pr-ci" && event.to_state === "GREEN",
      );
    const sleep = async (ms: number) => {
      clock.advance(ms / 1000);
      if (verdicts().length === plan.durations.length) stop.abort();
      await new Promise(setImmediate);
    };
    Object.assign(deps.clock, { sleep });
    await drive(deps, { onDemand: false, signal: stop.signal, report: () => {} });
    const latencies = verdicts().map((event) => {
      if (event.type !== "transition" || event.pr === null) return Number.NaN;
      return (Number(event.extra.decided_at) - (ends.get(event.pr) ?? 0)) / 1000;
    });
    return { points: github.points, requests: github.seen.length, latencies };
  } finally {
    await github.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function register(
  kind: WaitKind,
  number: number,
  history: readonly number[],
  deps: WatchDeps,
  home: string,
): Promise<void> {
  const client = await deps.github();
  const { clock, exec, env } = deps;
  const context = makePluginContext({
    plugin: kind.name,
    home,
    env,
    cwd: home,
    github: client,
    repo: "octo/app",
    clock,
    exec,
  });
  const pin = await kind.pin({ ref: String(number), argv: [], options: {}, network: true }, context);
  for (const seconds of history) recordDuration(deps.store.paths.durations, historyOf(kind.name, pin), seconds);
  const common = { session: "s1", cwd: home, argv: [], options: {}, timeoutS: null, intervalS: null } as const;
  await registerWait({ ...common, kind, pin, mode: "background", adopt: false, force: false }, deps);
}

function depsOf(home: string, time: { now(): number }, plan: Plan, socket: string, env: NodeJS.ProcessEnv): WatchDeps {
  const clock: Clock = { now: time.now, monotonic: time.now, sleep: async () => {} };
  const exec = plan.realGh ? run : inProcessGh(socket);
  const client = createGitHub({ exec, env, clock, home });
  const grace = {};
  const base = { maxConcurrentPrs: 1000, scope: "repo", noChecks: "red", observer: "api", deadline: {} } as const;
  return {
    store: Store.open(home, { clock }),
    clock,
    random: plan.random,
    processes: alone,
    exec,
    env,
    log: { info: () => {}, warn: () => {} },
    github: async () => client,
    kind: async (name) => (name === review.name ? review : prCi),
    config: async () => ({ all: {}, grace, ...base }),
    trusted: () => async () => false,
    healing,
  };
}
