import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Clock, timestamp } from "../../src/base/clock.ts";
import type { NewEvent } from "../../src/core/events.ts";
import type { State } from "../../src/core/states.ts";
import type { GitHub } from "../../src/github.ts";
import { run } from "../../src/process/exec.ts";
import { type QueueContext, type QueueContextInput, queueContext } from "../../src/queue/queue-context.ts";
import { type Draft, Queue } from "../../src/queue/store/queue.ts";
import { Store } from "../../src/store/store.ts";

export const NOON = Date.parse("2026-11-20T12:00:00Z");

/** A clock that moves by hand. */
export function handClock(start = NOON): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async () => {},
    advance: (ms) => {
      now += ms;
    },
  };
}

/** A folder that goes with the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "p9-queue-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes files below a folder. */
export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Runs git in a folder, as somebody. */
export function git(cwd: string, ...args: string[]): string {
  const who = ["-c", "user.name=Robin", "-c", "user.email=robin@example.org", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...who, ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A repository whose `main` holds `base`, with a branch checked out that holds `change` on top. */
export function repository(
  base: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): string {
  const root = scratch();
  git(root, "init", "-q");
  write(root, base);
  git(root, "add", "-A");
  git(root, "commit", "-qm", "base");
  git(root, "checkout", "-qb", "topic");
  for (const [path, text] of Object.entries(change)) {
    if (text === null) rmSync(join(root, path));
    else write(root, { [path]: text });
  }
  git(root, "add", "-A");
  git(root, "commit", "-qm", "change");
  return root;
}

const NO_GITHUB: GitHub = {
  graphql: () => Promise.reject(new Error("no GitHub here")),
  rest: () => Promise.reject(new Error("no GitHub here")),
  repository: () => Promise.reject(new Error("no GitHub here")),
};

/** A state directory with its queue, its log and a clock. */
export function world(start = NOON) {
  const home = scratch();
  const clock = handClock(start);
  const store = Store.open(home, { clock });
  const queue = new Queue(home, { clock });
  return {
    home,
    clock,
    store,
    queue,
    push: (draft: Partial<Draft> & { item: string }) =>
      queue.push({ source: "session", session_id: "me", isolation_tier: "none", ...draft }, new Set(["me"])),
    place: (input: Partial<QueueContextInput> = {}): QueueContext =>
      queueContext({
        home,
        store,
        session: "me",
        repo: null,
        env: { HOME: home, PATH: process.env.PATH },
        cwd: home,
        clock,
        exec: run,
        github: NO_GITHUB,
        ...input,
      }),
    /** A pull request's wait goes through these states. */
    watch: (repo: string, pr: number, states: readonly State[], extra = {}, session = "me") =>
      store.commit((view) => {
        const id = `w-${repo}-${pr}`;
        let from: State | null = view.waits.get(id)?.state ?? null;
        return states.map((to): NewEvent => {
          const row = transition(id, "pr-ci", `#${pr}`, { repo, pr, session, from, to, extra });
          from = to;
          return row;
        });
      }),
    /** A build goes through these states. */
    build: (id: string, states: readonly State[]) =>
      store.commit((view) => {
        let from: State | null = view.waits.get(id)?.state ?? null;
        return states.map((to): NewEvent => {
          const row = transition(id, "build", "npm test", { repo: null, pr: null, session: "me", from, to, extra: {} });
          from = to;
          return row;
        });
      }),
    at: (ms: number) => timestamp(ms),
  };
}

interface Row {
  readonly repo: string | null;
  readonly pr: number | null;
  readonly session: string;
  readonly from: State | null;
  readonly to: State;
  readonly extra: object;
}

function transition(wait_id: string, kind: string, ref: string, row: Row): NewEvent {
  const { repo, pr, session, from, to, extra } = row;
  return {
    type: "transition",
    wait_id,
    kind,
    ref,
    pr,
    repo,
    sha: null,
    from_state: from,
    to_state: to,
    watcher_id: "watcher",
    attempt: 0,
    evaluator_score: null,
    session_id: session,
    extra: { ...extra },
  };
}
