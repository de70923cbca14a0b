import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Transition } from "../../src/core/events.ts";
import type { HarnessName } from "../../src/harness/harness.ts";
import { HookLab } from "../hooks/hook-lab.ts";
import { Client } from "./client.ts";

let lab: HookLab;
const git = (...args: string[]) =>
  execFileSync("git", ["-C", lab.project, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });

beforeEach(() => {
  lab = new HookLab();
  lab.now = Date.now();
  lab.policy();
  git("init", "--quiet", "--initial-branch=feature");
  git("remote", "add", "origin", "git@github.com:octo/app.git");
  git("commit", "--quiet", "--allow-empty", "--message", "one");
});
afterEach(() => lab.destroy());

const COMMAND = "git push origin HEAD";
const REPORT = "To github.com:octo/app.git\n * [new branch]      HEAD -> feature\n";

/** What git adds where a sandbox lets it write nothing below .git. */
const READ_ONLY =
  "error: update_ref failed for ref 'refs/remotes/origin/feature': cannot lock ref 'refs/remotes/origin/feature': Unable to create '/w/app/.git/refs/remotes/origin/feature.lock': Read-only file system\n";

/** What each client says after the push. */
const AFTER: Partial<Record<HarnessName, object>> = {
  codex: { tool_name: "Bash", tool_input: { command: COMMAND }, tool_response: `${REPORT}${READ_ONLY}` },
  copilot: {
    ...{ toolName: "bash", toolArgs: { command: COMMAND } },
    toolResult: { resultType: "success", textResultForLlm: `${REPORT}<shellId: 0 completed with exit code 0>` },
  },
  gemini: {
    ...{ tool_name: "run_shell_command", tool_input: { command: COMMAND } },
    tool_response: { llmContent: `Output: ${REPORT}`, returnDisplay: REPORT.trimEnd() },
  },
  droid: {
    ...{ tool_name: "Execute", tool_input: { command: COMMAND } },
    tool_response: `${REPORT}\n\n[Process exited with code 0]`,
  },
  cline: {
    tool_result: {
      ...{ name: "run_commands", input: { commands: ["git status", COMMAND] } },
      output: [
        { query: "git status", result: "clean", success: true },
        { query: COMMAND, result: `\n[stderr]\n${REPORT}`, success: true },
      ],
    },
  },
  cursor: { tool_name: "Shell", tool_input: { command: COMMAND }, tool_output: REPORT },
  vscode: { tool_name: "run_in_terminal", tool_input: { command: COMMAND }, tool_response: REPORT },
  opencode: { command: COMMAND, output: REPORT, exit: 0 },
  pi: { command: COMMAND, output: REPORT, exit: 0 },
};

const rows = () => [...lab.store.events()].filter((event): event is Transition => event.type === "transition");

test.each(Object.entries(AFTER))(
  "%s: a push is watched in one line, once, also where git could note it nowhere",
  async (name, input) => {
    const client = new Client(lab, name as HarnessName, "one");
    await client.start({ source: "startup" });
    const { stdout } = await client.call(client.shape.after, input);
    expect(stdout).toContain("p9 watches the pull request of branch “feature”");
    expect((await client.call(client.shape.after, input)).stdout).toBe("");
    await client.call(client.shape.stop);
    await lab.store.settled();
    expect(rows().filter(({ from_state }) => from_state === null)).toMatchObject([
      { repo: "octo/app", ref: "feature", session_id: client.key },
    ]);
  },
);

test.each(["codex", "windsurf", "goose", "kiro"] as const)("%s: a push is found in the reflogs", async (name) => {
  const client = new Client(lab, name, "one");
  await client.start({ source: "startup" });
  git("update-ref", "--create-reflog", "-m", "update by push", "refs/remotes/origin/feature", "HEAD");
  const command = "sh release.sh";
  await client.call(client.shape.after, {
    tool_input: { command },
    tool_info: { command_line: command, cwd: lab.project },
  });
  await lab.store.settled();
  expect(rows()[0]).toMatchObject({ repo: "octo/app", ref: "feature", session_id: client.key });
});

test("a push at the beginning of a long first command is found by its end", async () => {
  const client = new Client(lab, "codex", "one");
  await client.start({ source: "startup" });
  git("update-ref", "--create-reflog", "-m", "update by push", "refs/remotes/origin/feature", "HEAD");
  lab.now += 60_000;
  await client.call(client.shape.after, { tool_input: { command: "sh release.sh && sleep 60" } });
  await lab.store.settled();
  expect(rows()[0]).toMatchObject({ repo: "octo/app", ref: "feature" });
});

test("of two clients in one working tree each has its own push, and only that", async () => {
  const one = new Client(lab, "codex", "one");
  const two = new Client(lab, "gemini", "two");
  await one.start({ source: "startup" });
  await two.start({ source: "startup" });
  await one.call(one.shape.after, AFTER.codex);
  expect((await two.call(two.shape.after, { tool_input: { command: "ls" } })).stdout).toBe("");
  expect((await two.call(two.shape.stop)).stdout).toBe("");
  await lab.store.settled();
  expect(rows().map(({ session_id }) => session_id)).not.toContain(two.key);
});
