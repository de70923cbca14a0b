import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { grant } from "../../src/config/trust.ts";
import { repositoryPlugins } from "../../src/plugins-host/trusted.ts";
import { eventually, ROOT, type Sandbox, sandbox } from "../helpers/p9.ts";

/** A plugin that leaves a mark whenever any of its code runs, and provides one of everything. */
const MARKING = `
import { appendFileSync } from "node:fs";
appendFileSync(process.env.HOME + "/ran", "x");
export default {
  name: "marking",
  waitKinds: [{ name: "marked-kind", summary: "S",
    async pin({ ref }) { return { ref: ref ?? "x", key: "k", identity: {}, complete: true }; },
    async look() { return { status: "succeeded", reason: "Done" }; } }],
  queueSources: [{ name: "marked-source", summary: "S", async discover() { return [{ item: "Marked work", key: "k" }]; } }],
  notifiers: [{ name: "marked-notifier", summary: "S", async deliver() {} }],
};`;

const ran = (box: Sandbox) => existsSync(join(box.dir, "ran"));

describe("p9 plugin new", () => {
  test.each(["source", "wait-kind", "notifier"])("writes a %s in Python whose tests pass", async (type) => {
    const box = sandbox();
    expect((await box.p9(["plugin", "new", type, "mine", "--lang", "python"])).code).toBe(0);
    execFileSync("python3", ["-m", "unittest"], { cwd: join(box.work, "mine"), stdio: "pipe" });
    expect(await box.p9(["plugin", "test", "mine/mine.py"])).toMatchObject({ code: 0 });
  });

  test.each(["source", "wait-kind", "notifier"])("writes a %s in bash whose tests pass", async (type) => {
    const box = sandbox();
    expect((await box.p9(["plugin", "new", type, "mine", "--lang", "bash"])).code).toBe(0);
    execFileSync("./test.sh", { cwd: join(box.work, "mine"), stdio: "pipe" });
    expect(await box.p9(["plugin", "test", "mine/mine.sh"])).toMatchObject({ code: 0 });
  });

  test.each(["source", "wait-kind", "notifier"])(
    "writes a %s in TypeScript that builds and whose tests pass",
    async (type) => {
      const box = sandbox();
      expect((await box.p9(["plugin", "new", type, "mine"])).code).toBe(0);
      const folder = join(box.work, "mine");
      // What npm install would bring.
      mkdirSync(join(folder, "node_modules", "@broomva"), { recursive: true });
      symlinkSync(ROOT, join(folder, "node_modules", "@broomva", "p9"));
      symlinkSync(join(ROOT, "node_modules", "@types"), join(folder, "node_modules", "@types"));
      const unbuilt = await box.p9(["plugin", "test", "./mine"]);
      expect(unbuilt.stderr).toMatch(/there is no file ".*dist\/plugin.js": is it built \(npm run build\)\?/);
      execFileSync("node", [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: folder, stdio: "pipe" });
      execFileSync("node", ["--test", "test/"], { cwd: folder, stdio: "pipe" });
      expect(await box.p9(["plugin", "test", "./mine"])).toMatchObject({ code: 0 });
    },
  );

  test("says what is wrong with its arguments, and overwrites nothing", async () => {
    const box = sandbox();
    const said = async (...args: string[]) => {
      const { code, stderr } = await box.p9(["plugin", "new", ...args]);
      return [code, stderr.trim()];
    };
    expect(await said("thing", "mine")).toEqual([
      3,
      'p9: Cannot write a "thing": wanted one of source, wait-kind, notifier',
    ]);
    expect(await said("source", "Mine")).toEqual([3, 'p9: Cannot call a plugin "Mine": wanted a kebab-case name']);
    expect(await said("source", "a", "--lang", "perl")).toEqual([
      3,
      'p9: Cannot write a plugin in "perl": wanted one of ts, python, bash',
    ]);
    box.write("mine/keep", "mine");
    expect((await said("source", "mine"))[1]).toContain("is there already");
    expect(readFileSync(join(box.work, "mine", "keep"), "utf8")).toBe("mine");
  });
});

describe("p9 plugin add, list and remove", () => {
  test("keep the comments of plugins.jsonc, and are the same when done twice", async () => {
    const box = sandbox();
    box.write("p.mjs", MARKING);
    mkdirSync(box.home);
    const file = join(box.home, "plugins.jsonc");
    writeFileSync(file, '{\n  // mine\n  "plugins": [],\n}\n');
    expect((await box.p9(["plugin", "add", "./p.mjs"])).stdout).toContain("Added marking");
    expect((await box.p9(["plugin", "add", "./p.mjs"])).stdout).toContain("Already there: marking");
    const { plugins } = await box.json<{ plugins: Record<string, unknown>[] }>(["plugin", "list"]);
    expect(plugins).toMatchObject([
      {
        name: "marking",
        plugin: join(box.work, "p.mjs"),
        trusted: true,
        wait_kinds: ["marked-kind"],
        queue_sources: ["marked-source"],
        notifiers: ["marked-notifier"],
        problem: null,
      },
    ]);
    expect((await box.p9(["plugin", "remove", "marking"])).code).toBe(0);
    expect(readFileSync(file, "utf8")).toMatch(/\/\/ mine\n {2}"plugins": \[\]/);
    expect((await box.p9(["plugin", "remove", "marking"])).code).toBe(3);
  });

  test("take in no plugin that cannot say what it provides", async () => {
    const box = sandbox();
    box.write("p.mjs", "export default { name: 'Bad Name' };");
    const { code, stderr } = await box.p9(["plugin", "add", "./p.mjs"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^p9: Cannot add plugin ".*p.mjs": .*wanted a kebab-case name/);
    expect(existsSync(join(box.home, "plugins.jsonc"))).toBe(false);
  });

  test("install an npm package without running its scripts", async () => {
    const box = sandbox();
    box.write(
      "pkg/package.json",
      JSON.stringify({
        name: "p9-plugin-marking",
        version: "1.2.3",
        type: "module",
        exports: "./p.mjs",
        scripts: { postinstall: "touch $HOME/installed" },
      }),
    );
    box.write("pkg/p.mjs", MARKING);
    const packed = execFileSync("npm", ["pack", "--silent"], { cwd: join(box.work, "pkg"), encoding: "utf8" }).trim();
    // As the registry would give it: the name stands for the package.
    mkdirSync(join(box.home, "plugins"), { recursive: true });
    writeFileSync(
      join(box.home, "plugins", "package.json"),
      JSON.stringify({ dependencies: { "p9-plugin-marking": `file:${join(box.work, "pkg", packed)}` } }),
    );
    const { code, stderr } = await box.p9(["plugin", "add", "npm:p9-plugin-marking@1.2.3"], { timeoutMs: 60_000 });
    // The registry does not know it; what is asked for by name and range is passed on as it is.
    expect([code, stderr]).toMatchObject([4, expect.stringContaining("npm says")]);
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: join(box.home, "plugins"),
      stdio: "pipe",
    });
    writeFileSync(join(box.home, "plugins.jsonc"), '{ "plugins": ["npm:p9-plugin-marking"] }');
    expect((await box.p9(["plugin", "list"])).stdout).toContain("provides   wait kind marked-kind");
    expect(existsSync(join(box.dir, "installed"))).toBe(false);
  }, 90_000);
});

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
    await grant(box.home, box.work, await repositoryPlugins(scope(box)), Date.now());
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

  test("runs once it is trusted, and no longer when one of its files changed", async () => {
    const box = repository();
    await trust(box);
    expect(await box.p9(["watch", "marked-kind", "x"])).toMatchObject({ code: 0 });
    expect(ran(box)).toBe(true);
    box.write("tools/p9/helper.mjs", "// new");
    const { code, stderr } = await box.p9(["watch", "marked-kind", "y", "--timeout", "3"]);
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

describe("twenty plugins that misbehave", () => {
  test("empty no queue, delay no status, and start nothing for it", async () => {
    const box = sandbox();
    const faults = ["throw 1", "process.exit(0)", "for (;;);", "return 'no list'", "return [{ item: 1 }]"];
    const plugins = Array.from({ length: 20 }, (_, n) => {
      const body = faults[n % faults.length];
      return box.write(
        `p${n}.mjs`,
        `import { appendFileSync } from "node:fs"; appendFileSync(process.env.HOME + "/ran", "x");
        export default { name: "p${n}", queueSources: [{ name: "s${n}", summary: "S", timeoutS: 1, async discover() { ${body} } }] };`,
      );
    });
    mkdirSync(box.home);
    writeFileSync(join(box.home, "plugins.jsonc"), JSON.stringify({ plugins }));
    await box.p9(["wait-queue", "push", "--item", "Write the docs", "--source", "session"]);
    expect((await box.p9(["status", "--json"])).code).toBe(0);
    expect(ran(box)).toBe(false);
    const popped = await box.json<{ item: string }>(["wait-queue", "pop"], { timeoutMs: 60_000 });
    expect(popped.item).toBe("Write the docs");
    const { stderr, code } = await box.p9(["wait-queue", "pop"], { timeoutMs: 60_000 });
    expect(code).toBe(0);
    for (const n of [0, 1, 2, 3, 4]) expect(stderr).toContain(`s${n}`);
  }, 120_000);
});
