import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { Queue } from "../../../src/queue/store/queue.ts";
import { type Fold, FollowedLog } from "../../../src/store/follow/followed-log.ts";
import { Store } from "../../../src/store/store.ts";
import { ROOT } from "../../helpers/p9.ts";
import { row } from "../../stats/sample.ts";

interface Counter {
  total: number;
}

/** Sums the numbers in a file, one a line; `later` is a row of a version to come. */
const SUM: Fold<Counter, { readonly ts: string; readonly add: number }> = {
  version: 2,
  maxSnapshotBytes: 1 << 20,
  snapshotEveryBytes: 100,
  empty: () => ({ total: 0 }),
  parse: (line) =>
    line === "later" ? null : /^\d+$/.test(line) ? { ts: "", add: Number(line) } : { unreadable: "no number" },
  apply: (state, { add }) => {
    state.total += add;
  },
  prune: () => {},
  save: (state) => state,
  load: (saved) => (typeof saved.total === "number" ? { total: saved.total } : null),
};

function world() {
  const dir = mkdtempSync(join(tmpdir(), "p9-followed-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const files = { log: join(dir, "sum.jsonl"), snapshot: join(dir, "sum.json"), quarantine: join(dir, "bad.jsonl") };
  return {
    files,
    dir,
    open: () => new FollowedLog(files, SUM, systemClock),
    write: (...lines: string[]) => appendFileSync(files.log, `${lines.join("\n")}\n`),
    /** Enough lines for a snapshot. */
    fill: () => appendFileSync(files.log, "1\n".repeat(100)),
    snapshot: () => JSON.parse(readFileSync(files.snapshot, "utf8")),
  };
}

test("a missing file is an empty state, and what is appended is folded once", () => {
  const { open, write } = world();
  const log = open();
  expect(log.refresh().total).toBe(0);
  write("1", "2");
  expect(log.refresh().total).toBe(3);
  expect(log.refresh().total).toBe(3);
  write("4");
  expect(log.refresh().total).toBe(7);
});

test("an unfinished last line is left for later", () => {
  const { open, files } = world();
  writeFileSync(files.log, "1\n2");
  const log = open();
  expect(log.refresh().total).toBe(1);
  appendFileSync(files.log, "0\n");
  expect(log.refresh().total).toBe(21);
});

test("a line that is no row is quarantined with its place; one of a later version is not", () => {
  const { open, write, files } = world();
  write("1", "later", "what?");
  expect(open().refresh().total).toBe(1);
  open().refresh();
  const lines = readFileSync(files.quarantine, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      file: "sum.jsonl",
      inode: statSync(files.log).ino,
      offset: 8,
      why: "no number",
      line: "what?",
    }),
  ]);
});

test("another file at the path is folded from its start, and so is one that was cut", () => {
  const { open, write, fill, files } = world();
  fill();
  const log = open();
  expect(log.refresh().total).toBe(100);
  const other = `${files.log}.other`;
  writeFileSync(other, "5\n".repeat(200));
  renameSync(other, files.log);
  expect(log.refresh().total).toBe(1000);
  expect(open().refresh().total).toBe(1000);
  truncateSync(files.log, 4);
  expect(log.refresh().total).toBe(10);
  rmSync(files.log);
  expect(log.refresh().total).toBe(0);
  write("7");
  expect(log.refresh().total).toBe(7);
});

test("with a snapshot only the tail behind it is read", () => {
  const { open, fill, write, files, snapshot } = world();
  fill();
  open().refresh();
  expect(snapshot()).toEqual({
    version: 2,
    inode: statSync(files.log).ino,
    offset: 200,
    hash: expect.any(String),
    total: 100,
  });
  writeFileSync(files.snapshot, JSON.stringify({ ...snapshot(), total: 1_000_000 }));
  write("1");
  expect(open().refresh().total).toBe(1_000_001);
});

test.each([
  ["of an older version", { version: 1 }],
  ["of a later version", { version: 3 }],
  ["of another file", { inode: 1 }],
  ["behind the end of the log", { offset: 1_000 }],
  ["before the start of the log", { offset: -1 }],
  ["without an offset", { offset: "200" }],
  ["of another text", { hash: "0" }],
  ["without a state", { total: null }],
])("a snapshot %s is rebuilt from the log", (_, change) => {
  const { open, fill, files, snapshot } = world();
  fill();
  open().refresh();
  const good = snapshot();
  writeFileSync(files.snapshot, JSON.stringify({ ...good, total: 1_000_000, ...change }));
  expect(open().refresh().total).toBe(100);
  expect(snapshot()).toEqual(good);
});

test.each(["", "{", "[]", "null", '"x"'])("a snapshot that is %j is rebuilt from the log", (text) => {
  const { open, fill, files } = world();
  fill();
  writeFileSync(files.snapshot, text);
  expect(open().refresh().total).toBe(100);
});

test.each([
  ["snapshot.json", { waits: [null] }],
  ["snapshot.json", { waits: {} }],
  ["snapshot.json", { links: [1] }],
  ["queue-snapshot.json", { items: [null] }],
  ["queue-snapshot.json", { gone: 1 }],
])("a %s of this version with %j in it is rebuilt, never an error", async (name, change) => {
  const home = mkdtempSync(join(tmpdir(), "p9-followed-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const events = Array.from({ length: 300 }, (_, n) =>
    JSON.stringify(row(`w${n}`, Date.now(), null, "PUSHED", { ref: "r".repeat(400) })),
  );
  writeFileSync(join(home, "state.jsonl"), `${events.join("\n")}\n`);
  const items = Array.from({ length: 300 }, (_, n) =>
    JSON.stringify({ type: "queue.pushed", ts: "2026-11-20T10:00:00+00:00", id: `q${n}`, item: "x".repeat(300) }),
  );
  writeFileSync(join(home, "queue.jsonl"), `${items.join("\n")}\n`);
  const sizes = () => [
    Store.open(home, { clock: systemClock }).read().waits.size,
    new Queue(home, { clock: systemClock }).read().items.size,
  ];
  expect(sizes()).toEqual([300, 300]);
  const path = join(home, name);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
  expect(sizes()).toEqual([300, 300]);
});

test("state.jsonl is written in one place: a second writer plugs in there", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src", "plugins"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const source = (file: string) => readFileSync(join(ROOT, file), "utf8");
  const sources = [...new Set(files.split("\n"))].filter(
    (file) => file.endsWith(".ts") && existsSync(join(ROOT, file)),
  );
  const appending = sources.filter((file) => /\bappendLines\b/.test(source(file)));
  expect(appending).toEqual([
    "src/store/event-log.ts",
    "src/store/files.ts",
    "src/store/follow/quarantine.ts",
    "src/store/jsonl.ts",
  ]);
  const writes = /\b(?:appendRows|appendFile(?:Sync)?|writeFile(?:Sync)?|replaceFile)\(\s*[\w.#]*\bstate\b/;
  expect(sources.filter((file) => writes.test(source(file)))).toEqual([]);
});
