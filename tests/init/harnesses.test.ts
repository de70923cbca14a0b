import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { loadHarness } from "../../src/harness/registry.ts";
import { commandsIn } from "../../src/init/give-back.ts";
import { SETUPS } from "../../src/init/harnesses/registry.ts";
import { CLIENTS, user } from "./clients.ts";

const ALL = CLIENTS.join(",");

/** The files that users have too, and an entry of another tool in each. */
const SHARED: Readonly<Record<string, string>> = {
  ".codex/hooks.json": '"hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }] }',
  ".gemini/settings.json": '"hooks": { "AfterTool": [{ "hooks": [{ "type": "command", "command": "mine" }] }] }',
  ".factory/hooks.json": '"PostToolUse": [{ "matcher": "Edit", "hooks": [{ "type": "command", "command": "mine" }] }]',
  ".cursor/hooks.json": '"version": 1, "hooks": { "stop": [{ "command": "mine", "loop_limit": 2 }] }',
  ".codeium/windsurf/hooks.json": '"hooks": { "post_run_command": [{ "command": "mine" }] }',
  ".config/Code/User/settings.json": '"editor.fontSize": 12, "chat.hookFilesLocations": { "~/mine": true }',
};

/** What a user's file may look like. */
const FORMS: Readonly<Record<string, (entry: string) => string>> = {
  "nothing at all": () => "",
  "blank lines": () => "\n\n",
  "an empty object": () => "{}",
  "hooks of another tool, on one line": (entry) => `{ ${entry} }\n`,
  "the same without a last line end": (entry) => `{ ${entry} }`,
  tabs: (entry) => `{\n\t"x": [1,\n\t\t2],\n\t${entry}\n}\n`,
  "comments and trailing commas": (entry) => `// top\n{\n    /* a */ "x": 1, // b\n    ${entry}, // c\n}\n// end\n`,
  "Windows line ends": (entry) => `{\r\n  "x": 1,\r\n  ${entry}\r\n}\r\n`,
  "a byte order mark": (entry) => `\uFEFF{\n  ${entry}\n}\n`,
  "empty hooks": () => '{ "hooks": {}, "chat.hookFilesLocations": {} }\n',
};

describe("p9 init --harness for every client, twice, and taken back", () => {
  test.each(Object.entries(FORMS))("gives every file back to the byte: %s", { timeout: 60_000 }, async (_, form) => {
    const { files, put, run } = user();
    for (const [path, entry] of Object.entries(SHARED)) put(path, form(entry), 0o600);
    put(".cline/hooks/README", "mine");
    const before = files();
    expect(await run("init", "--harness", ALL, "--wake", "--no-policy")).toMatchObject({ code: 0 });
    const once = files();
    expect(Object.keys(once).length).toBeGreaterThan(Object.keys(before).length + 15);
    expect((await run("init", "--harness", ALL, "--wake", "--no-policy")).stdout).toBe("Nothing to do: p9 is set up\n");
    expect(files()).toEqual(once);
    expect(await run("init", "--harness", ALL, "--remove")).toMatchObject({ code: 0 });
    expect(files()).toEqual(before);
    await run("init", "--harness", ALL, "--no-policy");
    expect(await run("uninstall")).toMatchObject({ code: 0, stderr: "" });
    expect(files()).toEqual(before);
  });

  test("gives a home without any of them back with no folder more", { timeout: 60_000 }, async () => {
    const { files, run } = user();
    const before = files();
    await run("init", "--harness", ALL);
    await run("init", "--project", "--harness", ALL);
    await run("uninstall");
    expect(files()).toEqual(before);
  });

  test.each(["a: 1\n", "# mine\r\na: 1 # x\r\n", "\uFEFFa: 1\n", "a: 1", ""])(
    "gives a project's files back to the byte, its policy %j among them",
    { timeout: 60_000 },
    async (policy) => {
      const { files, put, run } = user();
      put("work/.control/policy.yaml", policy);
      put("work/.gemini/settings.json", '{\r\n\t// ours\r\n\t"hooks": {},\r\n}\r\n');
      put(".codex/config.toml", "# mine\nmodel = 'x'\n[hooks]\n");
      const before = files();
      expect(await run("init", "--project", "--harness", ALL)).toMatchObject({ code: 0 });
      expect((await run("init", "--project", "--harness", ALL)).stdout).toBe("Nothing to do: p9 is set up\n");
      expect(Object.keys(files()).length).toBeGreaterThan(Object.keys(before).length + 15);
      expect(await run("uninstall")).toMatchObject({ code: 0, stderr: "" });
      expect(files()).toEqual(before);
    },
  );

  test("keeps comments, order and other hooks while p9 is in", { timeout: 60_000 }, async () => {
    const { put, read, run } = user();
    const form = FORMS["comments and trailing commas"] ?? String;
    for (const [path, entry] of Object.entries(SHARED)) put(path, form(entry));
    await run("init", "--harness", ALL);
    for (const path of Object.keys(SHARED)) {
      const text = read(path);
      for (const kept of ["// top\n", "/* a */", "// b", "// c", "// end\n"]) expect(text).toContain(kept);
      const value = parse(text, [], { allowTrailingComma: true });
      expect({ path, first: Object.keys(value)[0], text }).toMatchObject({ first: "x" });
      expect(text).toContain("mine");
    }
  });

  test("takes only its own out of files that somebody has changed since", { timeout: 60_000 }, async () => {
    const { put, read, run } = user();
    for (const [path, entry] of Object.entries(SHARED)) put(path, `{\n  ${entry}\n}\n`);
    await run("init", "--harness", ALL, "--no-policy");
    for (const path of Object.keys(SHARED)) put(path, read(path).replace("{", '{\n  "later": 1,'));
    expect(await run("uninstall")).toMatchObject({ code: 0 });
    for (const [path, entry] of Object.entries(SHARED))
      expect({ path, value: JSON.parse(read(path)) }).toEqual({ path, value: JSON.parse(`{ "later": 1, ${entry} }`) });
  });

  test("leaves nothing of its own in VS Code's settings where somebody has changed them since", async () => {
    const { put, read, run } = user();
    const path = ".config/Code/User/settings.json";
    put(path, '{\n  // size\n  "editor.fontSize": 12\n}\n');
    await run("init", "--harness", "vscode", "--no-policy");
    put(path, read(path).replace("12", "13"));
    await run("uninstall");
    expect(read(path)).toBe('{\n  // size\n  "editor.fontSize": 13\n}\n');
  });

  test("writes through links and keeps them", { timeout: 60_000 }, async () => {
    const { dir, files, put, read, run } = user();
    for (const [path, entry] of Object.entries(SHARED)) {
      const kept = put(`dotfiles/${path}`, `{ ${entry} }\n`);
      put(path, "");
      renameSync(join(dir, path), join(dir, `${path}.gone`));
      symlinkSync(kept, join(dir, path));
    }
    const before = files();
    await run("init", "--harness", ALL, "--no-policy");
    for (const path of Object.keys(SHARED)) {
      expect(lstatSync(join(dir, path)).isSymbolicLink()).toBe(true);
      expect(read(`dotfiles/${path}`)).toMatch(/p9|vscode/);
    }
    await run("uninstall");
    expect(files()).toEqual(before);
  });

  test.each(Object.keys(SHARED))(
    "a file that cannot be edited is one line, and nothing is written: %s",
    async (path) => {
      const { files, put, run } = user();
      for (const [text, mode, why] of [
        ['{ "hooks": ', 0o644, "Cannot edit"],
        ["[]", 0o644, "Cannot edit"],
        ['{ "hooks": [], "PostToolUse": {}, "chat.hookFilesLocations": 1 }', 0o644, "Cannot edit"],
        ["{}", 0o444, "it is read-only"],
      ] as const) {
        put(path, "", 0o644);
        put(path, text, mode);
        const before = files();
        const { code, stdout, stderr } = await run("init", "--harness", ALL);
        expect({ code, stdout, stderr }).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(why) });
        expect(stderr.split("\n")[0]).toContain(path);
        expect(files()).toEqual(before);
      }
    },
  );

  test("names the key that has another shape", async () => {
    const { put, run } = user();
    put(".config/Code/User/settings.json", '{ "chat.hookFilesLocations": 1 }');
    expect((await run("init", "--harness", "vscode")).stderr).toContain(
      'Cannot add to "chat.hookFilesLocations": wanted an object',
    );
  });

  test("puts no file in the place of somebody else's, and removes none", { timeout: 60_000 }, async () => {
    const { files, put, read, run } = user();
    const theirs = [".cline/hooks/PostToolUse", ".kiro/hooks/p9.json", ".config/opencode/plugin/p9.js"];
    for (const path of theirs) put(path, "{}\n", 0o755);
    const before = files();
    const { code, stderr } = await run("init", "--harness", ALL, "--no-policy");
    expect(code).toBe(0);
    for (const path of theirs) expect(stderr).toContain(`${path}" is there already and was not replaced`);
    expect(theirs.map(read)).toEqual(["{}\n", "{}\n", "{}\n"]);
    await run("uninstall");
    expect(files()).toEqual(before);
  });

  test("leaves a file of its own that somebody has changed since, and says so", async () => {
    const { put, read, run } = user();
    await run("init", "--harness", "cline", "--no-policy");
    put(".cline/hooks/TaskStart", `${read(".cline/hooks/TaskStart")}echo mine\n`, 0o755);
    expect((await run("init", "--harness", "cline", "--no-policy")).stderr).toContain("was changed since p9 wrote it");
    expect((await run("uninstall")).stdout).toMatch(/TaskStart: left as it is: it was changed since p9 wrote it/);
    expect(read(".cline/hooks/TaskStart")).toContain("echo mine");
  });
});

describe("p9 init --harness", () => {
  test("refuses an unknown name in one line, with the name that was probably meant", async () => {
    const { files, run } = user();
    const before = files();
    const { code, stderr } = await run("init", "--harness", "codex,copilto");
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 3, lines: 1 });
    expect(stderr).toContain('Cannot set up the harness "copilto" (did you mean "copilot"?)');
    expect(files()).toEqual(before);
  });

  test("all: those that are found by a folder of theirs or a program on PATH, and no other", async () => {
    const { dir, env, files, home, p9, put } = user();
    mkdirSync(join(dir, "codex-home"));
    put("bin/droid", "#!/bin/sh\n", 0o755);
    const PATH = `${join(dir, "bin")}:${env.PATH}`;
    const run = (...args: string[]) => p9(args, { env: { CODEX_HOME: join(dir, "codex-home"), PATH, GH_TOKEN: "x" } });
    const { code, stdout } = await run("init", "--harness", "all", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).harnesses).toEqual(["codex", "droid"]);
    expect(existsSync(join(dir, "codex-home/hooks.json"))).toBe(true);
    expect(Object.keys(files()).filter((path) => /\.(claude|gemini|codex\/)/.test(path))).toEqual([]);
    expect(existsSync(home)).toBe(true);
  });

  test("all where none is found is one line", async () => {
    const { run } = user();
    expect(await run("init", "--harness", "all")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("no client was found"),
    });
  });

  test("without it the others that are found are named in one line, until they are set up", async () => {
    const { dir, run } = user();
    for (const folder of [".codex", ".config/opencode"]) mkdirSync(join(dir, folder), { recursive: true });
    const line = "p9: also found: Codex, opencode: p9 init --harness codex,opencode\n";
    expect((await run("init")).stderr).toContain(line);
    expect((await run("init")).stderr).toContain(line);
    await run("init", "--harness", "codex,opencode");
    expect((await run("init")).stderr).not.toContain("also found");
    expect((await run("init", "--remove")).stderr).toContain("p9 init --harness codex,opencode --remove");
  });

  test("a client's file that cannot be read keeps nobody from setting Claude Code up", async () => {
    const { dir, run } = user();
    mkdirSync(join(dir, ".codex/hooks.json"), { recursive: true });
    expect(await run("init")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^p9 is set up for you: /) });
    expect(await run("uninstall")).toMatchObject({ code: 0 });
  });

  test("says in one line which clients run a project's hooks unasked", async () => {
    const { run } = user();
    const { stderr } = await run("init", "--project", "--harness", "codex,droid,cline");
    const lines = stderr.split("\n").filter((line) => line.includes("unasked"));
    expect(lines).toEqual([
      "p9: Factory droid and Cline run the hooks of a project unasked: p9's too, for everybody who works here",
    ]);
    expect((await run("init", "--project", "--harness", "codex")).stderr).not.toContain("unasked");
  });

  test("writes Gemini's two settings for a wake with --wake only", async () => {
    const { read, run } = user();
    await run("init", "--harness", "gemini");
    expect(JSON.parse(read(".gemini/settings.json")).experimental).toBeUndefined();
    await run("init", "--harness", "gemini", "--wake");
    expect(JSON.parse(read(".gemini/settings.json"))).toMatchObject({
      tools: { shell: { backgroundCompletionBehavior: "inject" } },
      experimental: { modelSteering: true },
    });
    expect(await run("init", "--wake")).toMatchObject({ code: 3, stderr: expect.stringContaining("--harness gemini") });
  });

  test("puts droid's hooks where the user has them: in its settings", async () => {
    const { dir, files, put, read, run } = user();
    put(".factory/settings.json", '{ "hooks": { "Stop": [] }, "model": "x" }\n');
    const before = files();
    await run("init", "--harness", "droid", "--no-policy");
    expect(JSON.parse(read(".factory/settings.json")).hooks.PostToolUse).toHaveLength(1);
    expect(existsSync(join(dir, ".factory/hooks.json"))).toBe(false);
    await run("uninstall");
    expect(files()).toEqual(before);
  });
});

describe("what is written for a client", () => {
  test.each(CLIENTS)(
    "%s: every command names an event of its adapter, exits with 0 and says nothing where p9 is gone",
    async (name) => {
      const { dir, run, read } = user();
      await run("init", "--harness", name);
      const { events } = await loadHarness(name);
      const files = SETUPS[name]
        .files({ env: { HOME: dir }, project: null })
        .map(({ path }) => path.slice(dir.length + 1));
      const commands = files.flatMap((path) => commandsIn(read(path)));
      if (name === "opencode" || name === "pi") return expect(commands).toEqual([]);
      expect(commands.length).toBeGreaterThan(1);
      for (const command of commands) {
        const event = /harness\.sh; .* (\S+) --harness (\S+) # p9$/.exec(command);
        expect({ event: Object.hasOwn(events, event?.[1] ?? ""), name: event?.[2] }).toEqual({ event: true, name });
        const gone = command.replace(/p9=\/\S+dist;/, "p9=/gone/dist;");
        const ran = spawnSync("sh", ["-c", gone], { encoding: "utf8", env: { PATH: "/usr/bin:/bin", HOME: dir } });
        expect(ran).toMatchObject({ status: 0, stdout: "", stderr: "" });
      }
    },
  );

  test("units and limits are the client's: Gemini's milliseconds, Codex's three seconds, Copilot's timeoutSec", async () => {
    const { read, run } = user();
    await run("init", "--harness", "codex,gemini,copilot,droid");
    const at = (path: string) => JSON.parse(read(path));
    expect(at(".codex/hooks.json").hooks.SessionEnd[0].hooks[0].timeout).toBe(3);
    expect(at(".codex/hooks.json").hooks.PostToolUse[0]).toMatchObject({ matcher: "^Bash$", hooks: [{ timeout: 30 }] });
    expect(at(".gemini/settings.json").hooks.AfterTool[0].hooks[0].timeout).toBe(30_000);
    expect(at(".copilot/hooks/p9.json")).toMatchObject({ version: 1, hooks: { agentStop: [{ timeoutSec: 30 }] } });
    expect(at(".factory/hooks.json").PostToolUse[0].matcher).toBe("Execute");
  });

  test("no event comes twice: of Copilot one spelling, of Cursor the event whose answer is heard", async () => {
    const { read, run } = user();
    await run("init", "--harness", "copilot,cursor");
    const events = (path: string) => Object.keys(JSON.parse(read(path)).hooks);
    expect(events(".copilot/hooks/p9.json").filter((name) => /^[A-Z]/.test(name))).toEqual([]);
    expect(events(".cursor/hooks.json")).toContain("postToolUse");
    expect(events(".cursor/hooks.json").filter((name) => /^[A-Z]|afterShell/.test(name))).toEqual([]);
  });

  test.each([
    ["opencode", ".config/opencode/plugin/p9.js", "opencode.mjs", "const P9 ="],
    ["pi", ".pi/agent/extensions/p9.ts", "pi.mjs", "default"],
  ])(
    "%s's module hands over to this installation, and does nothing where that is gone",
    async (name, path, file, exported) => {
      const { dir, put, read, run } = user();
      await run("init", "--harness", name);
      const module = (text: string) => put(`module-${name}.mjs`, text);
      put(`p9/dist/${file}`, `export ${exported} async (given) => ({ started: given });\n`);
      const here = read(path).replace(/file:\/\/\S+?\/dist\//, `file://${dir}/p9/dist/`);
      const start = `const { default: start } = await import(process.argv[1]); console.log(JSON.stringify(await start("x")))`;
      const at = (text: string) =>
        spawnSync(process.execPath, ["--input-type=module", "-e", start, module(text)], {
          encoding: "utf8",
          env: { PATH: "/bin" },
        });
      expect(at(here)).toMatchObject({ stdout: '{"started":"x"}\n', stderr: "" });
      expect(at(here.replaceAll("/p9/dist/", "/gone/dist/"))).toMatchObject({ stdout: "{}\n", stderr: "" });
    },
  );
});
