import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf } from "../../src/harness/caller.ts";
import { Fields } from "../../src/harness/fields.ts";
import type { HarnessName } from "../../src/harness/harness.ts";
import { HARNESSES } from "../../src/harness/registry.ts";
import { HookLab } from "../hooks/hook-lab.ts";
import { Client, recorded } from "./client.ts";

/** What the clients put into the environment of their hooks. */
const ENV: Partial<Record<HarnessName, Record<string, string>>> = {
  claude: { CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "one", AI_AGENT: "claude-code_2-1-328_hook", CLAUDE_PID: "7" },
  codex: { PLUGIN_ROOT: "/p", PLUGIN_DATA: "/d", CLAUDE_PLUGIN_ROOT: "/p", CLAUDE_PLUGIN_DATA: "/d" },
  copilot: { COPILOT_CLI: "1", COPILOT_PROJECT_DIR: "/w/app", CLAUDE_PROJECT_DIR: "/w/app" },
  gemini: { GEMINI_CLI: "1", GEMINI_PROJECT_DIR: "/w/app", CLAUDE_PROJECT_DIR: "/w/app" },
  droid: { DROID_PROJECT_DIR: "/w/app" },
  cursor: { CURSOR_VERSION: "3.7.21", CURSOR_PROJECT_DIR: "/w/app" },
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "p9-caller-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const CLAUDES = { session_id: "one", transcript_path: "/t", cwd: "/w/app", hook_event_name: "Stop" };
const CURSORS = {
  conversation_id: "one",
  hook_event_name: "Stop",
  workspace_roots: ["/w/app"],
  cursor_version: "3.7.21",
};
const VSCODES = { sessionId: "one", hookEventName: "Stop", cwd: "/w/app", timestamp: "2026-11-27T02:00:00Z" };
const callerIn = (installed: HarnessName, input: object | Fields, env: object = {}) =>
  callerOf(installed, input instanceof Fields ? input : new Fields(input), { HOME: home, ...env });

describe("a hook that was installed for Claude Code", () => {
  test.each(["codex", "copilot", "gemini", "droid"] as const)("is answered as %s's where that called it", (name) => {
    for (const { input } of recorded(name)) expect(callerIn("claude", input, ENV[name])).toBe(name);
  });

  test("is answered as that of Cursor and of VS Code, by what they send", () => {
    expect(callerIn("claude", CURSORS)).toBe("cursor");
    expect(callerIn("claude", VSCODES)).toBe("vscode");
  });

  test("is Claude Code's in all other cases, also inside the shell of another client", () => {
    expect(callerIn("claude", CLAUDES)).toBe("claude");
    for (const env of Object.values(ENV)) expect(callerIn("claude", CLAUDES, { ...env, ...ENV.claude })).toBe("claude");
  });

  test("another client inside the shell of Claude Code is that client", () => {
    const outer = { ...ENV.claude, CLAUDE_CODE_SESSION_ID: "outer" };
    for (const name of ["codex", "copilot", "gemini", "droid"] as const)
      for (const { input } of recorded(name)) expect(callerIn("claude", input, { ...outer, ...ENV[name] })).toBe(name);
  });

  const OWN: readonly [HarnessName, string][] = [
    ["cursor", ".cursor/hooks.json"],
    ["copilot", ".copilot/hooks/p9.json"],
    ["gemini", ".gemini/settings.json"],
    ["droid", ".factory/hooks.json"],
    ["vscode", ".vscode/hooks/p9.json"],
  ];
  test.each(OWN)("is silent in %s where that has hooks of p9 for itself, and only there", (name, path) => {
    const made = name === "cursor" ? CURSORS : name === "vscode" ? VSCODES : null;
    const input = made === null ? recorded(name)[0]?.input : new Fields(made);
    write(path, '{"hooks":{"stop":[{"command":"other"}]}}');
    expect(callerIn("claude", input ?? {}, ENV[name])).toBe(name);
    write(path, `{"hooks":{"stop":[{"command":"/p9/hooks/harness.sh stop --harness ${name} # p9"}]}}`);
    expect(callerIn("claude", input ?? {}, ENV[name])).toBeNull();
  });

  test("is silent in Codex only where its own hooks were reviewed: others are skipped without a word", () => {
    const [first] = recorded("codex");
    const file = write(".codex/hooks.json", '{"hooks":{"Stop":[{"command":"harness.sh Stop --harness codex # p9"}]}}');
    expect(callerIn("claude", first?.input ?? {}, ENV.codex)).toBe("codex");
    write(".codex/config.toml", `[hooks.state."${file}:stop:0:0"]\ntrusted_hash = "sha256:00"\n`);
    expect(callerIn("claude", first?.input ?? {}, ENV.codex)).toBeNull();
  });
});

test("a hook that was installed for another client is that client's, whatever the environment says", () => {
  const all = Object.assign({}, ...Object.values(ENV));
  for (const name of HARNESSES.filter((one) => one !== "claude")) expect(callerIn(name, CLAUDES, all)).toBe(name);
});

test("a hook that was installed for Copilot is silent in VS Code, which runs it too and would not hear the answer", () => {
  expect(callerIn("copilot", VSCODES)).toBeNull();
  for (const { input } of recorded("copilot")) expect(callerIn("copilot", input)).toBe("copilot");
});

test("with the plugin for Claude Code and its own hooks installed, a session of Copilot is told once", async () => {
  const lab = new HookLab();
  try {
    lab.policy();
    const env = { HOME: home, ...ENV.copilot };
    const own = new Client(lab, "copilot", "one", env);
    const foreign = new Client(lab, "claude", "one", env);
    write(".copilot/hooks/p9.json", '{"hooks":{"agentStop":[{"bash":"harness.sh agentStop --harness copilot # p9"}]}}');
    const input = { timestamp: 1, session_id: "one", sessionId: "one", cwd: lab.project };
    const both = async (mine: string, theirs: string) => {
      const answers = await Promise.all([
        foreign.call(theirs, { ...input, hook_event_name: theirs }),
        own.call(mine, input),
      ]);
      return answers.map(({ stdout }) => stdout);
    };
    await both("sessionStart", "SessionStart");
    await lab.watch("copilot:one", 42);
    await lab.move("w42", "GREEN", { outcome: "succeeded" });
    const [silent, told] = await both("agentStop", "Stop");
    expect(silent).toBe("");
    expect(told).toContain("PR #42");
  } finally {
    await lab.destroy();
  }
});
