import { describe, expect, test } from "vitest";
import { Fields } from "../../src/harness/fields.ts";
import type { HarnessName, HookCall } from "../../src/harness/harness.ts";
import { HARNESSES, loadHarness } from "../../src/harness/registry.ts";
import { recorded } from "./client.ts";

const PUSH = "git push origin HEAD";
const REPORT = "To /w/origin.git\n * [new branch]      HEAD -> feature";

/** What was said of a call, without what says nothing. */
function said({ harness: _, tells: __, attended: ___, pid: ____, parent, ...call }: HookCall) {
  const fields = Object.entries({ ...call, ...(parent === null ? {} : { parent }) });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== "" && value !== false));
}

async function calls(name: HarnessName) {
  const harness = await loadHarness(name);
  return recorded(name).map(({ event, input }) => harness.read(event, input, {}));
}

describe("what the real client sent", () => {
  test.each(["codex", "copilot", "gemini", "droid", "cline"] as const)("%s: every event is known", async (name) => {
    const { events } = await loadHarness(name);
    for (const { event } of recorded(name)) expect(Object.keys(events)).toContain(event);
  });

  test.each(["codex", "copilot", "gemini", "droid", "cline"] as const)(
    "%s: every event has its session and folder",
    async (name) => {
      for (const { native, session, cwd } of await calls(name)) {
        expect([native, session]).toEqual([native, expect.stringMatching(/^[\w-]{10,}$/)]);
        expect([native, cwd]).toEqual([native, "/w/app"]);
      }
    },
  );

  test.each(["codex", "copilot", "gemini", "droid", "cline"] as const)(
    "%s: before and after the shell there is its command, after it what it printed",
    async (name) => {
      const all = await calls(name);
      const before = all.filter(({ event }) => event === "before-shell");
      const after = all.filter(({ event, command }) => event === "after-shell" && command === PUSH);
      expect(before.map(({ command }) => command)).toContain(PUSH);
      expect(after.length).toBeGreaterThan(0);
      for (const { output } of after) expect(output).toContain(REPORT);
    },
  );

  test("codex: a stop says whether a hook has continued the turn; the end of its session is one", async () => {
    const all = await calls("codex");
    expect(all.filter(({ event }) => event === "stop").map(({ again }) => again)).toEqual([false, true]);
    expect(all.find(({ event }) => event === "end")).toMatchObject({ reason: "other", pid: 0 });
    expect(all.filter(({ event }) => event === "start").map(({ source }) => source)).toEqual(["startup", "resume"]);
  });

  test("copilot: both spellings of an event mean the same", async () => {
    const all = (await calls("copilot")).filter(({ command }) => command === PUSH);
    const [own, foreign] = all.filter(({ event }) => event === "after-shell").map(said);
    expect(own).toMatchObject({ native: "postToolUse", exit: 0 });
    expect(foreign).toEqual({ ...own, native: "PostToolUse" });
  });

  test("copilot: its own notifications are not the user's word, and a new session is a start", async () => {
    const all = await calls("copilot");
    const prompts = all
      .filter(({ event }) => event === "prompt")
      .map(({ text, spoken }) => [text?.slice(0, 18), spoken]);
    expect(prompts).toContainEqual(["push my branch", true]);
    expect(prompts).toContainEqual(["<system_notificati", false]);
    expect(all.find(({ event }) => event === "start")?.source).toBe("startup");
    expect(all.find(({ event }) => event === "notify")?.file).toBeUndefined();
  });

  test("gemini: what hooks said stands in front of a prompt and is not part of it; a steering update is nobody's word", async () => {
    const prompts = (await calls("gemini")).filter(({ event }) => event === "prompt");
    expect(prompts.map(({ text, spoken }) => [text?.slice(0, 21), spoken])).toEqual([
      ["push my branch", true],
      ["push my branch", true],
      ["User steering update:", false],
    ]);
  });

  test("droid: the script for later commands is named in what the hook reads", async () => {
    const [first] = await calls("droid");
    expect(first).toMatchObject({ event: "start", envFile: expect.stringMatching(/^\/home\/me\/.*\.sh$/) });
  });
});

test("cline: one call may hold several commands", async () => {
  const { read } = await loadHarness("cline");
  const result = (query: string, text: string) => ({ query, result: text, success: true });
  const input = new Fields({
    sessionContext: { rootSessionId: "one" },
    parent_agent_id: "agent_1",
    workspaceRoots: ["/w/app"],
    tool_result: {
      name: "run_commands",
      input: { commands: ["git commit -m x", "git push"] },
      output: [result("git commit -m x", "[feature 1] x"), result("git push", REPORT)],
    },
  });
  expect(read("PostToolUse", input, {})).toMatchObject({
    session: "one",
    parent: "one",
    command: "git commit -m x\ngit push",
    output: `[feature 1] x\n${REPORT}`,
  });
});

describe("by documentation", () => {
  const READ: readonly [HarnessName, string, object, object][] = [
    [
      "cursor",
      "afterShellExecution",
      {
        ...{ conversation_id: "one", hook_event_name: "afterShellExecution", workspace_roots: ["/w/app"] },
        ...{ command: PUSH, cwd: "/w/app/sub", output: REPORT, duration: 150, cursor_version: "3.1.0" },
      },
      { event: "after-shell", tells: false, session: "one", cwd: "/w/app/sub", command: PUSH, output: REPORT },
    ],
    [
      "cursor",
      "stop",
      { conversation_id: "one", workspace_roots: ["/w/app"], status: "completed", loop_count: 2 },
      { event: "stop", tells: true, again: true, cwd: "/w/app" },
    ],
    [
      "windsurf",
      "post_run_command",
      {
        ...{ agent_action_name: "post_run_command", trajectory_id: "one", execution_id: "x" },
        tool_info: { command_line: PUSH, cwd: "/w/app" },
      },
      { event: "after-shell", tells: false, session: "one", cwd: "/w/app", command: PUSH },
    ],
    [
      "kiro",
      "userPromptSubmit",
      { hook_event_name: "userPromptSubmit", cwd: "/w/app", prompt: "hello" },
      { event: "prompt", session: expect.stringMatching(/^folder-[0-9a-f]{16}$/), text: "hello" },
    ],
    [
      "goose",
      "PostToolUse",
      {
        ...{ event: "PostToolUse", session_id: "one", tool_name: "developer__shell", working_dir: "/w/app" },
        tool_input: { command: PUSH },
      },
      { event: "after-shell", tells: false, session: "one", cwd: "/w/app", command: PUSH },
    ],
    [
      "vscode",
      "PostToolUse",
      {
        ...{ hookEventName: "PostToolUse", sessionId: "one", cwd: "/w/app", timestamp: "2026-11-27T02:00:00Z" },
        ...{ tool_name: "run_in_terminal", tool_input: { command: PUSH }, tool_response: REPORT },
      },
      { event: "after-shell", session: "one", cwd: "/w/app", command: PUSH, output: REPORT },
    ],
    [
      "opencode",
      "after-shell",
      { session: "child", parent: "one", cwd: "/w/app", command: PUSH, output: REPORT, exit: 0, pid: 7 },
      { event: "after-shell", session: "child", parent: "one", command: PUSH, output: REPORT, exit: 0, pid: 7 },
    ],
    ["pi", "prompt", { session: "one", text: "…", spoken: false, tells: false }, { spoken: false, tells: false }],
  ];

  test.each(READ)("%s: %s", async (name, event, input, expected) => {
    expect((await loadHarness(name)).read(event, new Fields(input), {})).toMatchObject(expected);
  });
});

test("no adapter fails on fields of another type, or of none", async () => {
  const odd = [null, 5, "x", [], [7], {}, { command: 7 }, [{}]];
  const keys = recorded("codex").flatMap(() => [
    "session_id",
    "cwd",
    "tool_input",
    "tool_response",
    "prompt",
    "source",
  ]);
  const more = [
    "sessionContext",
    "workspaceRoots",
    "tool_result",
    "toolResult",
    "tool_info",
    "workspace_roots",
    "parent",
  ];
  for (const name of HARNESSES) {
    const { read, events } = await loadHarness(name);
    for (const event of Object.keys(events))
      for (const value of odd) {
        const input = new Fields(Object.fromEntries([...keys, ...more].map((key) => [key, value])));
        expect(read(event, input, {}).harness).toBe(name);
      }
  }
});
