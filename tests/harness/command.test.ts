import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../helpers/p9.ts";

const INPUT = JSON.stringify({ session_id: "one", session: "one", cwd: ".", hook_event_name: "SessionStart" });

test("p9 hook answers for the harness that it is told", async () => {
  const box = sandbox();
  for (const name of ["codex", "gemini"]) {
    const result = await box.p9(["hook", "SessionStart", "--harness", name], { input: INPUT });
    expect(result).toMatchObject({ code: 0, stdout: "", stderr: "" });
  }
  const { stdout } = await box.p9(["hook", "start", "--harness", "pi"], { input: INPUT });
  expect(JSON.parse(stdout).env).toMatchObject({ BROOMVA_P9_SESSION: "pi:one" });
  expect(readdirSync(join(box.home, "inbox")).sort()).toEqual(["codex:one", "gemini:one", "pi:one"]);
});

test("an event or a harness that p9 does not know is one clear line, and no refusal of a call", async () => {
  const box = sandbox();
  const wrong: [string[], string][] = [
    [["hook", "Stop", "--harness", "nope"], 'Cannot answer the harness "nope": wanted one of claude, codex, opencode,'],
    [
      ["hook", "Nonsense", "--harness", "codex"],
      'Cannot answer the hook event "Nonsense" of codex: wanted one of SessionStart,',
    ],
  ];
  for (const [args, line] of wrong) {
    const { code, stdout, stderr } = await box.p9(args, { input: INPUT });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }
});

test("the program of the scripts is silent about a harness that only a newer p9 knows", () => {
  const { env, work: cwd } = sandbox();
  const hook = [join(ROOT, "dist/hook.js"), "Stop", "--harness", "kimi"];
  const { status, stdout, stderr } = spawnSync("node", hook, { env, cwd, input: INPUT, encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});
