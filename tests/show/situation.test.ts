import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import { timestamp } from "../../src/base/clock.ts";
import { type Inbox, InboxFolder } from "../../src/inbox/folder.ts";
import { systemProcesses } from "../../src/process/this-machine.ts";
import { Queue } from "../../src/queue/store/queue.ts";
import { row } from "../stats/sample.ts";
import { showWorld } from "./world.ts";

test("a home that does not exist shows nothing, and is not made", () => {
  const { reader, clock } = showWorld();
  expect(reader().read()).toEqual({
    changed_at: timestamp(clock.now()),
    waits: [],
    ready: [],
    queue: [],
    told: [],
    untold: [],
  });
});

test("what runs comes first, with progress, expected end, what is missing and whose move it is", async () => {
  const { watched, ended, looked, reader, clock } = showWorld();
  await watched("w-red", { ref: "#7", pr: 7 });
  await ended("w-red", "RED_CLASSIFIED", { ref: "#7", pr: 7, extra: { outcome: "failed", reason: "lint failed" } });
  await watched("w-live", { extra: { title: "Add retries" } });
  looked("w-live", {
    reason: "2 of 3 checks run",
    progress: { done: 1, total: 3, percent: 33, phase: null },
    expected_at: clock.now() + 90_000,
    items: [
      { name: "lint", state: "succeeded" },
      { name: "test", state: "running" },
      { name: "e2e", state: "queued", url: "https://github.com/o/r/actions/1" },
      { name: "optional", state: "running", required: false },
    ],
  });
  const { waits, ready } = reader().read();
  expect(ready).toEqual([]);
  expect(waits).toMatchObject([
    {
      wait_id: "w-live",
      name: "PR #42 (o/r)",
      title: "Add retries",
      live: true,
      alive: true,
      reason: "2 of 3 checks run",
      progress: { done: 1, total: 3 },
      expected_at: timestamp(clock.now() + 90_000),
      missing: ["test", "e2e"],
      move: { who: "target", what: "2 parts to go" },
      next: "p9 attach w-live",
      url: "https://github.com/o/r/pull/42",
    },
    {
      wait_id: "w-red",
      live: false,
      outcome: "failed",
      reason: "lint failed",
      missing: [],
      move: { who: "you", what: expect.stringMatching(/^p9 heal 7 --repo o\/r --classify/) },
    },
  ]);
});

test("a slot, a credential and a dead watcher are named as what is missing", async () => {
  const { write, watched, reader, clock, processes } = showWorld();
  await watched("w1");
  await write(row("w2", clock.now(), null, "PUSHED", { ref: "#43", pr: 43 }));
  await watched("w3", { kind: "deploy", ref: "prod", pr: null });
  await write({ type: "wait.needs", wait_id: "w3", needs: "VERCEL_TOKEN" });
  const shown = reader();
  const before = shown.read().waits;
  expect(before.map(({ wait_id, move, missing }) => [wait_id, move.who, missing[0]])).toEqual([
    ["w1", "target", undefined],
    ["w2", "p9", expect.stringMatching(/^queued: PR #42 \(o\/r\) holds the only slot/)],
    ["w3", "you", "VERCEL_TOKEN"],
  ]);
  processes.running.clear();
  const dead = shown.read().waits[0];
  expect([dead?.alive, dead?.move.what]).toEqual([
    false,
    "its watcher died: it gets another after 2m (p9 rearm --now: at once)",
  ]);
});

test("what is ready to merge stands apart, and a dismissed or final wait is not there", async () => {
  const { watched, ended, write, reader, clock } = showWorld();
  await watched("w1");
  await ended("w1", "GREEN");
  await write(row("w1", clock.now(), "GREEN", "MERGE_READY"));
  await watched("w2", { pr: 2, ref: "#2" });
  await ended("w2", "GREEN", { pr: 2, ref: "#2" });
  await write({ type: "wait.dismissed", wait_id: "w2" });
  await watched("w3", { pr: 3, ref: "#3" });
  await ended("w3", "MERGED", { pr: 3, ref: "#3" });
  const { waits, ready } = reader().read();
  expect(waits).toEqual([]);
  expect(ready).toMatchObject([{ wait_id: "w1", move: { who: "you", what: "gh pr merge 42 --repo o/r, if you may" } }]);
});

test("the queue is there with its leases, what is taken first", async () => {
  const { home, clock, reader } = showWorld();
  const queue = new Queue(home, { clock });
  const draft = { source: "session", session_id: "s1", isolation_tier: "none" } as const;
  await queue.push({ ...draft, item: "Second\u001b[2J thing" }, new Set(["s1"]));
  const { id } = await queue.push({ ...draft, item: "First thing" }, new Set(["s1"]));
  const stored = queue.read().items.get(id);
  if (stored) await queue.claim([{ stored }], "s1", 60_000);
  expect(reader().read().queue).toMatchObject([
    { item: "First thing", status: "leased", lease: { session_id: "s1", until: timestamp(clock.now() + 60_000) } },
    { item: "Second thing", status: "available", lease: null },
  ]);
});

test("tellings are read as they come: to sessions, to channels, and what failed", async () => {
  const { watched, ended, reader, store } = showWorld();
  await watched("w1", { pr: 42, ref: "#42", repo: "o/r" });
  await ended("w1", "RED_CLASSIFIED", {
    pr: 42,
    ref: "#42",
    repo: "o/r",
    extra: { outcome: "failed", dismissed: true },
  });
  const shown = reader();
  expect(shown.read()).toMatchObject({ told: [], waits: [] });
  appendFileSync(
    store.paths.wakes,
    `${JSON.stringify({ ts: "2026-01-01T00:00:01+00:00", wait_id: "w1", session: "c1" })}\n`,
  );
  const deliveries = [
    { channel: "ntfy", ok: true },
    { channel: "webhook", ok: false, error: "HTTP 500" },
  ];
  const notice = { ts: "2026-01-01T00:00:02+00:00", wait_id: "w1", title: "PR #42 → GREEN", deliveries };
  appendFileSync(store.paths.notify, `${JSON.stringify(notice)}\nno json\n`);
  expect(shown.read().told).toEqual([
    expect.objectContaining({ via: "channel", to: "ntfy", ok: true, what: "PR #42 → GREEN" }),
    expect.objectContaining({ via: "channel", to: "webhook", ok: false, error: "HTTP 500" }),
    expect.objectContaining({ via: "session", to: "c1", ok: true, wait_id: "w1", what: "PR #42 (o/r): failed" }),
  ]);
});

test("a session with endings that it has not heard of is named while its client runs", async () => {
  const { reader, store } = showWorld();
  const folder = new InboxFolder(store.paths.inbox, "client-1");
  const self = systemProcesses.self();
  const ending = { id: "w1@0", wait_id: "w1", kind: "pr-ci", ref: "#42", pr: 42, repo: "o/r", sha: null };
  const more = { state: "GREEN", outcome: "succeeded", reason: "", next_action: "", evidence: [] };
  const inbox: Inbox = {
    version: 1,
    client: "client-1",
    session: "s1",
    root: "/work",
    pid: self.pid,
    pid_start: self.pid_start,
    ended: false,
    cursor: { inode: 0, offset: 0 },
    mine: ["w1"],
    unread: [{ ...ending, ...more, ts: "2026-01-01T00:00:00+00:00" }],
    claims: [],
    offered: [],
    offers: { in_row: 0, total: 0 },
  };
  await folder.update(() => ({ inbox, result: undefined }));
  const shown = reader();
  const untold = {
    client: "client-1",
    session_id: "s1",
    root: "/work",
    endings: 1,
    since: "2026-01-01T00:00:00+00:00",
  };
  expect(shown.read().untold).toEqual([untold]);
  const claim = { ids: ["w1@0"], transport: "Stop", at: 0, emitted: true };
  await folder.update(() => ({ inbox: { ...inbox, claims: [claim] }, result: undefined }));
  expect(shown.read().untold).toEqual([]);
  await folder.update(() => ({ inbox: { ...inbox, pid_start: "another" }, result: undefined }));
  expect(shown.read().untold).toEqual([]);
});

test("while nothing changes the value is the same object; what did not change is the same inside a new one", async () => {
  const { watched, looked, reader } = showWorld();
  await watched("w1");
  await watched("w2", { pr: 2, ref: "#2" });
  const shown = reader();
  const first = shown.read();
  expect(shown.read()).toBe(first);
  looked("w2", { reason: "moves" });
  const second = shown.read();
  expect(second).not.toBe(first);
  expect(second.waits[0]).toBe(first.waits[0]);
  expect(second.waits[1]).toMatchObject({ wait_id: "w2", reason: "moves" });
  expect(JSON.parse(JSON.stringify(second))).toEqual(second);
});

test("text from outside comes as one line of printable characters", async () => {
  const { watched, looked, reader } = showWorld();
  const evil = "a\u001b]0;owned\u0007\nb\u202ec\u001b[2J";
  await watched("w1", { kind: "build", pr: null, repo: null, ref: evil, extra: { title: evil } });
  looked("w1", { reason: evil, error: evil, items: [{ name: evil, state: "running", url: `https://x/${evil}` }] });
  const [wait] = reader().read().waits;
  expect(JSON.stringify(wait)).not.toMatch(/\\u001b|\\n|\\u202e|\u202e|\\u0007/);
  expect(wait?.missing).toEqual(["a bc"]);
  expect(wait?.url).toBeNull();
});
