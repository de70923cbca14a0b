import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Queue } from "../../src/queue/store/queue.ts";
import { HookLab } from "../hooks/hook-lab.ts";
import { Client } from "./client.ts";

let lab: HookLab;
beforeEach(() => {
  lab = new HookLab();
  lab.policy();
});
afterEach(() => lab.destroy());

let next = 0;
/** One more ending for a session. */
async function ending(client: Client): Promise<string> {
  const wait = await lab.watch(client.key, ++next);
  await lab.move(wait, "GREEN", { outcome: "succeeded" });
  return `PR #${next} (octo/app) ended GREEN`;
}

/** When the client called a hook of the session last. */
function silentFor(client: Client, hours: number): void {
  const at = (lab.now - hours * 3_600_000) / 1_000;
  utimesSync(join(client.folder, "seen"), at, at);
}

describe("Codex", () => {
  test("a session whose process is not known is not taken for gone: another in its folder leaves it its endings", async () => {
    const one = new Client(lab, "codex", "one");
    await one.start({ source: "startup" });
    silentFor(one, 1);
    const text = await ending(one);
    const two = new Client(lab, "codex", "two");
    expect((await two.start({ source: "startup" })).stdout).not.toContain(text);
    expect((await one.call("UserPromptSubmit", { prompt: "go on" })).stdout).toContain(text);
  });

  test("a session that ended, or was silent for half a day, leaves its endings to the next in its folder", async () => {
    for (const leave of [
      (one: Client) => one.call("SessionEnd", { reason: "other" }),
      (one: Client) => silentFor(one, 13),
    ]) {
      const one = new Client(lab, "codex", `one-${next}`);
      await one.start({ source: "startup" });
      const text = await ending(one);
      await leave(one);
      const two = new Client(lab, "codex", `two-${next}`);
      expect((await two.start({ source: "startup" })).stdout).toContain(text);
    }
  });

  test("every event shows that the session lives", async () => {
    const one = new Client(lab, "codex", "one");
    await one.start({ source: "startup" });
    lab.now = Date.now();
    silentFor(one, 13);
    await one.call("PostToolUse", { tool_name: "Bash", tool_input: { command: "ls" } });
    const text = await ending(one);
    expect((await new Client(lab, "codex", "two").start({ source: "startup" })).stdout).not.toContain(text);
  });

  test("a cleared session does not take another living one's inbox", async () => {
    const one = new Client(lab, "codex", "one");
    await one.start({ source: "startup" });
    const text = await ending(one);
    expect((await new Client(lab, "codex", "two").start({ source: "clear" })).stdout).not.toContain(text);
    expect((await one.call("Stop")).stdout).toContain(text);
  });

  test("work is not offered at the end of a turn that may be a run without a person, unless the policy says so", async () => {
    const one = new Client(lab, "codex", "one");
    await one.start({ source: "startup" });
    await lab.watch(one.key, ++next);
    const family = new Set([one.key]);
    const item = { source: "session", item: "Write the docs", session_id: one.key, isolation_tier: "none" } as const;
    await new Queue(lab.home, { clock: lab.clock }).push(item, family);
    expect((await one.call("Stop")).stdout).toBe("");
    lab.policy("ci_watch:\n  offer: always\nci_heal: {}\n");
    expect((await one.call("Stop")).json.reason).toContain("“Write the docs”");
  });

  test("a sleep while p9 watches is refused in its form", async () => {
    const one = new Client(lab, "codex", "one");
    await one.start({ source: "startup" });
    await lab.watch(one.key, ++next);
    const { json } = await one.call("PreToolUse", { tool_name: "Bash", tool_input: { command: "sleep 300" } });
    expect(json.hookSpecificOutput).toMatchObject({ hookEventName: "PreToolUse", permissionDecision: "deny" });
    expect(json.hookSpecificOutput.permissionDecisionReason).toContain("p9 already watches");
  });
});

describe("Copilot", () => {
  test("a turn is continued seven times in a row at most; what ends after that is told with the next prompt", async () => {
    const one = new Client(lab, "copilot", "one");
    await one.start({ source: "new" });
    const told: boolean[] = [];
    let text = "";
    for (let stop = 0; stop < 9; stop++) {
      text = await ending(one);
      const { json } = await one.call("agentStop", { stop_hook_active: stop > 0 });
      told.push(json.decision === "block");
      if (json.reason) await one.call("userPromptSubmitted", { prompt: json.reason });
    }
    // The prompt after each continued stop is p9's own, and the two endings after the seventh wait for a real one.
    expect(told).toEqual([true, true, true, true, true, true, true, false, false]);
    expect((await one.call("userPromptSubmitted", { prompt: "go on" })).json.additionalContext).toContain(text);
  });

  test("a new turn begins to count anew", async () => {
    const one = new Client(lab, "copilot", "one");
    await one.start({ source: "new" });
    for (let turn = 0; turn < 10; turn++) {
      await ending(one);
      expect((await one.call("agentStop", { stop_hook_active: false })).json.decision).toBe("block");
    }
  });

  test("the end of a background shell tells what has ended", async () => {
    const one = new Client(lab, "copilot", "one");
    await one.start({ source: "new" });
    const text = await ending(one);
    const input = { notification_type: "shell_completed", message: "Shell command …" };
    expect((await one.call("notification", input)).json.additionalContext).toContain(text);
    expect((await one.call("notification", input)).stdout).toBe("");
  });

  test("its hook before a tool exits with 0 whatever happens", async () => {
    const gone = new Client(lab, "copilot", "one", { BROOMVA_P9_HOME: join(lab.project, ".control/policy.yaml/p9") });
    expect(await gone.call("preToolUse", { toolName: "bash", toolArgs: { command: "sleep 300" } })).toMatchObject({
      code: 0,
      stdout: "",
    });
  });
});

describe("Gemini", () => {
  test("what p9 continues a turn with comes back as a prompt, and is not the user's word", async () => {
    const one = new Client(lab, "gemini", "one");
    await one.start({ source: "startup" });
    const healed = await lab.watch(one.key, 1_000);
    await lab.move(healed, "RED_CLASSIFIED", { outcome: "failed" });
    await lab.move(healed, "HEALING");
    await ending(one);
    const { json } = await one.call("AfterAgent", { stop_hook_active: false });
    expect(json).toMatchObject({ decision: "block", reason: expect.stringContaining("ended GREEN") });
    const stops = () => [...lab.store.events()].filter(({ type }) => type === "heal.stop");
    await one.call("BeforeAgent", { prompt: json.reason });
    expect(stops()).toEqual([]);
    await one.call("BeforeAgent", { prompt: "<hook_context>…</hook_context>\n\nstop that" });
    expect(stops()).toMatchObject([{ session_id: "gemini:one", reason: "user" }]);
  });
});

describe("droid", () => {
  test("the session's name and git's trace go into the file that its input names, and that is no one else's", async () => {
    const envFile = join(lab.root, "droid-env.sh");
    const droid = new Client(lab, "droid", "one");
    await droid.start({ source: "startup", CLAUDE_ENV_FILE: envFile });
    const exported = readFileSync(envFile, "utf8");
    expect(exported).toContain("export BROOMVA_P9_SESSION=droid:one\n");
    expect(exported).toContain(`export GIT_TRACE2_EVENT=${droid.folder}/trace\n`);
    const other = join(lab.root, "other.sh");
    for (const name of ["claude", "codex"] as const)
      await new Client(lab, name, "two").start({ source: "startup", CLAUDE_ENV_FILE: other });
    expect(existsSync(other)).toBe(false);
  });
});

describe("Goose", () => {
  test("each prompt begins to count anew, and in between it counts every stop", async () => {
    const one = new Client(lab, "goose", "one");
    await one.start();
    const turn = async () => {
      let told = 0;
      for (let stop = 0; stop < 8; stop++) {
        await ending(one);
        if ((await one.call("Stop")).json.decision === "block") told++;
      }
      return told;
    };
    expect(await turn()).toBe(7);
    await one.call("UserPromptSubmit", { message: "go on" });
    expect(await turn()).toBe(7);
  });
});

describe("Cursor", () => {
  test("beyond its limit of follow-ups nothing counts as told", async () => {
    const one = new Client(lab, "cursor", "one");
    await one.start();
    const text = await ending(one);
    expect((await one.call("stop", { status: "completed", loop_count: 5 })).stdout).toBe("");
    expect((await one.call("stop", { status: "completed", loop_count: 0 })).json).toEqual({
      followup_message: expect.stringContaining(text),
    });
  });
});

describe("a package in the client's own process", () => {
  test("gets the variables for its shells and the file to watch, and is woken by it", async () => {
    const one = new Client(lab, "opencode", "one");
    const { json } = await one.start({ pid: process.pid });
    expect(json.env).toMatchObject({
      BROOMVA_P9_SESSION: "opencode:one",
      BROOMVA_P9_SESSION_OF: "opencode:one",
      GIT_TRACE2_EVENT: join(one.folder, "trace"),
    });
    expect(json.watchPaths).toEqual([join(one.folder, "wake")]);
    const text = await ending(one);
    expect((await one.call("notify", { file: json.watchPaths[0] })).json.wake).toContain(text);
    expect((await one.call("notify", { file: json.watchPaths[0] })).stdout).toBe("");
  });

  test("a session of a subagent is told nothing, and what it does is its parent's", async () => {
    const parent = new Client(lab, "opencode", "one");
    await parent.start();
    const text = await ending(parent);
    const child = new Client(lab, "opencode", "child");
    for (const event of ["start", "prompt", "after-shell", "stop", "notify"])
      expect((await child.call(event, { parent: "one" })).stdout).toBe("");
    expect(existsSync(child.folder)).toBe(false);
    expect((await parent.call("prompt", { text: "go on" })).json.context).toContain(text);
    // Nor does it confirm what its parent was told.
    for (const event of ["prompt", "after-shell", "stop"]) await child.call(event, { parent: "one" });
    expect(parent.inbox().unread).toHaveLength(1);
  });
});
