import { join } from "node:path";
import { expect, test } from "vitest";
import session from "../../../plugins/queue-sources/session.ts";
import { scratch, write } from "../../queue/world.ts";
import { asker } from "./asking.ts";

/** A task file as Claude Code 2.1.328 writes it. */
function task(id: number, more: object = {}): string {
  const file = {
    id: `${id}`,
    subject: `Task ${id}`,
    description: `Details of ${id}`,
    activeForm: `Doing ${id}`,
    status: "pending",
    blocks: [],
    blockedBy: [],
    metadata: { wait_ok: true },
  };
  return JSON.stringify({ ...file, ...more }, null, 2);
}

/** A user with these files in the client's folder. */
function user(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const home = scratch();
  write(home, files);
  const ask = asker();
  return { home, ask: (session_ = "s-1") => ask(session, { env: { HOME: home, ...env }, session: session_ }) };
}

test("session offers pending, unblocked tasks that are marked wait_ok, in the order of their numbers", async () => {
  const { ask } = user({
    ".claude/tasks/s-1/10.json": task(10),
    ".claude/tasks/s-1/2.json": task(2),
    ".claude/tasks/s-1/3.json": task(3, { metadata: { wait_ok: false } }),
    ".claude/tasks/s-1/4.json": task(4, { metadata: undefined }),
    ".claude/tasks/s-1/5.json": task(5, { status: "in_progress" }),
    ".claude/tasks/s-1/6.json": task(6, { status: "completed" }),
    ".claude/tasks/s-1/7.json": task(7, { blockedBy: ["6"] }),
    ".claude/tasks/s-1/8.json": task(8, { blockedBy: ["5", "6"] }),
    ".claude/tasks/s-1/9.json": task(9, { owner: "worker-2" }),
    ".claude/tasks/s-1/11.json": task(11, { metadata: { p9: { wait_ok: true, minutes: 7, files: ["src/a.ts"] } } }),
    ".claude/tasks/s-1/.lock": "",
    ".claude/tasks/other/1.json": task(1),
  });
  const { items, problem } = await ask();
  expect(problem).toBeNull();
  expect(items.map(({ item }) => item)).toEqual([2, 7, 10, 11].map((n) => `Task ${n}\nDetails of ${n}`));
  expect(items[3]).toMatchObject({ minutes: 7, files: ["src/a.ts"], why: "task 11, marked wait_ok" });
});

test("session honours CLAUDE_CODE_TASK_LIST_ID and CLAUDE_CONFIG_DIR, and spells a list's folder as the client does", async () => {
  const home = scratch();
  write(home, {
    "conf/tasks/my-list/1.json": task(1),
    ".claude/tasks/s-1/2.json": task(2),
    "conf/tasks/s-1/3.json": task(3),
  });
  const ask = (env: Readonly<Record<string, string>>) =>
    asker()(session, { env: { HOME: home, ...env }, session: "s-1" });
  const conf = { CLAUDE_CONFIG_DIR: join(home, "conf") };
  expect((await ask({ ...conf, CLAUDE_CODE_TASK_LIST_ID: "my list" })).items).toMatchObject([
    { item: expect.stringContaining("Task 1") },
  ]);
  expect((await ask(conf)).items).toMatchObject([{ item: expect.stringContaining("Task 3") }]);
  expect((await ask({})).items).toMatchObject([{ item: expect.stringContaining("Task 2") }]);
});

test("session cannot be led out of the folder of tasks by a session's name", async () => {
  const { ask } = user({ ".claude/secret/1.json": task(1) });
  expect((await ask("../secret")).items).toEqual([]);
});

test("session bears files that are half written or of another form", async () => {
  const { ask } = user({
    ".claude/tasks/s-1/1.json": '{"id": "1", "subject": "Ha',
    ".claude/tasks/s-1/2.json": "[]",
    ".claude/tasks/s-1/3.json": JSON.stringify({ subject: 5 }),
    ".claude/tasks/s-1/4.json": JSON.stringify({
      id: 4,
      subject: "Bare",
      status: "pending",
      metadata: { wait_ok: "true" },
    }),
  });
  expect(await ask()).toMatchObject({ texts: ["Bare"], problem: null });
});

test("session gives a task whose words changed a new key, and keeps it otherwise", async () => {
  const keyOf = async (more: object) => {
    const { ask } = user({ ".claude/tasks/s-1/1.json": task(1, more) });
    return (await ask()).items[0]?.key;
  };
  expect(await keyOf({ activeForm: "x" })).toBe(await keyOf({}));
  expect(await keyOf({ description: "other" })).not.toBe(await keyOf({}));
});

test("session says that there is no task list instead of looking empty", async () => {
  const { ask, home } = user({});
  expect(await ask()).toMatchObject({
    items: [],
    problem: `unavailable: no task list of this session in "${home}/.claude/tasks"`,
  });
  expect((await user({ ".claude/tasks/s-1/.lock": "" }).ask()).problem).toBeNull();
});
