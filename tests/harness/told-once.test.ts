import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HarnessName } from "../../src/harness/harness.ts";
import { HARNESSES } from "../../src/harness/registry.ts";
import { HookLab } from "../hooks/hook-lab.ts";
import { Client } from "./client.ts";

let lab: HookLab;
beforeEach(() => {
  lab = new HookLab();
  lab.policy();
});
afterEach(() => lab.destroy());

/** At which step of an idle session's next turn the model of each client hears of an ending; null: its hooks can tell nothing. */
const TOLD_AT: Readonly<Record<HarnessName, "prompt" | "after" | "stop" | null>> = {
  claude: "prompt",
  codex: "prompt",
  opencode: "prompt",
  copilot: "prompt",
  gemini: "prompt",
  pi: "prompt",
  droid: "after",
  cline: "after",
  cursor: "after",
  windsurf: null,
  kiro: "prompt",
  goose: "stop",
  vscode: "after",
};

describe.each(HARNESSES)("%s", (name) => {
  test("an ending is told once, at the first event whose answer the model hears, and is not lost before", async () => {
    const client = new Client(lab, name, "one", name === "claude" ? { CLAUDE_CODE_SESSION_ATTENDED: "1" } : {});
    await client.start({ source: "startup" });
    await lab.watch(client.key, 42);
    await lab.move("w42", "GREEN", { outcome: "succeeded" });
    const told: string[] = [];
    for (const turn of [1, 2])
      for (const step of ["prompt", "after", "stop"] as const) {
        const { stdout, code } = await client.call(client.shape[step]);
        expect(code).toBe(0);
        if (stdout.includes("PR #42 (octo/app) ended GREEN")) told.push(`${step} ${turn}`);
      }
    expect(told).toEqual(TOLD_AT[name] === null ? [] : [`${TOLD_AT[name]} 1`]);
    if (TOLD_AT[name] !== null) expect(client.inbox().unread).toEqual([]);
  });

  // Windsurf reports no start: the first push opens the inbox.
  test.skipIf(name === "windsurf")(
    "its session has a name of its own, so that the same id of another client is another session",
    async () => {
      const client = new Client(lab, name, "one");
      await client.start();
      expect(existsSync(client.folder)).toBe(true);
      expect(client.inbox()).toMatchObject({ client: client.key, session: client.key });
    },
  );

  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["a session id that is a path", '{"session_id":"../../evil","sessionId":"../evil","conversation_id":"../evil"}'],
    ["a session id of a megabyte", JSON.stringify({ session_id: "x".repeat(1_000_000) })],
  ])("no event fails on %s", async (_, stdin) => {
    const { answerHook } = await import("../../src/hooks/entry.ts");
    const { loadHarness } = await import("../../src/harness/registry.ts");
    const env = { PATH: process.env.PATH, HOME: lab.root, BROOMVA_P9_HOME: lab.home };
    const { events } = await loadHarness(name);
    for (const event of [...Object.keys(events), "Nonsense"])
      expect(await answerHook(event, stdin, { harness: name, env, clock: lab.clock }, () => {})).toBe(0);
    expect(existsSync(`${lab.root}/evil`)).toBe(false);
    expect(existsSync(`${lab.home}/evil`)).toBe(false);
  });
});

test("a session's id and its harness do not meet those of another", async () => {
  const codex = new Client(lab, "codex", "one");
  const gemini = new Client(lab, "gemini", "one");
  await codex.start();
  await gemini.start();
  await lab.watch(codex.key, 42);
  await lab.move("w42", "GREEN", { outcome: "succeeded" });
  expect((await gemini.call("BeforeAgent", { prompt: "go on" })).stdout).toBe("");
  expect((await codex.call("UserPromptSubmit", { prompt: "go on" })).stdout).toContain("PR #42");
});

test("two sessions of one client in one folder are told of their own", async () => {
  const one = new Client(lab, "codex", "one");
  const two = new Client(lab, "codex", "two");
  await one.start({ source: "startup" });
  await two.start({ source: "startup" });
  await lab.watch(one.key, 42);
  await lab.move("w42", "GREEN", { outcome: "succeeded" });
  expect((await two.call("Stop")).stdout).toBe("");
  expect((await one.call("Stop")).json).toMatchObject({
    decision: "block",
    reason: expect.stringContaining("PR #42 (octo/app) ended GREEN"),
  });
});
