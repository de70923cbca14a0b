import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import type { GitHub } from "../../src/github.ts";
import { healing } from "../../src/heal/healing.ts";
import { defineWaitKind, type LookContext, type LookResult, type Pin, type WaitKind } from "../../src/plugin.ts";
import { run } from "../../src/process/exec.ts";
import { Store } from "../../src/store/store.ts";
import type { WatchConfig, WatchDeps } from "../../src/watch/deps.ts";
import { type Registering, registerWait } from "../../src/watch/register/register.ts";

/** A clock that moves only when it is told to, or when somebody sleeps. */
export class FakeClock implements Clock {
  wall = Date.UTC(2026, 0, 1);
  mono = 0;

  now = () => this.wall;
  monotonic = () => this.mono;
  sleep = async (ms: number) => this.advance(ms);

  /** Time passes. */
  advance(ms: number): void {
    this.wall += ms;
    this.mono += ms;
  }

  /** The machine sleeps, or somebody sets the clock: wall time moves, the monotonic clock does not. */
  jump(ms: number): void {
    this.wall += ms;
  }
}

/** A process table that a test fills. */
export function fakeProcesses(self = 100) {
  const running = new Map<number, string>([[self, "s100"]]);
  return {
    running,
    boot: "boot-1",
    self: () => ({ pid: self, pid_start: running.get(self) ?? "", boot_id: "boot-1" }),
    bootId() {
      return this.boot;
    },
    inspect: (pid: number) =>
      running.has(pid)
        ? ({ state: "running", start: running.get(pid) ?? "" } as const)
        : ({ state: "gone", start: "" } as const),
  };
}

const noGitHub: GitHub = {
  graphql: () => Promise.reject(new Error("no GitHub here")),
  rest: () => Promise.reject(new Error("no GitHub here")),
  repository: () => Promise.reject(new Error("no GitHub here")),
};

/** A kind whose looks a test scripts: the next answer, or an error to throw; the last one stands. */
export function scriptedKind(
  looks: (LookResult | Error | ((context: LookContext) => LookResult))[],
  more: Partial<WaitKind> = {},
) {
  let at = 0;
  return defineWaitKind({
    name: "pr-ci",
    summary: "scripted",
    pin: async ({ ref }): Promise<Pin> => ({
      ref: ref ?? "x",
      key: ref ?? "x",
      repo: "o/r",
      pr: 1,
      sha: "a".repeat(40),
      identity: {},
      complete: true,
    }),
    look: async (context) => {
      const answer = looks[Math.min(at, looks.length - 1)];
      at += 1;
      if (answer instanceof Error) throw answer;
      return typeof answer === "function"
        ? answer(context)
        : (answer ?? { status: "running", reason: "nothing scripted" });
    },
    ...more,
  });
}

/** A home, a clock, processes and one kind. */
export function world(kind: WaitKind, config: Partial<WatchConfig> = {}) {
  const home = mkdtempSync(join(tmpdir(), "p9-watch-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const clock = new FakeClock();
  const processes = fakeProcesses();
  const store = Store.open(home, { clock });
  const deps: WatchDeps = {
    store,
    clock,
    random: () => 0.5,
    processes,
    exec: run,
    env: {},
    log: { info: () => {}, warn: () => {} },
    github: async () => noGitHub,
    kind: async (name) => (name === kind.name ? kind : null),
    config: async () => ({
      all: {},
      maxConcurrentPrs: 1,
      scope: "repo",
      noChecks: "red",
      observer: "api",
      grace: {},
      deadline: {},
      ...config,
    }),
    trusted: () => async () => false,
    healing,
  };
  const register = async (more: Partial<Registering> & { ref?: string } = {}) => {
    const { ref = "x", ...rest } = more;
    const pin = await kind.pin({ ref, argv: [], options: {}, network: true }, {} as never);
    return registerWait(
      {
        kind,
        pin,
        options: {},
        session: "s1",
        cwd: home,
        argv: [],
        mode: "foreground",
        timeoutS: null,
        intervalS: null,
        adopt: false,
        force: false,
        ...rest,
      },
      deps,
    );
  };
  return { home, clock, processes, store, deps, register };
}
