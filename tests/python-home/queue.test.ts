import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importPythonQueue } from "../../src/python-home/queue.ts";
import { world } from "../queue/world.ts";

/** Rows as the Python p9 writes them: eight keys, in its own JSON style. */
const ROWS = [
  '{"id": "a1b2c3d4", "source": "memory", "item": "follow up on the cache", "created_at": "2026-11-19T08:00:00+00:00", "pr": null, "isolation_tier": "none", "session_id": null, "repo": null}',
  '{"id": "b2", "source": "docs", "item": "fix the parser", "created_at": "2026-11-19T09:00:00+00:00", "pr": 42, "isolation_tier": "worktree", "session_id": "s-1", "repo": "o/r"}',
  '{"id": "c3", "source": "session", "item": "edit CLAUDE.md and .control/policy.yaml", "created_at": "2026-11-19T10:00:00+00:00", "pr": null, "isolation_tier": "none", "session_id": "s-1", "repo": null}',
  "",
  '{"id": "d4", "source": "session", "item": ""}',
  '{"id": "torn',
];

test("importPythonQueue() takes every item over with its id, owner and pull request, and changes nothing there", async () => {
  const { home, clock, queue } = world();
  const old = join(home, "wait-queue.jsonl");
  writeFileSync(old, ROWS.join("\n"));
  expect(await importPythonQueue(home, { clock })).toBe(3);
  expect(readFileSync(old, "utf8")).toBe(ROWS.join("\n"));
  expect([...queue.read().items.values()]).toMatchObject([
    {
      id: "a1b2c3d4",
      source: "memory",
      item: "follow up on the cache",
      created_at: "2026-11-19T08:00:00+00:00",
      session_id: null,
    },
    { id: "b2", source: "docs", pr: 42, repo: "o/r", session_id: "s-1", tier: "worktree", isolation_tier: "worktree" },
    { id: "c3", isolation_tier: "blocked" },
  ]);
});

test("importPythonQueue() takes each item once, also after it is done", async () => {
  const { home, clock, queue } = world();
  writeFileSync(join(home, "wait-queue.jsonl"), `${ROWS.slice(0, 2).join("\n")}\n`);
  await importPythonQueue(home, { clock });
  await queue.done("b2", "me");
  expect(await importPythonQueue(home, { clock })).toBe(0);
  expect([...queue.read().items.keys()]).toEqual(["a1b2c3d4"]);
});

test("importPythonQueue() of a home without a queue does nothing", async () => {
  const { home, clock, queue } = world();
  expect(await importPythonQueue(home, { clock })).toBe(0);
  expect(queue.read().items.size).toBe(0);
});
