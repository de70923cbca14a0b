import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { withLock } from "../../../src/store/lock/lock.ts";
import { nextRow } from "../../../src/store/store.ts";
import type { WatchConfig } from "../../../src/watch/deps.ts";
import { tidy } from "../../../src/watch/keep/keep.ts";
import { drive } from "../../../src/watch/owner/driver.ts";
import { scriptedKind, world } from "../world.ts";

const DAY_S = 86_400;
const KIB = 1024;

/** A home with one wait that is watched, and files that earlier ones left. */
async function home(keep: WatchConfig["keep"], configs: Readonly<Record<string, WatchConfig["keep"]>> = {}) {
  const w = world(scriptedKind([{ status: "running", reason: "runs" }]));
  const { wait } = await w.register({ mode: "background" });
  const config = await w.deps.config("/");
  const deps = {
    ...w.deps,
    config: async (cwd: string) => ({ ...config, ...(cwd in configs ? { keep: configs[cwd] } : keep ? { keep } : {}) }),
  };
  const now = w.clock.now() / 1000;
  return {
    ...w,
    deps,
    wait,
    /** Writes a file that was last changed so many days ago. */
    left: (path: string, daysAgo: number, bytes = 10) => {
      const full = join(w.home, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, "x".repeat(bytes));
      utimesSync(full, now - daysAgo * DAY_S, now - daysAgo * DAY_S);
      return full;
    },
    hour: () => w.clock.advance(3_700_000),
  };
}

test("what ended waits left goes once it is old enough, and everything else stays", async () => {
  const h = await home({ days: 30, size: 1 << 30 });
  const old = [
    h.left("logs/build-w0000000001.log", 31),
    h.left("logs/watch-w0000000001.log", 31),
    h.left("looks/w0000000001.json", 31),
    h.left("logs/evidence/o-r/0123456789ab/7-test.log", 31),
  ];
  const kept = [
    h.left("logs/build-w0000000002.log", 29),
    h.left("logs/evidence/o-r/fedcba987654/7-test.log", 29),
    h.left("logs/hooks.log", 400),
    h.left("logs/driver-abc.log", 400),
    h.left("logs/plugins/a-b.jsonl", 400),
    h.left("data/linear/cycle.json", 400),
    h.left("data/mine/wishes-of-mine/notes", 400),
    h.left("ledger.jsonl", 400),
  ];
  const run = join(h.home, "data/build/w0000000001");
  h.left("data/build/w0000000001/exit", 31);
  utimesSync(run, new Date(0), new Date(0));
  const log = readFileSync(h.store.paths.state);
  await tidy(h.deps);
  expect(old.filter(existsSync)).toEqual([]);
  expect(existsSync(run)).toBe(false);
  expect(existsSync(dirname(old[3]!))).toBe(false);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  expect(readFileSync(h.store.paths.state).equals(log)).toBe(true);
});

test("beyond the size the oldest go first, and no more than must", async () => {
  const h = await home({ days: 1000, size: 100 * KIB });
  const logs = Array.from({ length: 20 }, (_, at) => h.left(`logs/build-w${at}.log`, 20 - at, 10 * KIB));
  await tidy(h.deps);
  expect(logs.map(existsSync)).toEqual(logs.map((_, at) => at >= 10));
});

test("of files of the same second no more go than must", async () => {
  const h = await home({ days: 1000, size: 50 * KIB });
  for (let at = 0; at < 20; at++) h.left(`logs/build-w${at}.log`, 3, 10 * KIB);
  await tidy(h.deps);
  expect(readdirSync(h.store.paths.logs)).toHaveLength(5);
});

test("a wait that is watched keeps its log, its look and the evidence of its commit, however old and large", async () => {
  const h = await home({ days: 0, size: 0 });
  const id = h.wait.wait_id;
  const needed = [
    h.left(`logs/pr-ci-${id}.log`, 100),
    h.left(`looks/${id}.json`, 100),
    h.left(`logs/evidence/o-r/${"a".repeat(12)}/1-lint.log`, 100),
  ];
  const other = h.left("logs/pr-ci-w0000000009.log", 1);
  await tidy(h.deps);
  expect(needed.filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(other)).toBe(false);
  // Once it has ended, they go too.
  await h.store.commit(() => [nextRow(h.wait, "ABANDONED", { extra: { outcome: "closed" } })]);
  h.hour();
  await tidy(h.deps);
  expect(needed.filter(existsSync)).toEqual([]);
});

test("an ending that a session has still to be told keeps its log; once told, it goes", async () => {
  const h = await home({ days: 0, size: 0 });
  const log = h.left(`logs/pr-ci-${h.wait.wait_id}.log`, 10);
  const { ino } = statSync(h.store.paths.state);
  const inbox = join(h.store.paths.inbox, "client");
  mkdirSync(inbox, { recursive: true });
  const session = {
    version: 1,
    client: "client",
    session: h.wait.session_id,
    root: "/",
    pid: 0,
    pid_start: "",
    ended: false,
  };
  const read = (offset: number) =>
    writeFileSync(
      join(inbox, "session.json"),
      JSON.stringify({
        ...session,
        cursor: { inode: ino, offset },
        mine: [],
        unread: [],
        claims: [],
        offered: [],
        offers: {},
      }),
    );
  read(0);
  await h.store.commit(() => [nextRow(h.wait, "ABANDONED", { extra: { outcome: "timed_out" } })]);
  await tidy(h.deps);
  expect(existsSync(log)).toBe(true);
  read(statSync(h.store.paths.state).size);
  h.hour();
  await tidy(h.deps);
  expect(existsSync(log)).toBe(false);
});

test("nothing outside is reached through a link", async () => {
  const h = await home({ days: 0, size: 0 });
  const outside = h.left("elsewhere/build-w0000000001.log", 100);
  mkdirSync(join(h.store.paths.logs, "evidence"), { recursive: true });
  symlinkSync(join(h.home, "elsewhere"), join(h.store.paths.logs, "evidence", "o-r"));
  symlinkSync(outside, join(h.store.paths.logs, "build-w0000000002.log"));
  await tidy(h.deps);
  expect(existsSync(outside)).toBe(true);
});

test("of several repositories that one counts which keeps the most, and the user's own word before all", async () => {
  const of = async (users: boolean, ...days: number[]) => {
    const h = await home(
      { days: 5, size: 1 << 30, isUsers: users },
      Object.fromEntries(days.map((d) => [`/r${d}`, { days: d, size: 1 << 30 }])),
    );
    for (const d of days) await h.register({ mode: "background", cwd: `/r${d}`, ref: `x${d}` });
    await h.store.commit(() => [nextRow(h.wait, "ABANDONED", {})]);
    const logs = [1, 3, 6, 12].map((ago) => h.left(`logs/build-w${ago}.log`, ago));
    await tidy(h.deps);
    return logs.map(existsSync);
  };
  expect(await of(true, 10)).toEqual([true, true, false, false]);
  expect(await of(false, 2, 10)).toEqual([true, true, true, false]);
});

test("it happens once an hour, and not while another process does it", async () => {
  const h = await home({ days: 1, size: 1 << 30 });
  await tidy(h.deps);
  const log = h.left("logs/build-w1.log", 9);
  await tidy(h.deps);
  expect(existsSync(log)).toBe(true);
  h.hour();
  await withLock(h.store.paths.keepLock, () => tidy(h.deps));
  expect(existsSync(log)).toBe(true);
  await tidy(h.deps);
  expect(existsSync(log)).toBe(false);
});

test("the driver does it beside its waits", async () => {
  const h = await home({ days: 1, size: 1 << 30 });
  const log = h.left("logs/build-w1.log", 9);
  const stop = new AbortController();
  h.clock.sleep = async (ms: number) => {
    h.clock.advance(ms);
    await new Promise(setImmediate);
    if (!existsSync(log)) stop.abort("test");
  };
  await drive(h.deps, { onDemand: false, signal: stop.signal, report: () => {} });
  expect(existsSync(log)).toBe(false);
});
