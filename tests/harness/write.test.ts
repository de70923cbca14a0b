import { describe, expect, test } from "vitest";
import { Fields } from "../../src/harness/fields.ts";
import type { HarnessName, HookAnswer } from "../../src/harness/harness.ts";
import { HARNESSES, loadHarness } from "../../src/harness/registry.ts";

const ALL: HookAnswer = {
  context: "CONTEXT",
  message: "MESSAGE",
  deny: "DENY",
  continue: "CONTINUE",
  wake: "WAKE",
  env: { NAME: "value" },
  watchPaths: ["/w/wake"],
};

async function written(name: HarnessName, event: string, answer: HookAnswer) {
  const { read, write } = await loadHarness(name);
  return write(read(event, new Fields({}), {}), answer);
}

/** Paths of all keys in a document: `hookSpecificOutput.additionalContext`. */
function keysOf(text: string): string[] {
  const walk = (value: unknown, path: string): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => walk(inner, path === "" ? key : `${path}.${key}`))
      : [path];
  return text === "" ? [] : walk(JSON.parse(text), "").sort();
}

const specific = (...names: string[]) => names.map((name) => `hookSpecificOutput.${name}`);
const TOLD = [...specific("additionalContext", "hookEventName"), "systemMessage"];
const DENIED = specific("hookEventName", "permissionDecision", "permissionDecisionReason");

/** Keys that each event of a client may have: everything else makes a strict client refuse the answer, or says nothing. */
const KEYS: Partial<Record<HarnessName, Record<string, string[]>>> = {
  // deny_unknown_fields: codex-rs/hooks/src/schema.rs
  codex: {
    SessionStart: TOLD,
    SessionEnd: [],
    UserPromptSubmit: TOLD,
    PreToolUse: DENIED,
    PostToolUse: TOLD,
    Stop: ["decision", "reason"],
  },
  copilot: {
    sessionStart: ["additionalContext"],
    sessionEnd: [],
    userPromptSubmitted: ["additionalContext"],
    preToolUse: ["permissionDecision", "permissionDecisionReason"],
    postToolUse: ["additionalContext"],
    agentStop: ["decision", "reason"],
    notification: ["additionalContext"],
  },
  gemini: {
    SessionStart: TOLD,
    SessionEnd: [],
    BeforeAgent: TOLD,
    BeforeTool: ["decision", "reason"],
    AfterTool: TOLD,
    AfterAgent: ["decision", "reason"],
  },
  droid: {
    SessionStart: TOLD,
    SessionEnd: [],
    UserPromptSubmit: TOLD,
    PreToolUse: DENIED,
    PostToolUse: TOLD,
    Stop: ["decision", "reason"],
  },
  cline: {
    TaskStart: [],
    TaskResume: [],
    UserPromptSubmit: [],
    PreToolUse: ["cancel", "contextModification"],
    PostToolUse: ["cancel", "contextModification"],
    TaskComplete: [],
    TaskCancel: [],
    TaskError: [],
    SessionShutdown: [],
  },
  cursor: {
    sessionStart: ["additional_context"],
    sessionEnd: [],
    beforeSubmitPrompt: [],
    beforeShellExecution: ["agent_message", "permission", "user_message"],
    afterShellExecution: [],
    postToolUse: ["additional_context"],
    postToolUseFailure: [],
    stop: ["followup_message"],
    Stop: ["decision", "reason"],
    PostToolUse: TOLD,
  },
  goose: {
    SessionStart: [],
    SessionEnd: [],
    UserPromptSubmit: [],
    PreToolUse: ["decision", "reason"],
    PostToolUse: [],
    PostToolUseFailure: [],
    Stop: ["decision", "reason"],
  },
  vscode: {
    SessionStart: TOLD,
    UserPromptSubmit: TOLD,
    PreToolUse: DENIED,
    PostToolUse: TOLD,
    Stop: specific("decision", "hookEventName", "reason"),
  },
};

describe.each(Object.entries(KEYS))("%s", (name, events) => {
  test.each(Object.entries(events))("%s has no key beside those that it may have", async (event, keys) => {
    const { stdout, stderr, code } = await written(name as HarnessName, event, ALL);
    expect({ keys: keysOf(stdout), stderr, code }).toEqual({ keys, stderr: "", code: 0 });
  });
});

test.each(HARNESSES)("%s: where there is nothing to say, nothing is printed", async (name) => {
  for (const event of Object.keys((await loadHarness(name)).events))
    expect([event, await written(name, event, {})]).toEqual([event, { stdout: "", stderr: "", code: 0 }]);
});

test("only a wake of Claude Code has another exit code than 0", async () => {
  for (const name of HARNESSES)
    for (const event of Object.keys((await loadHarness(name)).events)) {
      const { code } = await written(name, event, ALL);
      expect([name, event, code]).toEqual([name, event, name === "claude" ? 2 : 0]);
    }
});

test("claude: a stop is continued by its context, and a start names the files to watch", async () => {
  expect(JSON.parse((await written("claude", "Stop", { continue: "GO" })).stdout)).toEqual({
    hookSpecificOutput: { hookEventName: "Stop", additionalContext: "GO" },
  });
  expect(JSON.parse((await written("claude", "SessionStart", { watchPaths: ["/w"], message: "M" })).stdout)).toEqual({
    systemMessage: "M",
    hookSpecificOutput: { hookEventName: "SessionStart", watchPaths: ["/w"] },
  });
});

test("a suggestion before a command is said where the model hears it, and never a cancel in Cline", async () => {
  const said = async (name: HarnessName, event: string, answer: HookAnswer) =>
    JSON.parse((await written(name, event, answer)).stdout || "{}");
  expect(await said("codex", "PreToolUse", { context: "C" })).toEqual({
    hookSpecificOutput: { hookEventName: "PreToolUse", additionalContext: "C" },
  });
  expect(await said("droid", "PreToolUse", { context: "C" })).toEqual({});
  expect(await said("cline", "PreToolUse", { deny: "D" })).toEqual({ cancel: false, contextModification: "D" });
});

test("kiro: what it adds to the context is the text as it stands; windsurf is told nothing", async () => {
  expect((await written("kiro", "userPromptSubmit", ALL)).stdout).toBe("CONTEXT\n");
  expect((await written("kiro", "postToolUse", ALL)).stdout).toBe("");
  expect((await written("windsurf", "post_run_command", ALL)).stdout).toBe("");
});

test("copilot: its answer is within what the client takes, in bytes, and whole characters", async () => {
  const { stdout } = await written("copilot", "postToolUse", { context: "é☃".repeat(4_000) });
  const { additionalContext } = JSON.parse(stdout);
  expect(Buffer.byteLength(additionalContext)).toBeLessThanOrEqual(10_000);
  expect(additionalContext).toMatch(/^(?:é☃)+é?…\n\(cut: p9 report shows all\)$/);
});

test("a package gets the contract's own words, and the variables for its shells", async () => {
  expect(JSON.parse((await written("opencode", "start", ALL)).stdout)).toEqual(ALL);
});
