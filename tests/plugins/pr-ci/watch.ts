import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prCi from "../../../plugins/wait-kinds/pr-ci.ts";
import { run } from "../../../src/exec.ts";
import { createGitHub } from "../../../src/github/client.ts";
import {
  type Clock,
  isOutcome,
  type JsonObject,
  type LookResult,
  ObservationError,
  type Options,
  type Pin,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { makePluginContext } from "../../../src/plugins-host/context.ts";
import { type GitHub, type ManualClock, manualClock, startGitHub } from "../../servers/github/mod.ts";

/** The contract's graces in seconds. */
const GRACES = { appear: 180, appear_with_workflows: 600, required: 900, runner: 900, start: 900 };

/** How a watch ended, and what was seen on the way. */
export interface Ending {
  outcome: string;
  reason: string;
  /** Seconds since the world was made. */
  at: number;
  sha: string | null | undefined;
  looks: LookResult[];
  notes: string[];
  errors: ObservationError[];
  unknown: string[];
}

/** What a test sets beside the reference. */
export interface WatchOptions {
  ref?: string | null;
  options?: Options;
  config?: JsonObject;
  pushed?: WaitRequest["pushed"];
  cwd?: string;
  env?: Record<string, string | undefined>;
  repo?: string | null;
  /** Seconds after which the watch is given up. Default 7,200. */
  deadline?: number;
}

/** A server in manual time and a watcher that keeps the engine's rules about time in the smallest way that is true to them. */
export interface Bench {
  readonly github: GitHub;
  readonly world: GitHub["world"];
  readonly clock: ManualClock;
  pin(options?: WatchOptions): Promise<Pin>;
  watch(options?: WatchOptions): Promise<Ending>;
  stop(): Promise<void>;
}

/** Makes a bench. */
export async function bench(): Promise<Bench> {
  const clock = manualClock();
  const github = await startGitHub({ clock });
  const home = mkdtempSync(join(tmpdir(), "p9-kind-"));
  const context = ({ config = {}, cwd = home, env = {}, repo = "octo/app" }: WatchOptions) => {
    const all = { ...process.env, ...github.env, ...env };
    const client = createGitHub({ exec: run, env: all, clock, home });
    return makePluginContext({
      plugin: "pr-ci",
      home,
      env: all,
      cwd,
      github: client,
      repo,
      config,
      clock: asClock(clock),
    });
  };
  const pin = (options: WatchOptions = {}, previous?: Pin) =>
    prCi.pin(
      {
        ref: options.ref === undefined ? "42" : options.ref,
        argv: [],
        options: {},
        pushed: options.pushed,
        network: true,
      },
      { ...context(options), previous },
    );
  return {
    github,
    world: github.world,
    clock,
    pin,
    async watch(options = {}) {
      return watch(context(options), await pin(options), options, clock, github.world);
    },
    async stop() {
      await github.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function asClock(clock: ManualClock): Clock {
  return { now: clock.now, monotonic: clock.now, sleep: async (ms) => clock.advance(ms / 1000) };
}

async function watch(
  base: ReturnType<typeof makePluginContext>,
  first: Pin,
  { options = {}, deadline = 7200 }: WatchOptions,
  clock: ManualClock,
  world: GitHub["world"],
): Promise<Ending> {
  const seen: Omit<Ending, "outcome" | "reason" | "at" | "sha"> = { looks: [], notes: [], errors: [], unknown: [] };
  const since = clock.now();
  const conditions = new Map<string, number>();
  let [pin, memory, agreed]: [Pin, JsonObject, string] = [first, {}, ""];
  const end = (outcome: string, reason: string): Ending => ({
    outcome,
    reason,
    at: world.elapsed(),
    sha: pin.sha,
    ...seen,
  });

  let interval = 5;
  for (let look = 0; clock.now() < since + deadline * 1000; look += 1) {
    let wait = interval;
    interval = Math.min(60, interval * 1.5);
    try {
      const result = await prCi.look({
        ...base,
        pin,
        options,
        look,
        since,
        slow: false,
        waitId: "wait",
        logFile: join(base.cwd, "look.log"),
        memory,
        remember: (next) => {
          memory = next;
        },
      });
      seen.looks.push(result);
      if (result.note && !seen.notes.includes(result.note)) seen.notes.push(result.note);
      for (const value of result.unknown ?? []) if (!seen.unknown.includes(value)) seen.unknown.push(value);
      pin = result.pin ?? pin;
      if (!result.grace) conditions.clear();
      if (isOutcome(result.status)) {
        const same = `${result.status} ${JSON.stringify(result.items)}`;
        if (agreed === same && clock.now() >= (result.settle?.notBefore ?? 0)) return end(result.status, result.reason);
        const confirm = result.settle?.confirmS ?? 1;
        wait = Math.max(confirm, ((result.settle?.notBefore ?? 0) - clock.now()) / 1000);
        agreed = same;
      } else agreed = "";
      if (result.grace) {
        const from = conditions.get(result.grace.name) ?? result.grace.since ?? clock.now();
        conditions.set(result.grace.name, from);
        const left = from + GRACES[result.grace.name] * 1000 - clock.now();
        if (left > 0) wait = Math.min(wait, left / 1000);
        if (left <= 0 && result.grace.outcome !== "ignore") return end(result.grace.outcome, result.grace.reason);
      }
    } catch (error) {
      if (!(error instanceof ObservationError)) throw error;
      seen.errors.push(error);
      wait = error.retryAfterS ?? wait;
    }
    clock.advance(wait);
  }
  return end("timed_out", "");
}
