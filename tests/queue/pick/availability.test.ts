import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listItems, removeStale } from "../../../src/queue/pick/availability.ts";
import { paths } from "../../../src/store/paths.ts";
import { Store } from "../../../src/store/store.ts";
import { world } from "../world.ts";

const DAY = 86_400_000;

/** A queue and what a session sees of it: texts with their status. */
function scene(env: Readonly<Record<string, string>> = {}) {
  const all = world();
  const look = (session: string | null = "me") => {
    const place = all.place({ env, session: session ?? "me" });
    return listItems(place, session === null ? null : place.family);
  };
  const seen = (session?: string | null) => look(session).listed.map(({ item, status }) => `${item.item} ${status}`);
  return { ...all, look, seen };
}

test("a session sees its own items, those of sessions that it is linked to, and unowned ones", async () => {
  const { push, seen, store } = scene();
  await push({ item: "mine" });
  await push({ item: "older", session_id: "before" });
  await push({ item: "theirs", session_id: "you" });
  await push({ item: "anyone's", session_id: null });
  expect(seen()).toEqual(["mine available", "anyone's available"]);
  await store.commit(() => [{ type: "session.link", session_id: "me", linked_to: "before", source: "clear" }]);
  expect(seen()).toEqual(["mine available", "older available", "anyone's available"]);
  expect(seen(null)).toHaveLength(4);
});

test.each<[string, Parameters<ReturnType<typeof world>["watch"]>[2], object, boolean]>([
  ["merged", ["PUSHED", "WATCHING", "GREEN", "MERGED"], { outcome: "merged" }, true],
  ["closed", ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "closed" }, true],
  ["abandoned by hand", ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "abandoned" }, true],
  ["abandoned by the Python p9, which says no outcome", ["PUSHED", "WATCHING", "ABANDONED"], {}, true],
  ["red", ["PUSHED", "WATCHING", "RED_UNCLASSIFIED"], { outcome: "failed" }, false],
  ["watched no longer, by a signal", ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "killed" }, false],
  ["watched by another watcher now", ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "superseded" }, false],
  ["not done by the deadline", ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "timed_out" }, false],
])("an item of a pull request that is %s: leaves %#", async (_, states, extra, leaves) => {
  const { push, seen, watch } = scene();
  await push({ item: "address the review", pr: 42, repo: "O/R" });
  await push({ item: "same number elsewhere", pr: 42, repo: "o/other" });
  await watch("o/r", 42, states.slice(0, -1));
  expect(seen()).toHaveLength(2);
  await watch("o/r", 42, states.slice(-1), extra);
  expect(seen()).toEqual([...(leaves ? [] : ["address the review available"]), "same number elsewhere available"]);
});

test("an item for a pull request that was final before stays out, and one of a watch begun anew comes back", async () => {
  const { push, seen, watch } = scene();
  await watch("o/r", 7, ["PUSHED", "WATCHING", "ABANDONED"], { outcome: "abandoned" });
  await watch("o/r", 8, ["PUSHED", "WATCHING"]);
  await push({ item: "other", pr: 8, repo: "o/r" });
  expect(seen()).toEqual(["other available"]);
  await watch("o/r", 8, ["MERGED"]);
  expect(seen()).toEqual([]);
  await push({ item: "late", pr: 7, repo: "o/r" });
  expect(seen()).toEqual([]);
  await watch("O/R", 7, ["PUSHED", "WATCHING"]);
  expect(seen()).toEqual(["late available"]);
});

test("an item for a pull request whose ending the fold has forgotten stays out", async () => {
  const { push, watch, store, home, clock, place } = scene();
  await watch("o/r", 7, ["PUSHED", "WATCHING", "MERGED"], { outcome: "merged" });
  await watch("o/r", 8, ["PUSHED", "WATCHING"]);
  const note = "x".repeat(2000);
  await store.commit(() => Array.from({ length: 100 }, () => ({ type: "wait.note", wait_id: "w-o/r-8", note })));
  const fresh = Store.open(home, { clock });
  expect(fresh.read().byPr("o/r", 7)).toBeNull();
  await push({ item: "open", pr: 8, repo: "o/r" });
  const seen = () => listItems(place({ store: fresh }), null).listed.map(({ item }) => item.item);
  expect(seen()).toEqual(["open"]);
  await push({ item: "forgotten", pr: 7, repo: "o/r" });
  expect(seen()).toEqual(["open"]);
});

test("what is final is learnt from the log's new lines only, and again from the start when the note is lost", async () => {
  const { push, seen, watch, home } = scene();
  await push({ item: "a", pr: 1, repo: "o/r" });
  await watch("o/r", 1, ["PUSHED", "WATCHING"]);
  expect(seen()).toEqual(["a available"]);
  const note = () => JSON.parse(readFileSync(join(home, "queue-prs.json"), "utf8"));
  const before = note().offset;
  await watch("o/r", 1, ["MERGED"], { outcome: "merged" });
  appendFileSync(join(home, "state.jsonl"), '{"torn');
  expect(seen()).toEqual([]);
  expect(note()).toMatchObject({ prs: { "o/r#1": true } });
  expect(note().offset).toBeGreaterThan(before);
  rmSync(join(home, "queue-prs.json"));
  expect(seen()).toEqual([]);
});

test("whoever holds an item keeps it when its pull request is merged or its time is over", async () => {
  const { push, look, seen, watch, queue, clock } = scene();
  const { id } = await push({ item: "in hand", pr: 1, repo: "o/r" });
  await push({ item: "free", pr: 1, repo: "o/r" });
  const item = queue.read().items.get(id);
  await queue.claim(item ? [{ stored: item }] : [], "me", 30 * DAY);
  await watch("o/r", 1, ["PUSHED", "WATCHING", "MERGED"], { outcome: "merged" });
  expect(seen()).toEqual(["in hand leased"]);
  clock.advance(20 * DAY);
  await removeStale(queue, look().stale);
  expect([...queue.read().items.keys()]).toEqual([id]);
  expect(await queue.done(id, "me")).toBe("changed");
});

test("items leave after BROOMVA_P9_QUEUE_TTL_DAYS, fourteen by default", async () => {
  const { push, seen, clock } = scene();
  await push({ item: "old" });
  clock.advance(14 * DAY);
  expect(seen()).toEqual(["old available"]);
  clock.advance(1000);
  expect(seen()).toEqual([]);
  const short = scene({ BROOMVA_P9_QUEUE_TTL_DAYS: "1" });
  await short.push({ item: "old" });
  short.clock.advance(DAY + 1000);
  expect(short.seen()).toEqual([]);
  const none = scene({ BROOMVA_P9_QUEUE_TTL_DAYS: "0" });
  await none.push({ item: "old" });
  none.clock.advance(1000);
  expect(none.seen()).toEqual([]);
  const nonsense = scene({ BROOMVA_P9_QUEUE_TTL_DAYS: "soon" });
  await nonsense.push({ item: "old" });
  nonsense.clock.advance(10 * DAY);
  expect(nonsense.seen()).toHaveLength(1);
});

test("an item after a wait becomes available when that wait ends, and says how it ended", async () => {
  const { push, look, build } = scene();
  await build("w-1", ["PUSHED", "WATCHING"]);
  await push({ item: "publish", after: "w-1" });
  const only = () => look().listed[0];
  expect(only()).toMatchObject({ status: "waiting", afterText: "after build npm test, which still runs" });
  await build("w-1", ["RED_UNCLASSIFIED"]);
  expect(only()).toMatchObject({ status: "available", afterText: "build npm test ended RED_UNCLASSIFIED" });
  await build("w-1", ["ABANDONED"]);
  rmSync(paths("").snapshot, { force: true });
  expect(only()).toMatchObject({ status: "available", afterText: "build npm test ended ABANDONED" });
});

test("blocked work is listed as such, also when the policy came to block it after it was pushed", async () => {
  const { push, place } = scene();
  await push({ item: "Edit CLAUDE.md", isolation_tier: "blocked" });
  await push({ item: "Move infra/dns.tf" });
  const list = (isolation?: Parameters<typeof place>[0]) =>
    listItems(place(isolation), null).listed.map(({ status }) => status);
  expect(list()).toEqual(["blocked", "available"]);
  const { DEFAULT_TIERS: tiers } = await import("../../../src/queue/isolation/tier.ts");
  expect(list({ isolation: { tiers, governancePaths: ["infra/"] } })).toEqual(["blocked", "blocked"]);
});
