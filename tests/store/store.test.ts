import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { NewEvent } from "../../src/core/events.ts";
import { asAsked } from "../../src/store/asked.ts";
import { Store } from "../../src/store/store.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "p9-store-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = () => Store.open(home, { clock: systemClock });

function pushed(id: string, key = id): NewEvent {
  return {
    type: "transition",
    wait_id: id,
    kind: "build",
    ref: "npm test",
    pr: null,
    repo: null,
    sha: null,
    from_state: null,
    to_state: "PUSHED",
    watcher_id: "w1",
    attempt: 0,
    evaluator_score: null,
    session_id: "s",
    extra: { key, pid: 1, generation: 1 },
  };
}

describe("Store", () => {
  it("commit() writes one ASCII line per event and another store folds it", async () => {
    const row = pushed("a");
    await open().commit(() => [{ ...row, ref: "naïve\u2028line" } as NewEvent]);
    const text = readFileSync(join(home, "state.jsonl"), "utf8");
    expect(text.endsWith("\n")).toBe(true);
    expect(/^[\x20-\x7e\n]*$/.test(text)).toBe(true);
    expect(open().read().waits.get("a")?.ref).toBe("naïve\u2028line");
  });

  it("a state directory that others can enter is closed to them by whoever opens it, also to read", () => {
    chmodSync(home, 0o755);
    open().read();
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  it("what stands in its place and is no directory keeps its mode", () => {
    const file = join(home, "null");
    writeFileSync(file, "");
    chmodSync(file, 0o666);
    try {
      Store.open(file, { clock: systemClock }).read();
    } catch {
      // Said by whoever reads or writes.
    }
    expect(statSync(file).mode & 0o777).toBe(0o666);
  });

  it("a directory that is shared on purpose is left as it is", () => {
    chmodSync(home, 0o1777);
    open().read();
    expect(statSync(home).mode & 0o7777).toBe(0o1777);
  });

  it.runIf(process.getuid?.() === 0)("a directory of another user is left as it is", () => {
    chmodSync(home, 0o755);
    chownSync(home, 65_534, 65_534);
    open().read();
    expect(statSync(home).mode & 0o777).toBe(0o755);
  });

  it.runIf(process.getuid?.() === 0)("a directory of another user that others can write is refused", () => {
    chmodSync(home, 0o777);
    chownSync(home, 65_534, 65_534);
    expect(open).toThrow(`Cannot use the state directory "${home}": it belongs to another user`);
  });

  it("the first write makes a state directory that only the user can enter, reading makes none", async () => {
    const store = Store.open(join(home, "a", "b"), { clock: systemClock });
    store.read();
    expect(existsSync(join(home, "a"))).toBe(false);
    await store.commit(() => [pushed("a")]);
    expect([join(home, "a"), join(home, "a", "b")].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it("transition() refuses a caller whose turn is over", async () => {
    const store = open();
    await store.commit(() => [pushed("a")]);
    const seen = store.read().waits.get("a");
    expect(await store.transition(seen!, "WATCHING", { owner: { ...seen!.owner, generation: 2 } })).not.toBeNull();
    expect(await store.transition(seen!, "ABANDONED")).toBeNull();
    const now = store.read().waits.get("a")!;
    expect(await store.transition({ ...now, owner: { ...now.owner, generation: 1 } }, "GREEN")).toBeNull();
    expect(store.read().waits.get("a")?.state).toBe("WATCHING");
  });

  it("commit() refuses a transition that the state machine does not know", async () => {
    const store = open();
    await store.commit(() => [pushed("a")]);
    await expect(
      store.commit(() => [{ ...pushed("a"), from_state: "PUSHED", to_state: "GREEN" } as NewEvent]),
    ).rejects.toThrow(/PUSHED to GREEN/);
    expect(readFileSync(join(home, "state.jsonl"), "utf8").trim().split("\n")).toHaveLength(1);
  });

  it("a torn last line is ended by a newline and never cut, and what follows is whole", async () => {
    await open().commit(() => [pushed("a")]);
    appendFileSync(join(home, "state.jsonl"), '{"type":"transition","ts":"2026-01-01T00:00');
    const store = open();
    expect(store.read().bad).toHaveLength(0);
    await store.commit(() => [pushed("b")]);
    expect([...store.read().waits.keys()]).toEqual(["a", "b"]);
    expect(store.read().bad).toHaveLength(1);
    expect(readFileSync(join(home, "quarantine.jsonl"), "utf8")).toContain("2026-01-01T00:00");
    expect(readFileSync(join(home, "state.jsonl"), "utf8")).toContain('2026-01-01T00:00\n{"type"');
  });

  it("garbage in the middle is quarantined once and stops nothing", async () => {
    const store = open();
    await store.commit(() => [pushed("a")]);
    appendFileSync(
      join(home, "state.jsonl"),
      `{}\nnot json\n\u0000\u0000\n{"ts":"2026-01-01T00:00:00+00:00","pr":1,"to_state":"PURPLE"}\n`,
    );
    await store.commit(() => [pushed("b")]);
    open().read();
    expect(open().read().bad).toHaveLength(4);
    expect([...open().read().waits.keys()]).toEqual(["a", "b"]);
    expect(readFileSync(join(home, "quarantine.jsonl"), "utf8").trim().split("\n")).toHaveLength(4);
  });

  it("the snapshot gives the same view as the whole log, and is not used for another file", async () => {
    const store = open();
    for (let i = 0; i < 300; i += 1) await store.commit(() => [pushed(`w${i}`, `${"k".repeat(400)}${i}`)]);
    expect(existsSync(join(home, "snapshot.json"))).toBe(true);
    expect(open().read().waits.size).toBe(300);
    rmSync(join(home, "state.jsonl"));
    expect(open().read().waits.size).toBe(0);
    await open().commit(() => [pushed("new")]);
    expect([...open().read().waits.keys()]).toEqual(["new"]);
  });

  it("eventsBackwards() gives every event once, newest first, across pieces", async () => {
    const store = open();
    for (let i = 0; i < 40; i += 1)
      await store.commit(() => Array.from({ length: 50 }, (_, j) => pushed(`w${i}-${j}`, "x".repeat(300))));
    const ids = [...store.eventsBackwards()].map((event) => ("wait_id" in event ? event.wait_id : ""));
    expect(ids).toHaveLength(2000);
    expect(ids[0]).toBe("w39-49");
    expect(ids.at(-1)).toBe("w0-0");
    expect(new Set(ids).size).toBe(2000);
  });

  it("a subscriber that throws is reported and does not undo or hold up the commit", async () => {
    const store = open();
    const seen: string[] = [];
    store.bus.on("transition", "bad", () => {
      throw new Error("boom");
    });
    store.bus.on("transition", "good", (event) => void seen.push("wait_id" in event ? String(event.wait_id) : ""));
    await store.commit(() => [pushed("a")]);
    await store.commit(() => [pushed("b")]);
    await store.settled();
    expect(seen).toEqual(["a", "b"]);
  });

  it("a hook that cannot have the lock spools, and the next commit takes the events in first", async () => {
    const { withLock } = await import("../../src/store/lock/lock.ts");
    const store = open();
    await store.commit(() => [pushed("a")]);
    await withLock(join(home, "state.lock"), async () => {
      expect(await open().commitOrSpool([pushed("hooked")])).toBe(false);
    });
    expect(open().read().waits.has("hooked")).toBe(false);
    await open().commit(() => [pushed("b")]);
    expect([...open().read().waits.keys()]).toEqual(["a", "hooked", "b"]);
  });

  it.each([
    ["a row without its fields", '[{"type":"transition"}]'],
    ["a row with no extra", '[{"type":"transition","wait_id":"x","to_state":"PUSHED"}]'],
    ["no list", "{}"],
    ["no JSON", "[{"],
    ["an event nested three thousand deep", `[{"type":"x","a":${'{"a":'.repeat(3000)}1${"}".repeat(3001)}]`],
  ])("%s in the spool is put aside, and commits go on", async (_, text) => {
    const spool = join(home, "spool");
    mkdirSync(spool, { recursive: true });
    writeFileSync(join(spool, "1-1-1.json"), text);
    await open().commit(() => [pushed("a")]);
    expect([...open().read().waits.keys()]).toEqual(["a"]);
    expect(readdirSync(spool)).toEqual(["1-1-1.json.unreadable"]);
  });

  it("a secret of a row is in no file but the one that the wait is asked from, whatever wrote the row", async () => {
    const url = "https://example.org/?token=k7Rb2XqZ9mTf4WcY8s";
    const extra = { pin: { identity: { url } }, options: { send: ["x-api-key: k7Rb2XqZ9mTf4WcY8s"] }, key: "k" };
    const store = open();
    const seen: unknown[] = [];
    store.bus.on("transition", "test", (event) => void seen.push(event));
    await store.commit(() => [{ ...pushed("a"), extra }]);
    await store.settled();
    const wait = store.read().waits.get("a");
    expect(JSON.stringify([wait, seen])).not.toContain("k7Rb2X");
    expect(readFileSync(store.paths.state, "utf8")).not.toContain("k7Rb2X");
    expect(wait && asAsked(wait, store.paths.asked).extra).toMatchObject(extra);
    // Rows that copy what stands in the log change nothing.
    await store.transition(wait!, "WATCHING");
    expect(asAsked(open().read().waits.get("a")!, store.paths.asked).extra).toMatchObject(extra);
    // Another target is another request.
    const other = { ...extra, pin: { identity: { url: "https://example.org/" } }, options: {} };
    await store.transition(store.read().waits.get("a")!, "RED_UNCLASSIFIED", { extra: other });
    expect(asAsked(store.read().waits.get("a")!, store.paths.asked).extra).toMatchObject(other);
    await store.transition(store.read().waits.get("a")!, "ABANDONED");
    expect(readdirSync(store.paths.asked)).toEqual([]);
  });

  it("of two registrations of one wait in a spooled file the second becomes a note", async () => {
    const spool = join(home, "spool");
    mkdirSync(spool, { recursive: true });
    writeFileSync(join(spool, "1-1-1.json"), JSON.stringify([pushed("x"), pushed("x")]));
    await open().commit(() => [pushed("a")]);
    expect([...open().read().waits.keys()]).toEqual(["x", "a"]);
    expect(readdirSync(spool)).toEqual([]);
  });

  it("a lock that is not free in time is a StateError with the event and exit 99", async () => {
    const { withLock } = await import("../../src/store/lock/lock.ts");
    await open().commit(() => [pushed("a")]);
    await withLock(join(home, "state.lock"), async () => {
      await expect(open().commit(() => [pushed("late")], { lockTimeoutMs: 50 })).rejects.toMatchObject({
        exitCode: 99,
        events: [expect.objectContaining({ wait_id: "late" })],
      });
    });
  });
});
