// needs: time
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { trustSubjects } from "../../../../src/cli/commands/setup/trust-subjects.ts";
import { loadPolicy } from "../../../../src/config/load.ts";
import { repositoryPlugins } from "../../../../src/plugins-host/find/trusted.ts";
import { askedAbout, grant } from "../../../../src/trust/trust.ts";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { MARKING, ran } from "./marking-plugin.ts";

describe("a plugin that a repository names", () => {
  const POLICY = "ci_watch:\n  plugins: [./tools/p9/marking.mjs]\n  auto: [marked-kind]\nci_heal:\n  enabled: true\n";

  function repository(): Sandbox {
    const box = sandbox();
    box.write(".control/policy.yaml", POLICY);
    box.write("tools/p9/marking.mjs", MARKING);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: box.work, env: box.env });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "one");
    return box;
  }

  const scope = (box: Sandbox) => ({ home: box.home, env: box.env, cwd: box.work });

  async function trust(box: Sandbox): Promise<void> {
    const policy = await loadPolicy(scope(box));
    const subjects = await trustSubjects({ ...scope(box), policy, root: box.work });
    const asked = subjects.map((one) => askedAbout(scope(box), one));
    await grant(scope(box), await Promise.all(asked), Date.now());
  }

  test("does not run by any path before it is trusted: commands, hooks, trust itself", async () => {
    const box = repository();
    const commands = [
      ["watch", "marked-kind", "x"],
      ["watch", "--help"],
      ["wait-queue", "pop"],
      ["wait-queue", "list"],
      ["wait-queue", "push", "--item", "x", "--source", "marked-source"],
      ["plugin", "list"],
      ["doctor"],
      ["status", "--json"],
      ["rearm"],
      ["reap"],
      ["notify", "hello"],
      ["trust"],
      ["trust", "--json"],
    ];
    for (const args of commands) {
      await box.p9(args);
      expect(ran(box), `p9 ${args.join(" ")}`).toBe(false);
    }
    const input = {
      session_id: "s1",
      cwd: box.work,
      hook_event_name: "",
      tool_name: "Bash",
      tool_input: { command: "git push" },
      tool_response: { stdout: "", stderr: "   abc..def  main -> main" },
      tool_use_id: "t1",
      source: "startup",
      prompt: "go on",
      transcript_path: join(box.dir, "t.jsonl"),
    };
    for (const event of ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop", "SessionEnd"]) {
      await box.p9(["hook", event], { input: JSON.stringify({ ...input, hook_event_name: event }) });
      expect(ran(box), `p9 hook ${event}`).toBe(false);
    }
    expect((await box.p9(["plugin", "list"])).stdout).toContain("not trusted");
  }, 120_000);

  test("is named once by p9 trust and p9 doctor, and so is one that is broken", async () => {
    const box = repository();
    box.write(".control/policy.yaml", POLICY.replace("marking.mjs]", "marking.mjs, ./gone.mjs]"));
    const lines = (text: string, part: string) => text.split("\n").filter((line) => line.includes(part));
    const { stderr } = await box.p9(["trust"]);
    expect(lines(stderr, "is not trusted")).toEqual([]);
    expect(lines(stderr, "plugin ./tools/p9/marking.mjs")).toHaveLength(1);
    expect(lines(stderr, 'Cannot use plugin "./gone.mjs"')).toHaveLength(1);
    const { stdout } = await box.p9(["doctor"]);
    expect(lines(stdout, "is not trusted")).toHaveLength(1);
    expect(lines(stdout, 'Cannot use plugin "./gone.mjs"')).toHaveLength(1);
  });

  test("runs once it is trusted, and no longer when one of its files changed", async () => {
    const box = repository();
    await trust(box);
    expect(await box.p9(["watch", "marked-kind", "x"])).toMatchObject({ code: 0 });
    expect(ran(box)).toBe(true);
    box.write("tools/p9/helper.mjs", "// new");
    const { code, stderr } = await box.p9(["watch", "marked-kind", "y", "--timeout", "10"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('is not trusted: run "p9 trust"');
  });

  /** A push as the client makes it, with p9's hooks around it. */
  async function pushWithHooks(box: Sandbox): Promise<void> {
    const envFile = join(box.dir, "env.sh");
    const hook = (event: string, more: object) =>
      box.p9(["hook", event], {
        env: { CLAUDE_ENV_FILE: envFile },
        input: JSON.stringify({ session_id: "s1", cwd: box.work, hook_event_name: event, ...more }),
      });
    await hook("SessionStart", { source: "startup" });
    const trace = /GIT_TRACE2_EVENT='?([^'\n]+)/.exec(readFileSync(envFile, "utf8"))?.[1] ?? "";
    expect(trace).not.toBe("");
    const remote = join(box.dir, "remote.git");
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: box.work, env: { ...box.env, GIT_TRACE2_EVENT: trace }, stdio: "pipe" });
    git("init", "-q", "--bare", remote);
    git("remote", "add", "origin", remote);
    const call = { tool_name: "Bash", tool_use_id: "t1", tool_input: { command: "git push -u origin HEAD" } };
    await hook("PreToolUse", call);
    git("push", "-q", "-u", "origin", "HEAD");
    await hook("PostToolUse", { ...call, tool_response: { stdout: "", stderr: "" } });
  }

  test("does not run when a push would start its kind, before it is trusted", async () => {
    const box = repository();
    await pushWithHooks(box);
    expect(ran(box)).toBe(false);
    expect(await box.json(["status"])).toMatchObject({ open_waits: [] });
  });

  test("does not run any more once trust is taken back: its wait stays and says what it needs", async () => {
    const box = repository();
    await trust(box);
    await box.p9(["plugin", "list"]);
    expect((await box.p9(["trust", "--revoke"])).code).toBe(0);
    rmSync(join(box.dir, "ran"));
    await pushWithHooks(box);
    const waits = async () => (await box.json<{ open_waits: { needs: string | null }[] }>(["status"])).open_waits;
    await eventually("the wait says what it needs", async () => (await waits())[0]?.needs === "p9 trust");
    expect(ran(box)).toBe(false);
  });

  test("is run by the watcher, not by the hook, when a push starts its kind", async () => {
    const box = repository();
    await trust(box);
    // What "p9 trust" does itself once it has the answer.
    await box.p9(["plugin", "list"]);
    rmSync(join(box.dir, "ran"));
    await pushWithHooks(box);
    const kinds = () => box.events().filter(({ kind, to_state }) => kind === "marked-kind" && to_state === "GREEN");
    await eventually("the wait is green", () => kinds().length === 1);
    expect(kinds()[0]).toMatchObject({ session_id: "s1" });
  });

  test("cannot be trusted when it imports from outside its folder, or is more than can be shown", async () => {
    const box = repository();
    box.write("tools/p9/marking.mjs", 'import "../../elsewhere.mjs";');
    expect(await repositoryPlugins(scope(box))).toMatchObject([
      { problem: expect.stringMatching(/imports "..\/..\/elsewhere.mjs" from outside its folder/) },
    ]);
    box.write("tools/p9/marking.mjs", `// ${"x".repeat(300_000)}`);
    expect(await repositoryPlugins(scope(box))).toMatchObject([{ problem: expect.stringMatching(/holds too much/) }]);
  });
});
