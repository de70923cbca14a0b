import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { note } from "../../src/hooks/log.ts";
import { Delivery } from "../../src/inbox/delivery.ts";
import { InboxFolder } from "../../src/inbox/folder.ts";
import { run } from "../../src/process/exec.ts";
import { wakerOf } from "../../src/wakers/registry.ts";
import { wakeSession } from "../../src/wakers/wake-session.ts";
import { NUDGE } from "../../src/wakers/waker.ts";
import { Client } from "../harness/client.ts";
import { HookLab } from "../hooks/hook-lab.ts";

let lab: HookLab;
let client: Client;
beforeEach(async () => {
  lab = new HookLab();
  lab.policy();
  client = new Client(lab, "codex", "one", { CODEX_HOME: join(lab.root, "codex home") });
  await client.start({ source: "startup" });
});
afterEach(() => lab.destroy());

/** A `codex` on PATH that writes down what it is given; `code`: how it ends. */
function codexProgram(code = 0): void {
  const bin = join(lab.root, "bin");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh\n{ printf '%s|' "$@"; echo "$CODEX_HOME"; } >>"${lab.root}/nudges"\necho "no such thread" >&2\nexit ${code}\n`;
  writeFileSync(join(bin, "codex"), script);
  chmodSync(join(bin, "codex"), 0o755);
}

/** The nudges that were sent. */
function nudges(): readonly string[] {
  const path = join(lab.root, "nudges");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** Wakes the session; `meanwhile` happens whenever p9 waits. */
async function wake(meanwhile: () => Promise<unknown> | undefined = () => undefined): Promise<void> {
  const folder = new InboxFolder(join(lab.home, "inbox"), client.key);
  const view = () => lab.store.read();
  const delivery = new Delivery(folder, { statePath: lab.store.paths.state, view, now: () => lab.now });
  const clock: Clock = {
    ...lab.clock,
    sleep: async (ms) => {
      lab.now += ms;
      await meanwhile();
    },
  };
  const waker = await wakerOf(client.key);
  if (!waker) throw new Error("No waker");
  const env = { PATH: `${join(lab.root, "bin")}:/usr/bin:/bin` };
  const { home } = lab;
  await wakeSession({ delivery, waker, env, exec: run, clock, note: (text) => note({ home, clock }, text) });
}

async function end(pr: number): Promise<void> {
  await lab.watch(client.key, pr);
  await lab.move(`w${pr}`, "GREEN", { outcome: "succeeded" });
}

const hears = () => (nudges().length > 0 ? client.call("UserPromptSubmit", { prompt: NUDGE }) : undefined);

test("an idle session is nudged once for all that ended, in its own home, and its next prompt tells it", async () => {
  codexProgram();
  await client.call("Stop");
  await end(42);
  await end(43);
  const said: string[] = [];
  await wake(async () => said.push((await hears())?.stdout ?? ""));
  expect(nudges()).toEqual([`queue|--thread|one|--resume|--message|${NUDGE}|${join(lab.root, "codex home")}`]);
  expect(said.join("")).toMatch(/PR #42.*PR #43/s);
  expect(client.inbox().claims).toHaveLength(1);
});

test("a nudge is not the user's word: it interrupts nothing", async () => {
  codexProgram();
  await client.call("Stop");
  await end(42);
  const folder = new InboxFolder(join(lab.home, "inbox"), client.key);
  const offered = { in_row: 3, total: 3 };
  await folder.update((inbox) => ({ inbox: inbox && { ...inbox, offers: offered }, result: undefined }));
  await wake(hears);
  expect(client.inbox().offers).toEqual(offered);
  await client.call("UserPromptSubmit", { prompt: "And now?" });
  expect(client.inbox().offers).toEqual({ in_row: 0, total: 3 });
});

test("a nudge that no event confirms is repeated, and then said to have failed; the ending is told by the next event", async () => {
  codexProgram();
  await client.call("Stop");
  await end(42);
  await wake();
  expect(nudges()).toHaveLength(4);
  expect(lab.notes()).toContain("codex:one took no notice of 4 nudges");
  expect((await client.call("UserPromptSubmit", { prompt: "hello" })).stdout).toContain("PR #42");
});

test("a session at work is not nudged: its next hook tells it", async () => {
  codexProgram();
  await client.call("Stop");
  await client.call("UserPromptSubmit", { prompt: "go on" });
  await end(42);
  await wake();
  expect(nudges()).toEqual([]);
  await wake(() => client.call("Stop"));
  expect(nudges()).toEqual([]);
});

test("a session that has ended is not nudged", async () => {
  codexProgram();
  await client.call("Stop");
  await lab.watch(client.key, 42);
  await client.call("SessionEnd", { reason: "other" });
  await lab.move("w42", "GREEN", { outcome: "succeeded" });
  await wake();
  expect(nudges()).toEqual([]);
});

test("an ending that a foreground command prints needs no nudge", async () => {
  codexProgram();
  await client.call("Stop");
  await lab.watch(client.key, 42);
  writeFileSync(join(client.folder, `attending.w42.${process.pid}`), "");
  await lab.move("w42", "GREEN", { outcome: "succeeded" });
  await wake();
  expect(nudges()).toEqual([]);
});

test("two processes that want to wake one session are one nudge", async () => {
  codexProgram();
  await client.call("Stop");
  await end(42);
  await Promise.all([wake(hears), wake(hears)]);
  expect(nudges()).toHaveLength(1);
});

test.each([
  ["is not on PATH", () => {}, "codex is not on PATH"],
  ["refuses", () => codexProgram(1), "codex queue ended with 1: no such thread"],
])("a client that %s is a line in the notes", async (_, program, line) => {
  program();
  await client.call("Stop");
  await end(42);
  await wake();
  expect(lab.notes()).toContain(line);
});
