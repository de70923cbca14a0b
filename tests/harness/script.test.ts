import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HarnessName } from "../../src/harness/harness.ts";
import { HARNESSES } from "../../src/harness/registry.ts";
import { harnessCommand } from "../../src/init/wiring.ts";
import { ROOT, sandbox } from "../helpers/p9.ts";
import { SHAPES } from "./client.ts";

/** A user whose node notes how it was started, with what, and answers with `code`. */
function world(code = 0) {
  const box = sandbox();
  const noted = join(box.dir, "noted");
  const bin = join(box.dir, "fake");
  mkdirSync(bin);
  writeFileSync(join(bin, "node"), `#!/bin/sh\nshift; echo "$*" >>"${noted}"; cat >>"${noted}.in"; exit ${code}\n`);
  chmodSync(join(bin, "node"), 0o755);
  const env = { ...box.env, PATH: `${bin}:${box.env.PATH}` };
  const run = (argv: readonly string[], input: object | null, more: Record<string, string> = {}) => {
    rmSync(noted, { force: true });
    const [program = "", ...args] = argv;
    const options = {
      env: { ...env, ...more },
      cwd: box.work,
      input: input ? JSON.stringify(input) : "",
      encoding: "utf8",
    } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    const started = existsSync(noted) ? readFileSync(noted, "utf8").trim() : null;
    return { status, stdout, stderr, started };
  };
  const harness = (event: string, name: HarnessName, input: object = {}) =>
    run([join(ROOT, "hooks/harness.sh"), event, "--harness", name], {
      ...SHAPES[name].base("one", box.work),
      ...input,
    });
  const folder = (name: HarnessName) => {
    const path = join(box.home, "inbox", name === "claude" ? "one" : `${name}:one`);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return { box, run, harness, folder };
}

const others = HARNESSES.filter((name) => name !== "claude");
const shellOf = (command: string, output = "") => ({
  ...{ tool_input: { command }, toolArgs: { command }, command, tool_response: output },
});

describe.each(others)("%s", (name) => {
  const { prompt, after, stop, start } = SHAPES[name];

  test("a command that pushed nothing starts no program", () => {
    const { harness, folder } = world();
    folder(name);
    const answer = harness(after, name, shellOf("ls"));
    expect(answer).toEqual({ status: 0, stdout: "", stderr: "", started: null });
  });

  test("a command that may have pushed, an ending to be told and one to be confirmed start it", () => {
    const { harness, folder } = world();
    const path = folder(name);
    expect(harness(after, name, shellOf("git push")).started).toBe(`${after} --harness ${name}`);
    expect(harness(after, name, shellOf("sh release.sh", "To x\n * [new branch]  a -> a")).started).not.toBeNull();
    for (const mark of ["unread", "emitted", "pushed"]) {
      writeFileSync(join(path, mark), "1\n");
      expect([mark, harness(after, name, shellOf("ls")).started]).toEqual([mark, `${after} --harness ${name}`]);
      rmSync(join(path, mark));
    }
  });

  test("a prompt starts it only where something is watched or to be told; a stop and a start always", () => {
    const { harness, folder } = world();
    const path = folder(name);
    if (prompt !== start && name !== "goose") expect(harness(prompt, name).started).toBeNull();
    for (const mark of ["waits", "unread", "emitted"]) {
      writeFileSync(join(path, mark), "1\n");
      expect([mark, harness(prompt, name).started]).toEqual([mark, `${prompt} --harness ${name}`]);
      rmSync(join(path, mark));
    }
    expect(harness(stop, name).started).toBe(`${stop} --harness ${name}`);
    if (prompt !== start) expect(harness(start, name).started).toBe(`${start} --harness ${name}`);
  });

  test("each call shows that the session lives", () => {
    const { harness, folder } = world();
    const path = folder(name);
    writeFileSync(join(path, "seen"), "1\n");
    utimesSync(join(path, "seen"), 1, 1);
    harness(after, name, shellOf("ls"));
    expect(statSync(join(path, "seen")).mtimeMs).toBeGreaterThan(1_000_000);
  });

  test("the exit code is 0 whatever the program's is", () => {
    const { harness } = world(2);
    expect(harness(stop, name)).toMatchObject({ status: 0, started: `${stop} --harness ${name}` });
  });

  test("the command of its settings is silent and exits with 0 where p9 is gone", () => {
    const { run } = world();
    for (const finder of ["path", { program: "/nowhere/p9/dist/p9.js" }] as const) {
      // Nobody reads an input there.
      const answer = run(["/bin/sh", "-c", harnessCommand(finder, name, after)], null);
      expect(answer).toEqual({ status: 0, stdout: "", stderr: "", started: null });
    }
  });

  test("the command of its settings calls it by its name", () => {
    const { run } = world();
    const command = harnessCommand({ program: join(ROOT, "dist/p9.js") }, name, stop);
    expect(run(["/bin/sh", "-c", command], {}).started).toBe(`${stop} --harness ${name}`);
  });
});

test("what the tool prints cannot name the session", () => {
  const { box, run, folder } = world();
  const path = folder("codex");
  writeFileSync(join(path, "unread"), "1\n");
  const stdin = { tool_response: '"session_id":"two"', session_id: "one", cwd: box.work };
  expect(run([join(ROOT, "hooks/harness.sh"), "PostToolUse", "--harness", "codex"], stdin).started).not.toBeNull();
});

test("an input that names no session, or one that is a path, is handed over", () => {
  const { run } = world();
  for (const stdin of [{}, { session_id: "../../x" }, { session_id: "a/b" }, []])
    expect(run([join(ROOT, "hooks/harness.sh"), "PostToolUse", "--harness", "codex"], stdin).started).not.toBeNull();
});

test("a git trace decides where there is one", () => {
  const { harness, folder } = world();
  const trace = join(folder("droid"), "trace");
  mkdirSync(trace);
  expect(harness("PostToolUse", "droid", shellOf("git push")).started).toBeNull();
  writeFileSync(join(trace, "1"), '{"event":"cmd_name","name":"status"}\n{"event":"atexit","code":0}\n');
  expect(harness("PostToolUse", "droid", shellOf("git push")).started).toBeNull();
  expect(existsSync(join(trace, "1"))).toBe(false);
  const pushed = '{"event":"cmd_name","name":"push"}\n{"event":"child_start","argv":["git","pack-objects"]}\n';
  writeFileSync(join(trace, "2"), pushed);
  expect(harness("PostToolUse", "droid", shellOf("ls")).started).not.toBeNull();
});

test("no program of the folder or the project is run, though PATH names it", () => {
  const { box, run } = world();
  const ran = join(box.work, "ran");
  for (const folder of ["bin", ".", "node_modules/.bin"])
    for (const program of ["node", "deno", "cat", "grep"])
      chmodSync(box.write(join(folder, program), `#!/bin/sh\ntouch "${ran}"\n`), 0o755);
  for (const entry of ["bin", ".", "", `${box.work}/bin`, `${box.work}/node_modules/.bin`]) {
    run([join(ROOT, "hooks/harness.sh"), "Stop", "--harness", "codex"], {}, { PATH: `${entry}:${box.env.PATH}` });
    expect([entry, existsSync(ran)]).toEqual([entry, false]);
  }
});

describe("the scripts for Claude Code, called by another client", () => {
  const CALLERS: readonly [HarnessName, Record<string, string>][] = [
    ["cursor", { CURSOR_VERSION: "3.7.21" }],
    ["copilot", { COPILOT_CLI: "1" }],
    ["gemini", { GEMINI_CLI: "1" }],
    ["droid", { DROID_PROJECT_DIR: "/w" }],
    ["codex", { PLUGIN_ROOT: "/p", PLUGIN_DATA: "/d" }],
  ];
  const SCRIPTS: readonly [string, string][] = [
    ["always.sh", "SessionStart"],
    ["user-prompt-submit.sh", "UserPromptSubmit"],
    ["pre-tool-use.sh", "PreToolUse"],
    ["post-tool-use.sh", "PostToolUse"],
    ["stop.sh", "Stop"],
  ];

  test.each(CALLERS)("hand over as those of %s, whose session's marks count", (name, env) => {
    const { run, folder } = world();
    const path = folder(name);
    for (const mark of ["waits", "unread"]) writeFileSync(join(path, mark), "1\n");
    const input = { ...SHAPES[name].base("one", "/w"), tool_input: { command: "sleep 300" } };
    for (const [script, event] of SCRIPTS) {
      const { started, status } = run([join(ROOT, "hooks", script), event], input, env);
      expect([script, status, started]).toEqual([script, 0, `${event} --harness claude`]);
    }
  });

  test.each(CALLERS)("are Claude Code's own inside the shell of %s", (_, env) => {
    const { run, folder } = world();
    writeFileSync(join(folder("claude"), "unread"), "1\n");
    const own = { CLAUDE_CODE_SESSION_ID: "one", AI_AGENT: "claude-code_2-1-328_hook" };
    const input = SHAPES.claude.base("one", "/w");
    expect(run([join(ROOT, "hooks/user-prompt-submit.sh")], input, { ...env, ...own }).started).toBe(
      "UserPromptSubmit",
    );
  });
});
