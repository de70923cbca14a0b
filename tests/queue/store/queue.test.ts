import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Queue } from "../../../src/queue/store/queue.ts";
import { world } from "../world.ts";

const HOUR = 3_600_000;
const ME = new Set(["me"]);

const stored = (queue: Queue, id: string) => {
  const item = queue.read().items.get(id);
  if (!item) throw new Error(`no item ${id}`);
  return { stored: item };
};

test("claim() leases an item, so that nobody else gets it before the lease runs out", async () => {
  const { queue, push, clock, home } = world();
  const { id } = await push({ item: "read the spec" });
  const candidates = [stored(queue, id)];
  const first = await queue.claim(candidates, "me", HOUR);
  expect(first).toMatchObject({ id, lease: { session_id: "me", until: "2026-11-20T13:00:00+00:00" } });

  const other = new Queue(home, { clock });
  expect(await other.claim(candidates, "you", HOUR)).toBeNull();
  clock.advance(HOUR - 1000);
  expect(await other.claim(candidates, "you", HOUR)).toBeNull();
  clock.advance(1000);
  expect(await other.claim(candidates, "you", HOUR)).toMatchObject({ id, lease: { session_id: "you" } });
});

test("claim() goes on to the next candidate when another agent was first", async () => {
  const { queue, push, clock, home } = world();
  const a = await push({ item: "a" });
  const b = await push({ item: "b" });
  const seen = [stored(queue, a.id), stored(queue, b.id)];
  await new Queue(home, { clock }).claim(seen, "you", HOUR);
  expect(await queue.claim(seen, "me", HOUR)).toMatchObject({ id: b.id });
});

test("claim() takes what a source offers once, under one id, and never again after done", async () => {
  const { queue, clock, home } = world();
  const draft = { source: "linear", item: "BRO-7", key: "BRO-7", session_id: "me", isolation_tier: "none" } as const;
  const taken = await queue.claim([{ draft }], "me", HOUR);
  expect(taken).toMatchObject({ source: "linear", discovered: true });
  const other = new Queue(home, { clock });
  expect(await other.claim([{ draft: { ...draft, session_id: "you" } }], "you", HOUR)).toBeNull();
  await queue.release(taken?.id ?? "", "me", ME);
  expect(await other.claim([{ draft: { ...draft, session_id: "you" } }], "you", HOUR)).toMatchObject({ id: taken?.id });
  await other.done(taken?.id ?? "", "you");
  expect(await queue.claim([{ draft }], "me", HOUR)).toBeNull();
  expect(queue.isFree(draft)).toBe(false);
});

test("done() and release() tell an unknown id from one that is done already", async () => {
  const { queue, push } = world();
  const { id } = await push({ item: "x" });
  expect(await queue.done("q-nothing", "me")).toBe("unknown");
  expect(await queue.release("q-nothing", "me", ME)).toBe("unknown");
  expect(await queue.release(id, "me", ME)).toBe("already");
  expect(await queue.done(id, "me")).toBe("changed");
  expect(await queue.done(id, "me")).toBe("already");
  expect(await queue.release(id, "me", ME)).toBe("already");
  expect(queue.read().items.size).toBe(0);
});

test("release() leaves another session's lease alone", async () => {
  const { queue, push } = world();
  const { id } = await push({ item: "x" });
  await queue.claim([stored(queue, id)], "you", HOUR);
  expect(await queue.release(id, "me", ME)).toBe("foreign");
  expect(queue.read().items.get(id)?.lease?.session_id).toBe("you");
  expect(await queue.release(id, "me", ME, true)).toBe("changed");
});

test("push() adds nothing for a key that is in the queue or done, and everything for another session's", async () => {
  const { queue, push } = world();
  const first = await push({ item: "weekly", key: "deps" });
  expect(await push({ item: "weekly again", key: "deps" })).toEqual({ id: first.id, known: "open" });
  expect((await push({ item: "same key, other source", key: "deps", source: "docs" })).known).toBeNull();
  const foreign = {
    source: "session",
    item: "theirs",
    key: "deps",
    session_id: "you",
    isolation_tier: "none",
  } as const;
  expect((await queue.push(foreign, new Set(["you"]))).known).toBeNull();
  await queue.done(first.id, "me");
  expect(await push({ item: "weekly", key: "deps" })).toEqual({ id: first.id, known: "done" });
});

test("an item that left without being done may still be marked as done", async () => {
  const { queue, push } = world();
  const { id } = await push({ item: "x", key: "k" });
  await queue.remove(() => true, "cleared");
  expect((await push({ item: "x", key: "k" })).known).toBeNull();
  expect(await queue.done(id, "me")).toBe("changed");
  expect(await queue.done(id, "me")).toBe("already");
});

test("the queue survives a torn last line, garbage and rows of a later version", async () => {
  const { queue, push, home, clock } = world();
  const { id } = await push({ item: "kept" });
  const path = join(home, "queue.jsonl");
  appendFileSync(
    path,
    '{"type":"queue.poked","ts":"2026-11-20T12:00:00+00:00","id":"z"}\n[1]\nnot json\n{"type":"queue.don',
  );
  const reader = new Queue(home, { clock });
  expect([...reader.read().items.keys()]).toEqual([id]);
  expect(await queue.done(id, "me")).toBe("changed");
  expect(new Queue(home, { clock }).read().items.size).toBe(0);
  expect(readFileSync(join(home, "quarantine.jsonl"), "utf8").trim().split("\n")).toHaveLength(3);
});

test("a snapshot gives the same state as the whole log, and is not believed for another log", async () => {
  const { queue, push, home, clock } = world();
  for (let n = 0; n < 300; n++) {
    const { id } = await push({ item: `item ${n} ${"x".repeat(200)}`, key: `k${n}` });
    if (n % 3 === 0) await queue.done(id, "me");
    if (n % 3 === 1) await queue.claim([stored(queue, id)], "me", HOUR);
  }
  const snapshot = join(home, "queue-snapshot.json");
  const believed = JSON.parse(readFileSync(snapshot, "utf8"));
  expect(believed.offset).toBeGreaterThan(60_000);
  const fast = new Queue(home, { clock }).read();
  rmSync(snapshot);
  const slow = new Queue(home, { clock }).read();
  expect([...fast.items]).toEqual([...slow.items]);
  expect([...fast.gone]).toEqual([...slow.gone]);
  expect(slow.items.size).toBe(200);

  new Queue(home, { clock }).read();
  const log = readFileSync(join(home, "queue.jsonl"), "utf8").split("\n");
  writeFileSync(join(home, "queue.jsonl"), `${log.slice(0, 2).join("\n")}\n`);
  expect(new Queue(home, { clock }).read().items.size).toBeLessThanOrEqual(2);

  // The same file and as long, but another log: restored from a backup.
  const rows = log.slice(0, -1).map((line, n) => (n === 0 ? line.replace("item 0", "other!") : line));
  writeFileSync(snapshot, JSON.stringify(believed));
  writeFileSync(join(home, "queue.jsonl"), `${rows.join("\n")}\n`);
  const texts = [...new Queue(home, { clock }).read().items.values()].map(({ item }) => item.slice(0, 6));
  expect(texts).toContain("item 1");
  expect(JSON.parse(readFileSync(snapshot, "utf8")).hash).not.toBe(believed.hash);
});

test("a change that cannot be kept is an error that carries the events, never silence", async () => {
  const { home, clock, push } = world();
  await push({ item: "x" });
  rmSync(join(home, "queue.jsonl"));
  const blocked = new Queue(join(home, "queue.lock", "below-a-file"), { clock });
  const draft = { source: "session", item: "lost?", session_id: "me", isolation_tier: "none" } as const;
  await expect(blocked.push(draft, ME)).rejects.toMatchObject({ name: "StateError", exitCode: 99 });
  const { withLock } = await import("../../../src/store/lock/lock.ts");
  const late = new Queue(home, { clock, lockTimeoutMs: 50 });
  await withLock(join(home, "queue.lock"), async () => {
    await expect(late.push(draft, ME)).rejects.toMatchObject({
      name: "StateError",
      events: [expect.objectContaining({ type: "queue.pushed", item: "lost?" })],
    });
  });
});
