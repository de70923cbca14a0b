import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXAMPLES } from "../../../src/cli/help/examples.ts";
import { readJsonChoice } from "../../../src/cli/json/choice.ts";
import { buildProgram } from "../../../src/cli/program/build-program.ts";
import { withSubcommand } from "../../../src/cli/program/command-row.ts";
import { createContext } from "../../../src/cli/program/context.ts";
import { COMMANDS, RETIRED } from "../../../src/cli/program/table.ts";
import { EXIT_TEXT } from "../../../src/core/exit-codes.ts";
import { ROOT, sandbox } from "../../helpers/p9.ts";

/** The words of a simple command line, with single quotes taken off. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

describe("the command line", () => {
  test("without a command it lists what there is and ends well", async () => {
    const { p9 } = sandbox();
    const { code, stdout, stderr } = await p9([]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const { name, hidden } of COMMANDS) if (!hidden) expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, "m"));
  });

  test("--version is the version of both manifests", async () => {
    const { p9 } = sandbox();
    const version = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8")).version;
    expect((await p9(["--version"])).stdout).toBe(`${version("package.json")}\n`);
    expect(version("deno.json")).toBe(version("package.json"));
  });

  test.each(COMMANDS.map(({ name, exits, means }) => ({ name, exits, means })))(
    "$name --help lists its exit codes, and what is special about them",
    async ({ name, exits, means }) => {
      const { p9 } = sandbox();
      const help = await p9([name, "--help"]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      const group = /^Commands:\n {2}(\S+)/m.exec(help.stdout)?.[1];
      const leaf = group ? await p9([name, group, "--help"]) : help;
      const line =
        /^Exit codes: (.*) \(p9 help exit-codes\)$/m.exec(leaf.stdout.replaceAll(/\n {2}(?=\S)/g, " "))?.[1] ?? "";
      const codes = [...new Set([...exits, 3])].sort((a, b) => a - b);
      expect(line.split(means ? "; " : ", ")).toEqual(
        codes.map((code) => (means?.[code] ? `${code} ${means[code]}` : `${code}`)),
      );
    },
  );

  test("the help of p9 itself has examples, and says where more is", async () => {
    const { stdout } = await sandbox().p9(["--help"]);
    expect(stdout).toContain("  $ p9 watch 42 --background\n");
    expect(stdout).toContain("p9 help exit-codes");
  });

  test("help exit-codes says what each means", async () => {
    const { stdout, code } = await sandbox().p9(["help", "exit-codes"]);
    expect(code).toBe(0);
    for (const [number, text] of Object.entries(EXIT_TEXT)) expect(stdout).toContain(`  ${number.padEnd(3)} ${text}\n`);
  });

  test("--json is offered only where there is a document", async () => {
    const { p9 } = sandbox();
    expect((await p9(["status", "--help"])).stdout).toMatch(/--json \[fields\]/);
    expect((await p9(["completions", "--help"])).stdout).not.toContain("--json");
  });

  test("the commands of the recovery stand under that heading, and no other", async () => {
    const recovery = /\nRecovery:\n([\s\S]*?)\n\n/.exec((await sandbox().p9(["--help"])).stdout)?.[1] ?? "";
    expect([...recovery.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name)).toEqual([
      "abandon",
      "rearm",
      "reap",
      "stuck-scan",
      "cleanup",
      "drive",
    ]);
  });

  test("--repo is offered for kinds of wait that are in a repository", async () => {
    const { p9 } = sandbox();
    expect((await p9(["watch", "--help"])).stdout).toContain("--repo");
    expect((await p9(["watch", "http", "--help"])).stdout).not.toContain("--repo");
    expect((await p9(["watch", "--help"])).stdout).toMatch(/--no-fail-fast +do not end red at the first failed check/);
  });

  test("every example of the help is a command line that p9 can read", async () => {
    for (const [path, examples] of Object.entries(EXAMPLES)) {
      for (const [line] of examples) {
        const words = shellWords(line.replace(/^source <\(|\)$| && .*/g, ""));
        const [program = "", ...args] = words;
        expect(program, line).toBe("p9");
        const row = COMMANDS.find(({ name }) => name === args[0]);
        const at = args.indexOf("--");
        const [argv, rest] = at < 0 || !row?.takesCommand ? [args, null] : [args.slice(0, at), args.slice(at + 1)];
        const named = withSubcommand(argv, row);
        expect(named.join(" ").startsWith(path), line).toBe(true);
        const choice = readJsonChoice(named, false);
        const program9 = await buildProgram(row, COMMANDS, createContext({ argv: choice.argv, rest }));
        const read: string[] = [];
        const leaves =
          (program9.commands[0]?.commands ?? []).length > 0 ? program9.commands[0]?.commands : program9.commands;
        for (const leaf of leaves ?? []) leaf.action(() => void read.push(leaf.name()));
        await program9.parseAsync([...choice.argv], { from: "user" });
        expect(read, line).toHaveLength(1);
      }
    }
  });

  test("the help of a kind has examples of it, that of a group its own and the exit codes", async () => {
    const { p9 } = sandbox();
    expect((await p9(["watch", "review", "--help"])).stdout).toMatch(
      /\nExamples of review:\n {2}\$ p9 watch review 42\n/,
    );
    expect((await p9(["watch", "--help"])).stdout).not.toContain("Examples of");
    const { stdout } = await p9(["threads", "--help"]);
    expect(stdout).toMatch(
      /\nExamples:\n {2}\$ p9 threads 42\n[\s\S]*\$ p9 threads resolve [\s\S]*\nExit codes: 0; 1 the answer/,
    );
    expect((await p9(["threads", "reply", "--help"])).stdout).toMatch(
      /resolved too\s+when[\s\S]*ci_watch\.reviews\.reply/,
    );
    expect((await p9(["wait-queue", "--help"])).stdout).toMatch(/\nExit codes: 0, 1, 3, 99/);
  });

  test("-v is the version too, and escalations without a subcommand lists them", async () => {
    const { p9 } = sandbox();
    expect((await p9(["-v"])).stdout).toBe((await p9(["--version"])).stdout);
    expect((await p9(["escalations"])).stdout).toBe("no open escalations\n");
    expect(JSON.parse((await p9(["escalations", "--json"])).stdout)).toEqual({ escalations: [] });
    expect((await p9(["escalations", "lsit"])).stderr).toContain("Did you mean list?");
    expect((await p9(["escalations", "--help"])).stdout).toContain("ack");
  });

  test("help <command> is <command> --help", async () => {
    const { p9 } = sandbox();
    expect((await p9(["help", "events"])).stdout).toBe((await p9(["events", "--help"])).stdout);
  });

  test.each([
    [["evnts"], 'p9: Unknown command "evnts" (Did you mean events?)'],
    [["events", "tial"], 'p9: Unknown command "tial" (Did you mean tail?)'],
    [["events", "tail", "--sinse", "1h"], 'p9: Unknown option "--sinse" (Did you mean --since?)'],
    [["events", "tail", "--since", "yesterday"], 'p9: Cannot read --since "yesterday": wanted'],
    [["events", "tail", "extra"], "p9: Too many arguments"],
    [["events", "tail", "--since"], 'p9: Option "--since <time>" argument missing'],
    [["\u001b[31mred"], 'p9: Unknown command "red"'],
    [[""], 'p9: Unknown command ""'],
  ])("%j is refused in one line with exit 3", async (args, line) => {
    const { p9 } = sandbox();
    const { code, stdout, stderr } = await p9(args);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain(line);
    expect(stdout).toBe("");
    expect(code).toBe(3);
  });

  test("a group of commands without its command is refused with its help", async () => {
    const { p9 } = sandbox();
    const { code, stderr, stdout } = await p9(["events"]);
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toContain("Usage: p9 events");
  });

  test.each(Object.keys(RETIRED))("%s of the Python p9 names what to use instead, with exit 7", async (name) => {
    const { p9 } = sandbox();
    const { code, stderr } = await p9([name, "42", "--odd"]);
    expect(code).toBe(7);
    expect(stderr).toMatch(new RegExp(`^p9: "p9 ${name}" was not taken over: .{20,}\\n$`));
  });

  /** The files of p9 that a command loads. */
  function loadedBy(args: readonly string[]): string[] {
    const { env } = sandbox();
    const script = `process.argv = ["node", "p9", ...${JSON.stringify(args)}]; require(${JSON.stringify(join(ROOT, "dist/p9.js"))});
      process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))));`;
    const { stdout } = spawnSync("node", ["-e", script], { env, encoding: "utf8", input: "{}" });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]");
  }

  test.each([[["--version"]], [["status", "--json"]]])("%j loads nothing that it does not need", (args) => {
    expect(loadedBy(args).map((path) => basename(path))).toEqual(["p9.js", "main-p9.js", "base.js"]);
  });

  test.each([[["status", "--json"]], [["statusline"]]])("%j does without the schema library", (args) => {
    const loaded = loadedBy(args);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.filter((path) => readFileSync(path, "utf8").includes("_zod"))).toEqual([]);
  });
});

test.each([[["status"]], [["wait-queue", "list"]], [["doctor"]], [["statusline"]]])(
  "%j closes a state directory that others could enter",
  async (args) => {
    const { p9, home } = sandbox();
    mkdirSync(home);
    chmodSync(home, 0o755);
    await p9(args);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  },
);

describe("output", () => {
  test("a reader that goes away is no error", () => {
    const { env } = sandbox();
    const { stderr, status, stdout } = spawnSync(
      "bash",
      [
        "-c",
        `mkdir -p "$BROOMVA_P9_HOME"; for i in $(seq 3000); do echo '{"type":"driver.x","ts":"2026-01-01T00:00:00+00:00","n":'$i'}'; done > "$BROOMVA_P9_HOME/state.jsonl"; node ${join(ROOT, "dist/p9.js")} events tail | head -n 1; exit \${PIPESTATUS[0]}`,
      ],
      { env, encoding: "utf8" },
    );
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain('"n":1}');
  });

  test("a full disk behind stdout is said", () => {
    const { env } = sandbox();
    const { stderr, status } = spawnSync("bash", ["-c", `node ${join(ROOT, "dist/p9.js")} --version > /dev/full`], {
      env,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^p9: Cannot write to stdout: ENOSPC/);
  });

  test("a full disk behind stderr stops nothing: the wait ends, and its document is there", () => {
    const { env, work } = sandbox();
    const line = `node ${join(ROOT, "dist/p9.js")} watch build --json state,outcome -- sh -c 'exit 3' 2> /dev/full`;
    const { stdout, status } = spawnSync("bash", ["-c", line], { env, cwd: work, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: '{"state":"RED_UNCLASSIFIED","outcome":"failed"}\n', status: 10 });
  });

  test("Windows is refused in one line", () => {
    const { env } = sandbox();
    const script = `Object.defineProperty(process, "platform", { value: "win32" }); process.argv = ["node", "p9", "status"]; require(${JSON.stringify(join(ROOT, "dist/p9.js"))})`;
    const { status, stderr } = spawnSync("node", ["-e", script], { env, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^p9: Windows is not supported.*\n$/);
  });
});
