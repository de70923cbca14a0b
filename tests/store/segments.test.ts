import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { Segments } from "../../src/store/segments.ts";
import { Store } from "../../src/store/store.ts";
import { makeGrownHome, repoOf, waitId } from "../bench/grown-home.mjs";

const WAITS = 4_000;
let grown: string;
beforeAll(() => {
  grown = mkdtempSync(join(tmpdir(), "p9-segments-"));
  makeGrownHome(grown, { waits: WAITS });
});
afterAll(() => rmSync(grown, { recursive: true, force: true }));

/** A home of its own with that log. */
function home() {
  const dir = mkdtempSync(join(tmpdir(), "p9-segments-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const log = join(dir, "state.jsonl");
  copyFileSync(join(grown, "state.jsonl"), log);
  const folder = join(dir, "segments");
  return {
    dir,
    log,
    folder,
    open: () => Store.open(dir, { clock: systemClock }),
    segments: () => new Segments(log, folder),
  };
}

describe("Segments", () => {
  test("every line of the log belongs to one segment", () => {
    const { log, segments } = home();
    const lines = [...segments().linesSince(0)].map(({ text }) => text);
    expect(lines.join("\n") === readFileSync(log, "utf8").trimEnd()).toBe(true);
  });

  test("a search reads the segments that name the wait, and no other but the last, which still grows", () => {
    const { segments, folder } = home();
    const total = [...segments().linesSince(0)].length;
    const first = [...segments().linesWith(`wait:${waitId(5)}`)];
    expect(first.some(({ text }) => text.includes(waitId(5)))).toBe(true);
    expect(first.length).toBeLessThan(total * 0.7);
    const none = [...segments().linesWith("wait:w-none")];
    expect(none.length).toBeLessThan(total * 0.4);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test("every wait that was forgotten is found, by its id and by its pull request", () => {
    const { open } = home();
    const store = open();
    expect(store.read().waits.size).toBeLessThan(200);
    for (let number = 0; number < WAITS; number += 397) {
      const found = store.find(waitId(number));
      expect(found).toMatchObject({ wait_id: waitId(number), pr: number, state: "MERGED" });
      expect(found?.extra.outcome).toBe("merged");
      expect(store.findPr(repoOf(number), number)?.wait_id).toBe(waitId(number));
      expect(store.findPr(null, number)?.wait_id).toBe(waitId(number));
    }
    expect(store.findPr("acme/other", 5)).toBe(null);
    expect(store.find("w-none")).toBe(null);
  });

  test("what another p9 appends is found at once, and the log keeps its bytes", () => {
    const { log, open } = home();
    const before = readFileSync(log);
    const store = open();
    store.find(waitId(1));
    const [line = ""] = readFileSync(log, "utf8").split("\n", 1);
    appendFileSync(log, `${line.replaceAll(waitId(0), "wlater").replaceAll('"pr":0', '"pr":77777')}\n`);
    expect(store.find("wlater")?.state).toBe("PUSHED");
    expect(open().findPr(null, 77_777)?.wait_id).toBe("wlater");
    expect(readFileSync(log).subarray(0, before.length).equals(before)).toBe(true);
  });

  test.each([
    ["torn", () => '{"version":1,"ino'],
    ["of another log", (text: string) => text.replace(/"hash":"\w+"/, '"hash":"0000"')],
    ["of another version", (text: string) => text.replace('"version":1', '"version":0')],
  ])("a summary that is %s is made again", (_, change) => {
    const { folder, open } = home();
    open().find("w-none");
    const path = join(folder, "0.json");
    const good = readFileSync(path, "utf8");
    writeFileSync(path, change(good));
    expect(open().find(waitId(1))?.pr).toBe(1);
    expect(readFileSync(path, "utf8")).toBe(good);
  });

  test("rows of the Python p9, which name no wait, are found", () => {
    const { dir, log, folder } = home();
    const rows = Array.from({ length: 40_000 }, (_, pr) => {
      const row = {
        ts: "2020-01-01T00:00:00+00:00",
        pr,
        repo: "o/r",
        from_state: null,
        to_state: "MERGED",
        watcher_id: "w",
      };
      return JSON.stringify(row).replaceAll(":", ": ").replaceAll(",", ", ");
    });
    writeFileSync(log, `${rows.join("\n").replaceAll("2020-01-01T00: 00: 00+00: 00", "2020-01-01T00:00:00+00:00")}\n`);
    const store = Store.open(dir, { clock: systemClock });
    expect(store.findPr("o/r", 17)?.wait_id).toBe("py-o/r-17");
    expect(store.find("py-o/r-17")?.state).toBe("MERGED");
    expect(readdirSync(folder).length).toBeGreaterThan(0);
  });

  test("events since a time are those of the whole log since then", () => {
    const { open } = home();
    const all = [...open().events()];
    const since = Date.parse(all[Math.floor(all.length * 0.9)]!.ts);
    const found = [...open().events({ since })];
    expect(found).toEqual(all.filter(({ ts }) => Date.parse(ts) >= since));
    // Found without reading what is older: the summaries say so.
    expect(statSync(join(open().paths.segments, "0.json")).size).toBeGreaterThan(100);
  });
});
