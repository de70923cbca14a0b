import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { timestamp } from "../../src/base/clock.ts";
import { openRow, rowOf } from "../../src/notify/journal.ts";
import type { DatedNotice } from "../../src/notify/notice.ts";
import { readOpen } from "../../src/notify/open-notices.ts";
import { appendLines } from "../../src/store/files.ts";
import { appendRows } from "../../src/store/jsonl.ts";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const TS = timestamp(NOW);

function notice(id: string, more: Partial<DatedNotice> = {}): DatedNotice {
  return {
    id,
    kind: "termination:green",
    title: `title ${id}`,
    body: "body",
    severity: "info",
    payload: { wait_id: id },
    ts: TS,
    wait_id: id,
    cwd: "/work",
    about: { wait_kind: "pr-ci", repo: "o/r", took_s: 40 },
    ...more,
  };
}

function journal(...rows: (object | string)[]) {
  const dir = mkdtempSync(join(tmpdir(), "p9-journal-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "notify.jsonl");
  for (const row of rows) {
    if (typeof row === "string") appendLines(path, [row]);
    else appendRows(path, [row]);
  }
  return readOpen(path, NOW);
}

const failed = (attempt: number) => ({ channel: "webhook", ok: false, error: "503", attempt, ms: 12 });

test("an open notice comes back as it was, with the deliveries so far", () => {
  const told = notice("a", { url: "https://github.com/o/r/pull/42" });
  const { open } = journal(openRow(told, TS), rowOf(told, TS, [failed(1)]), rowOf(told, TS, [failed(2)]));
  expect(open).toEqual([{ notice: told, tried: new Map([["webhook", { attempts: 2, last: failed(2) }]]) }]);
});

test("notices keep the order in which they were opened, whatever was tried since", () => {
  const [a, b, c] = [notice("a"), notice("b"), notice("c")];
  const { open } = journal(openRow(a, TS), openRow(b, TS), openRow(c, TS), rowOf(a, TS, [failed(1)]));
  expect(open.map(({ notice: { id } }) => id)).toEqual(["a", "b", "c"]);
});

test("a closed notice is known and no longer open", () => {
  const [a, b] = [notice("a"), notice("b")];
  const { open, ids } = journal(
    openRow(a, TS),
    { ...rowOf(a, TS, []), closed: true },
    {
      ...rowOf(b, TS, []),
      closed: true,
    },
  );
  expect(open).toEqual([]);
  expect([...ids].sort()).toEqual(["a", "b"]);
});

test("what is older than it can matter is not read", () => {
  const old = timestamp(NOW - 49 * 3_600_000);
  expect(journal(openRow(notice("a"), old)).ids.size).toBe(0);
});

test("rows of another version are read as far as they go, and what is no row is passed over", () => {
  const row = { ...openRow(notice("a"), TS), severity: "awful", payload: 7, notice: { cwd: 1 }, wait_id: 5 };
  const deliveries = [{ channel: "ntfy" }, { ok: true }, "x", failed(1)];
  const { open, ids } = journal(
    row,
    "not json",
    "[]",
    { ts: TS },
    { id: "a", ts: TS, deliveries },
    { id: "b", deliveries: 1 },
  );
  expect(open).toEqual([
    {
      notice: notice("a", {
        severity: "info",
        payload: {},
        ts: "",
        cwd: null,
        wait_id: null,
        about: { wait_kind: null, repo: null, took_s: null },
      }),
      tried: new Map([
        ["ntfy", { attempts: 1, last: { channel: "ntfy", ok: false } }],
        ["webhook", { attempts: 1, last: failed(1) }],
      ]),
    },
  ]);
  expect([...ids].sort()).toEqual(["a", "b"]);
});
