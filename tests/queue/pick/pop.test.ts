import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { queueSources } from "../../../plugins/queue-sources/registry.ts";
import { StateError } from "../../../src/core/errors.ts";
import { overview } from "../../../src/queue/pick/overview.ts";
import { peek } from "../../../src/queue/pick/peek.ts";
import { pop } from "../../../src/queue/pick/pop.ts";
import { repository, world, write } from "../world.ts";

const HOUR = 3_600_000;
const lease = { leaseMs: HOUR };

/** A task of session `me`, as the client writes it. */
function task(home: string, id: number, subject: string, more: object = {}): void {
  const file = {
    id: `${id}`,
    subject,
    description: "",
    status: "pending",
    blocks: [],
    blockedBy: [],
    metadata: { wait_ok: true },
  };
  write(home, { [`.claude/tasks/me/${id}.json`]: JSON.stringify({ ...file, ...more }, null, 2) });
}

/** Several sources that cannot be asked here, in the order of the registry. */
function inOrder(problems: readonly { readonly source: string }[]): boolean {
  const asked = problems.map(({ source }) => source);
  const known = Object.keys(queueSources).filter((name) => asked.includes(name));
  return asked.length > 1 && asked.join() === known.join();
}

test("pop() asks the sources in their order, and the next one only when those above have nothing", async () => {
  const { push, place, home } = world();
  await push({ item: "pushed as docs", source: "docs" });
  await push({ item: "pushed as memory", source: "memory" });
  task(home, 1, "task of the session");
  const next = async () => (await pop(place(), lease)).item;
  expect(await next()).toMatchObject({ source: "session", item: "task of the session" });
  expect(await next()).toMatchObject({ source: "memory", item: "pushed as memory" });
  expect(await next()).toMatchObject({ source: "docs", item: "pushed as docs" });
  const { item, problems, held } = await pop(place(), lease);
  expect(item).toBeNull();
  expect(held).toEqual({ blocked: 0, leased: 3, waiting: 0 });
  expect(new Set(problems.map(({ kind }) => kind))).toEqual(new Set(["unavailable"]));
  expect(inOrder(problems)).toBe(true);
});

test("pop() names no source that it did not need to ask", async () => {
  const { push, place } = world();
  await push({ item: "pushed" });
  expect((await pop(place(), lease)).problems).toEqual([]);
});

test("pop() gives the whole item, with the lease and a reason", async () => {
  const { push, place } = world();
  const { id } = await push({
    item: "Fix the parser",
    files: ["src/p.ts"],
    minutes: 5,
    pr: 4,
    repo: "o/r",
    isolation_tier: "worktree",
  });
  expect((await pop(place(), lease)).item).toEqual({
    id,
    source: "session",
    item: "Fix the parser",
    created_at: "2026-11-20T12:00:00+00:00",
    pr: 4,
    isolation_tier: "worktree",
    session_id: "me",
    repo: "o/r",
    files: ["src/p.ts"],
    minutes: 5,
    lease_until: "2026-11-20T13:00:00+00:00",
    why: "session; worktree: src/p.ts: no change is in flight here",
  });
});

test("pop() prefers what fits the time left of the wait that runs", async () => {
  const { push, place, watch, home, clock, store } = world();
  await push({ item: "long", minutes: 60 });
  await push({ item: "short", minutes: 5 });
  await watch("o/r", 1, ["PUSHED", "WATCHING"]);
  const [wait] = store.read().waits.values();
  mkdirSync(join(home, "looks"));
  const look = { wait_id: wait?.wait_id, cycle_at: wait?.cycle_at, expected_at: clock.now() + 600_000 };
  writeFileSync(join(home, "looks", `${wait?.wait_id.replace(/[^A-Za-z0-9_-]/g, "_")}.json`), JSON.stringify(look));
  expect(peek({ home, sessions: ["me"], clock })).toMatchObject({ item: "short" });
  expect((await pop(place(), lease)).item).toMatchObject({
    item: "short",
    why: expect.stringContaining("fit the 10m left"),
  });
  clock.advance(700_000);
  expect((await pop(place(), lease)).item).toMatchObject({ item: "long" });
});

test("pop() infers the tier anew, from the files and imports of the change that is in flight now", async () => {
  const root = repository(
    {
      "src/engine.ts": "export const a = 1;\n",
      "src/status.ts": 'import { a } from "./engine.ts";\n',
      "src/other.ts": "",
    },
    { "src/engine.ts": "export const a = 2;\n" },
  );
  const { push, place } = world();
  await push({ item: "Tidy", files: ["src/other.ts"] });
  await push({ item: "Colour", files: ["src/status.ts"] });
  await push({ item: "Speed up", files: ["src/engine.ts"] });
  const here = () => place({ cwd: join(root, "src") });
  const popped = [await pop(here(), lease), await pop(here(), lease), await pop(here(), lease)].map(({ item }) => item);
  expect(popped.map((item) => [item?.item, item?.isolation_tier])).toEqual([
    ["Speed up", "stacked_branch"],
    ["Tidy", "worktree"],
    ["Colour", "stacked_branch"],
  ]);
  expect(popped[0]?.why).toContain("shares src/engine.ts with the change in flight");
  expect(popped[2]?.why).toContain("src/status.ts imports src/engine.ts");
});

test("the change in flight is the session's pull request in this very repository, else that of the branch", async () => {
  const root = repository({ "a.ts": "1" }, { "a.ts": "2" });
  const { place, watch } = world();
  await watch("o/r", 7, ["PUSHED", "WATCHING"]);
  await watch("o/other", 8, ["PUSHED", "WATCHING"], {}, "you");
  expect(place({ cwd: root, repo: "O/R" }).pr).toMatchObject({ repo: "o/r", number: 7 });
  expect(place({ cwd: root, repo: "o/other" }).pr).toBeNull();
  expect(place({ cwd: root, repo: null }).pr).toBeNull();
  expect(place({ repo: null }).pr).toMatchObject({ number: 7 });
  expect(await place({ cwd: root, repo: null }).changes.files()).toEqual(["a.ts"]);
});

test("blocked work is never popped: what was pushed stays listed, what a source offers comes to be listed", async () => {
  const { push, place, home } = world();
  await push({ item: "Edit AGENTS.md", isolation_tier: "blocked" });
  task(home, 1, "Update the rules in CLAUDE.md");
  const { item, held } = await pop(place(), { ...lease, all: true });
  expect({ item, held }).toEqual({ item: null, held: { blocked: 1, leased: 0, waiting: 0 } });
  await pop(place(), lease);
  const { items } = await overview(place(), {});
  expect(items.map(({ item, status, isolation_tier }) => [item, status, isolation_tier])).toEqual([
    ["Edit AGENTS.md", "blocked", "blocked"],
    ["Update the rules in CLAUDE.md", "blocked", "blocked"],
  ]);
  task(home, 1, "Update the rules in CLAUDE.md", { status: "completed" });
  await pop(place(), lease);
  expect((await overview(place(), {})).items.map(({ item }) => item)).toEqual(["Edit AGENTS.md"]);
  expect(peek({ home, sessions: ["me"], clock: place().input.clock })).toBeNull();
});

test("discovered work comes back after release or a lost lease, and not after done or when its source withdrew it", async () => {
  const { place, home, clock, queue } = world();
  task(home, 1, "one");
  const first = (await pop(place(), lease)).item;
  expect((await pop(place(), lease)).item).toBeNull();
  await queue.release(first?.id ?? "", "me", new Set(["me"]));
  expect((await pop(place(), lease)).item?.id).toBe(first?.id);
  clock.advance(HOUR);
  expect((await pop(place(), lease)).item?.id).toBe(first?.id);
  await queue.release(first?.id ?? "", "me", new Set(["me"]));
  expect((await pop(place(), lease)).item?.id).toBe(first?.id);
  task(home, 1, "one", { status: "completed" });
  // What leaves by the call itself is not said to be in the queue.
  expect(await pop(place(), lease)).toMatchObject({ item: null, held: { leased: 0 } });
  expect(queue.read().items.size).toBe(0);
  task(home, 1, "one");
  const again = (await pop(place(), lease)).item;
  await queue.done(again?.id ?? "", "me");
  expect((await pop(place(), lease)).item).toBeNull();
  task(home, 1, "one, in other words");
  expect((await pop(place(), lease)).item).toMatchObject({ item: "one, in other words" });
});

test("an item that was leased is handed out even when what the search learnt cannot be kept", async () => {
  const { push, place, queue, watch } = world();
  await push({ item: "to be had" });
  await push({ item: "stale", pr: 1, repo: "o/r" });
  await watch("o/r", 1, ["PUSHED", "WATCHING", "MERGED"], { outcome: "merged" });
  const here = place();
  here.queue.remove = () => Promise.reject(new StateError("disk full", []));
  expect((await pop(here, lease)).item).toMatchObject({ item: "to be had" });
  expect(queue.read().items.size).toBe(2);
  await pop(place(), lease);
  expect(queue.read().items.size).toBe(1);
});

test("released work of a source that cannot be asked now is still there", async () => {
  const { place, queue, home } = world();
  task(home, 1, "one");
  const first = (await pop(place(), lease)).item;
  await queue.release(first?.id ?? "", "me", new Set(["me"]));
  const elsewhere = place({ env: { HOME: join(home, "nobody"), PATH: process.env.PATH } });
  expect((await pop(elsewhere, lease)).item?.id).toBe(first?.id);
});

test("a source that looks at another repository withdraws nothing that it offered for this one", async () => {
  const { place, queue, home } = world();
  task(home, 1, "one");
  const first = (await pop(place({ repo: "o/a" }), lease)).item;
  await queue.release(first?.id ?? "", "me", new Set(["me"]));
  task(home, 1, "one", { status: "completed" });
  expect((await pop(place({ repo: "o/b" }), lease)).item?.id).toBe(first?.id);
  await queue.release(first?.id ?? "", "me", new Set(["me"]));
  expect((await pop(place({ repo: "o/a" }), lease)).item).toBeNull();
});

test("peek() and overview() take nothing and write nothing", async () => {
  const { push, place, home, clock } = world();
  const { id } = await push({ item: "pushed" });
  task(home, 1, "offered");
  const before = readFileSync(join(home, "queue.jsonl"), "utf8");
  expect(peek({ home, sessions: ["me"], clock })).toMatchObject({
    id,
    item: "pushed",
    source: "session",
    isolation_tier: "none",
    minutes: null,
  });
  expect(peek({ home, sessions: ["me"], clock, not: [id] })).toBeNull();
  expect(peek({ home, sessions: ["you"], clock })).toBeNull();
  await push({ item: "as docs", source: "docs", session_id: "you" });
  const { items, problems } = await overview(place(), { discover: true });
  expect(items.map(({ item, status }) => `${item} ${status}`)).toEqual(["pushed available", "offered offered"]);
  expect(inOrder(problems)).toBe(true);
  expect(readFileSync(join(home, "queue.jsonl"), "utf8").split("\n").length).toBe(before.split("\n").length + 1);
});
