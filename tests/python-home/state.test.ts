import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { importPythonHome } from "../../src/python-home/state.ts";
import { Store } from "../../src/store/store.ts";

/** A home as the Python p9 left it: open, ended, foreign-repo and session-less rows, waits and queue items. */
function pythonHome() {
  const home = mkdtempSync(join(tmpdir(), "p9-python-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const pr = (n: number, to: string, more: object = {}) =>
    JSON.stringify({
      ts: new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z/, "+00:00"),
      pr: n,
      repo: "o/r",
      from_state: "PUSHED",
      to_state: to,
      watcher_id: "abc",
      attempt: 0,
      evaluator_score: null,
      extra: { pid: 1 },
      session_id: "s1",
      ...more,
    });
  const state = [
    pr(1, "WATCHING"),
    pr(2, "GREEN"),
    pr(3, "WATCHING", { repo: "other/repo", session_id: undefined }),
    pr(4, "WATCHING", { repo: null }),
    pr(5, "MERGED"),
  ];
  const wait = (id: string, to: string) =>
    JSON.stringify({
      ts: "2026-11-01T00:00:00+00:00",
      wait_id: id,
      name: `name-${id}`,
      from_state: "NEW",
      to_state: to,
      session_id: "s1",
      extra: { cmd: "test -f done", interval: 30, timeout: 3600, pid: 1 },
    });
  writeFileSync(join(home, "state.jsonl"), `${state.join("\n")}\n`);
  writeFileSync(
    join(home, "waits.jsonl"),
    `${[wait("a", "WAITING"), wait("b", "WAITING"), wait("b", "SUCCEEDED"), wait("c", "KILLED")].join("\n")}\n`,
  );
  const item = {
    id: "q1",
    source: "memory",
    item: "write docs",
    created_at: new Date().toISOString(),
    pr: 1,
    isolation_tier: "none",
    session_id: "s1",
    repo: "o/r",
  };
  writeFileSync(join(home, "wait-queue.jsonl"), `${JSON.stringify(item)}\n`);
  return home;
}

it("importPythonHome() keeps every row, converts its waits and queue, and does it once", async () => {
  const home = pythonHome();
  const before = readFileSync(join(home, "state.jsonl"), "utf8");
  const waitsBefore = readFileSync(join(home, "waits.jsonl"), "utf8");
  expect(await importPythonHome(home, systemClock)).toEqual({ waits: 3, queueItems: 1 });
  expect(await importPythonHome(home, systemClock)).toBeNull();
  expect(readFileSync(join(home, "state.jsonl"), "utf8").startsWith(before)).toBe(true);
  expect(readFileSync(join(home, "waits.jsonl"), "utf8")).toBe(waitsBefore);
  const view = Store.open(home, { clock: systemClock }).read();
  expect(view.bad).toEqual([]);
  const states = [...view.waits.values()].map(({ ref, repo, state }) => `${ref} ${repo} ${state}`).sort();
  expect(states).toEqual([
    "#1 o/r WATCHING",
    "#2 o/r GREEN",
    "#3 other/repo WATCHING",
    "#4 null WATCHING",
    "#5 o/r MERGED",
    "name-a null WATCHING",
    "name-b null GREEN",
    "name-c null ABANDONED",
  ]);
  expect(view.byPr("o/r", 3)).toBeNull();
});
