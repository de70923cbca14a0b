import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { NewEvent, P9Event } from "../../src/core/events.ts";
import type { State } from "../../src/core/states.ts";
import { linesAfter, linesBackwards, linesOf, START } from "../../src/store/follow/lines.ts";
import { Store } from "../../src/store/store.ts";
import { makeGrownHome, repoOf, waitId } from "../bench/grown-home.mjs";
import { type Sandbox, sandbox } from "../helpers/p9.ts";

const MIB = 1 << 20;

function user(): Sandbox {
  const box = sandbox();
  mkdirSync(box.home, { recursive: true, mode: 0o700 });
  return box;
}

const open = (home: string) => Store.open(home, { clock: systemClock });

/** The rows that take a wait from nothing to `states`. */
function rows(id: string, states: readonly State[], ageMs = 0, more: object = {}): P9Event[] {
  return states.map((to_state, at) => ({
    type: "transition",
    ts: `${new Date(Date.now() - ageMs + at).toISOString().slice(0, 19)}+00:00`,
    wait_id: id,
    kind: "pr-ci",
    ref: id,
    pr: 1,
    repo: "o/r",
    sha: null,
    from_state: states[at - 1] ?? null,
    to_state,
    watcher_id: "w",
    attempt: 0,
    evaluator_score: null,
    session_id: "s",
    extra: { key: id, pid: 0, generation: 1, ...more },
  }));
}

const write = (home: string, events: readonly object[]) =>
  appendFileSync(join(home, "state.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));

describe("a home that grew", () => {
  test("status holds what it shows, and no more than 150 MB, from the first time on", async () => {
    const box = user();
    makeGrownHome(box.home, { waits: 25_000, days: 10, state: "GREEN", kind: "command" });
    const before = readFileSync(join(box.home, "state.jsonl"));
    const first = await box.json<{ open_waits: { wait_id: string }[] }>(["status"], {
      env: { NODE_OPTIONS: "--max-old-space-size=96" },
    });
    expect(first.open_waits.map(({ wait_id }) => wait_id).slice(-1)).toEqual([waitId(24_999)]);
    expect(first.open_waits).toHaveLength(100);
    expect(statSync(join(box.home, "snapshot.json")).size).toBeLessThan(MIB);
    expect(readFileSync(join(box.home, "state.jsonl")).equals(before)).toBe(true);
  });

  test("of pull requests that were merged, each can still be asked for", async () => {
    const box = user();
    makeGrownHome(box.home, { waits: 5_000 });
    const { open_prs } = await box.json<{ open_prs: object[] }>(["status", "--pr", "7", "--repo", repoOf(7)]);
    expect(open_prs).toMatchObject([{ wait_id: waitId(7), to_state: "MERGED" }]);
    const { reports } = await box.json<{ reports: object[] }>(["report", "--pr", "7", "--repo", repoOf(7)]);
    expect(reports).toMatchObject([
      { wait_id: waitId(7), state: "MERGED" },
      { wait_id: waitId(7), state: "GREEN" },
    ]);
  });

  test("two that fold it first at once, one of them killed, leave what a third one goes on from", async () => {
    const box = user();
    makeGrownHome(box.home, { waits: 20_000, days: 10, state: "GREEN", kind: "command" });
    const [killed, other] = [box.start(["status", "--json"]), box.start(["status", "--json"])];
    const snapshot = join(box.home, "snapshot.json");
    while (!existsSync(snapshot)) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill("SIGKILL");
    await killed.ended.catch(() => {});
    expect((await other.ended).code).toBe(0);
    const { open_waits } = await box.json<{ open_waits: object[] }>(["status"]);
    expect(open_waits).toHaveLength(100);
    const { inode, offset } = JSON.parse(readFileSync(snapshot, "utf8"));
    expect({ inode, offset }).toEqual({
      inode: statSync(join(box.home, "state.jsonl")).ino,
      offset: statSync(join(box.home, "state.jsonl")).size,
    });
  });

  test("a snapshot as large as an earlier version wrote it is not read into memory, but made anew", () => {
    const { home } = user();
    write(home, rows("w1", ["PUSHED", "WATCHING"]));
    write(
      home,
      Array.from({ length: 200 }, () => ({ type: "note", ts: "2026-01-01T00:00:00+00:00", text: "x".repeat(1_000) })),
    );
    const { paths } = open(home);
    open(home).read();
    const saved = JSON.parse(readFileSync(paths.snapshot, "utf8"));
    const emptied = { ...saved, waits: [] };
    writeFileSync(paths.snapshot, JSON.stringify(emptied));
    expect(open(home).read().waits.size).toBe(0);
    writeFileSync(paths.snapshot, JSON.stringify({ ...emptied, more: "x".repeat(33 * MIB) }));
    expect([...open(home).read().waits.keys()]).toEqual(["w1"]);
  });
});

describe("the fold of very many waits", () => {
  const old = 20 * 86_400_000;
  const many = (count: number, states: readonly State[], ageMs: number, more: object = {}) =>
    Array.from({ length: count }, (_, at) => rows(`${ageMs}-${states.at(-1)}-${at}`, states, ageMs, more)).flat();

  test("keeps every wait that is watched, and the newest hundred that ended", () => {
    const { home } = user();
    write(home, many(150, ["PUSHED", "WATCHING"], 5_000_000));
    write(home, many(150, ["PUSHED", "WATCHING", "GREEN"], 4_000_000, { slow: true }));
    write(home, many(150, ["PUSHED", "WATCHING", "GREEN"], 3_000_000));
    write(home, many(90, ["PUSHED", "WATCHING", "RED_UNCLASSIFIED"], 2_000_000));
    write(home, many(300, ["PUSHED", "WATCHING", "GREEN", "MERGED"], 1_000_000));
    const ids = [...open(home).read().waits.keys()];
    const count = (start: string) => ids.filter((id) => id.startsWith(start)).length;
    expect([count("5000000"), count("4000000"), count("3000000"), count("2000000")]).toEqual([150, 150, 10, 90]);
    expect(count("1000000")).toBe(0);
  });

  test("a wait that went on after a long pause keeps what was known before, however long the log was when it is folded first", () => {
    const { home } = user();
    const subscribed = {
      type: "wait.subscribed",
      ts: new Date(Date.now() - 2 * old).toISOString(),
      wait_id: "w1",
      session_id: "s2",
    };
    write(home, [...rows("w1", ["PUSHED", "WATCHING", "GREEN"], 2 * old), subscribed]);
    write(home, many(1, ["PUSHED", "WATCHING"], 2 * old, { text: "x".repeat(5 * MIB) }));
    const [, , again] = rows("w1", ["PUSHED", "GREEN", "WATCHING"], 2 * old - 86_400_000);
    write(home, [again!]);
    expect(open(home).read().waits.get("w1")).toMatchObject({ state: "WATCHING", subscribers: ["s2"] });
  });

  test("one that left the fold can still go on", async () => {
    const { home } = user();
    write(home, rows("w1", ["PUSHED", "WATCHING", "GREEN"], old));
    write(home, many(200, ["PUSHED", "WATCHING", "GREEN", "MERGED"], 1_000));
    const store = open(home);
    store.read();
    const wait = open(home).find("w1");
    expect(await store.transition(wait!, "MERGE_READY")).toMatchObject({
      from_state: "GREEN",
      to_state: "MERGE_READY",
    });
    expect(open(home).find("w1")?.state).toBe("MERGE_READY");
  });

  test("links between sessions and unreadable lines do not pile up, and the last of each count", () => {
    const { home } = user();
    const link = (at: number) => ({
      type: "session.link",
      ts: "2026-01-01T00:00:00+00:00",
      session_id: `s${at}`,
      linked_to: `s${at - 1}`,
      source: "clear",
    });
    write(
      home,
      Array.from({ length: 5_000 }, (_, at) => link(at)),
    );
    appendFileSync(join(home, "state.jsonl"), "no row\n".repeat(40_000));
    const { links, bad } = open(home).read();
    expect([links.size, links.get("s4999")]).toEqual([2_000, ["s4998"]]);
    expect(bad).toHaveLength(1_000);
    const copies = () => readFileSync(join(home, "quarantine.jsonl"), "utf8").split("\n").length - 1;
    expect(copies()).toBe(40_000);
    // Folded again, nothing is copied again.
    writeFileSync(join(home, "snapshot.json"), "");
    open(home).read();
    expect(copies()).toBe(40_000);
  });
});

describe("lines of a large file", () => {
  test("a line longer than a row may be costs its start only, and what comes after it is read", () => {
    const { dir } = user();
    const path = join(dir, "long");
    writeFileSync(path, `first\n${"x".repeat(40 * MIB)}\n\nlast\nunfinished`);
    const texts = (lines: Iterable<{ text: string }>) => [...lines].map(({ text }) => text.slice(0, 10));
    expect(texts(linesOf(path))).toEqual(["first", "x".repeat(10), "last"]);
    expect([...linesOf(path)][1]?.text.length).toBeLessThan(MIB);
    expect(texts(linesBackwards(path))).toEqual(["last", "first"]);
    const lines = linesAfter(path, START);
    for (const _ of lines);
    const behind = statSync(path).size - "unfinished".length;
    expect(lines.place.offset).toBe(behind);
    appendFileSync(path, " no more\n");
    expect(texts(linesAfter(path, lines.place))).toEqual(["unfinished"]);
  });

  test("lines are the same, forwards and backwards, wherever the pieces of a read end", () => {
    const { dir } = user();
    const path = join(dir, "many");
    const wanted = Array.from({ length: 9_000 }, (_, at) => `${at}:${"é".repeat((at * 7919) % 400)}`);
    writeFileSync(path, `${wanted.join("\n")}\n`);
    expect([...linesOf(path)].map(({ text }) => text)).toEqual(wanted);
    expect([...linesBackwards(path)].map(({ text }) => text).reverse()).toEqual(wanted);
    for (const { text, offset } of [...linesOf(path)].slice(4_000, 4_003))
      expect(readFileSync(path).subarray(offset).toString("utf8", 0, 5)).toBe(text.slice(0, 5));
  });
});

test("a large spool is taken in, in order, and nothing of it is lost, over as many commits as it takes", async () => {
  const { home } = user();
  const store = open(home);
  mkdirSync(store.paths.spool, { recursive: true });
  const FILES = 1_500;
  for (let at = 0; at < FILES; at++) {
    const { ts: _, ...event } = rows(`w${at}`, ["PUSHED"])[0]!;
    writeFileSync(
      join(store.paths.spool, `${String(at).padStart(8, "0")}-1-1.json`),
      JSON.stringify([event as NewEvent]),
    );
  }
  while (readdirSync(store.paths.spool).length > 0) {
    const before = readdirSync(store.paths.spool).length;
    await store.commit(() => []);
    expect(readdirSync(store.paths.spool).length).toBeLessThan(before);
  }
  expect([...open(home).events()].map((event) => "wait_id" in event && event.wait_id)).toEqual(
    Array.from({ length: FILES }, (_, at) => `w${at}`),
  );
});
