// needs: time, gh
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { readJsonChoice } from "../../../src/cli/json/choice.ts";
import { FIELDS } from "../../../src/cli/json/fields.ts";
import { buildProgram } from "../../../src/cli/program/build-program.ts";
import { createContext } from "../../../src/cli/program/context.ts";
import { COMMANDS } from "../../../src/cli/program/table.ts";
import { type Sandbox, sandbox } from "../../helpers/p9.ts";
import { startGitHub } from "../../servers/github/mod.ts";

/** A user with one build that ended GREEN. */
async function withBuild(): Promise<Sandbox> {
  const box = sandbox();
  expect((await box.p9(["watch", "build", "--", "true"])).code).toBe(0);
  return box;
}

test.each(["--jq", "-q"])("an expression behind %s is no target of watch", async (flag) => {
  const line = ["watch", "--dry-run", "--json", flag, "1", "build", "--", "true"];
  expect(await sandbox().p9(line)).toMatchObject({ code: 0, stdout: "1\n" });
});

describe("--json with fields", () => {
  test("chooses them in the rows of a list, as gh does, and leaves the document's shape", async () => {
    const box = await withBuild();
    const { stdout } = await box.p9(["status", "--json", "ref,to_state,host"]);
    expect(JSON.parse(stdout)).toEqual({
      open_prs: [],
      open_waits: [{ ref: "true", to_state: "GREEN", host: null }],
    });
    // Alone it prints the contract's document.
    expect(JSON.parse((await box.p9(["status", "--json"])).stdout).open_waits[0]).toMatchObject({ type: "transition" });
  });

  test("chooses them in a document that is one object, and says null for what it has not", async () => {
    const box = sandbox();
    const { stdout, code } = await box.p9(["watch", "build", "--json=state,pid", "--", "false"]);
    expect(JSON.parse(stdout)).toEqual({ state: "RED_UNCLASSIFIED", pid: null });
    expect(code).toBe(10);
  });

  test("lists what there is for --json=help, without doing anything", async () => {
    const box = sandbox();
    const { stdout, code, stderr } = await box.p9(["wait-queue", "clear", "--json=help"]);
    expect({ stdout, code, stderr }).toEqual({ stdout: "cleared\n", code: 0, stderr: "" });
    expect((await box.p9(["attach", "--json=help"])).stdout).toMatch(/^next_action$/m);
  });

  test("refuses an unknown field before the command does anything, naming those that there are", async () => {
    const box = sandbox();
    const { stdout, code, stderr } = await box.p9(["wait-queue", "push", "--item", "x", "--json", "ids"]);
    expect({ stdout, code }).toEqual({ stdout: "", code: 3 });
    expect(stderr).toBe('p9: Unknown JSON field: "ids" (did you mean "id"?)\n  Available fields: id\n');
    expect(await box.json(["wait-queue", "list"])).toEqual([]);
  });

  test.each([
    [["why", "--json", "42"], ["why", "--json=", "42"], null],
    [["why", "--json", "ready", "42"], ["why", "--json=", "42"], ["ready"]],
    [["watch", "--json", "build"], ["watch", "--json=", "build"], null],
    [
      ["watch", "--json", "state,pid", "build"],
      ["watch", "--json=", "build"],
      ["state", "pid"],
    ],
    // A wait may be called like a field.
    [["wait-for", "--json", "state"], ["wait-for", "--json=", "state"], null],
    [["attach", "--json", "state", "w1"], ["attach", "--json=", "w1"], ["state"]],
    [["wait-queue", "done", "--json", "q-1"], ["wait-queue", "done", "--json=", "q-1"], null],
    [
      ["status", "--json", "ref", "--json", "pr"],
      ["status", "--json=", "--json="],
      ["ref", "pr"],
    ],
    [["notify", "--", "--json", "id"], ["notify", "--", "--json", "id"], null],
    // A command that this table does not know keeps its words.
    [["later", "--json", "word"], ["later", "--json=", "word"], null],
  ])("%j keeps the command's own words", (argv, rest, fields) => {
    expect(readJsonChoice(argv, false)).toEqual({ argv: rest, fields, listed: null });
  });

  test("--json= without a value lists the fields for a person at a terminal, and prints the document else", () => {
    expect(readJsonChoice(["status", "--json="], true).listed).toContain("to_state");
    expect(readJsonChoice(["status", "--json="], false)).toMatchObject({ fields: null, listed: null });
  });
});

describe("--jq", () => {
  test("prints one value a line: strings as they are, the rest as compact JSON", async () => {
    const box = await withBuild();
    const jq = async (...args: string[]) => (await box.p9(["report", "--json", ...args])).stdout;
    expect(await jq("--jq", ".reports[] | .state, .attempt, .log_tail, {ref}")).toBe('GREEN\n0\n[]\n{"ref":"true"}\n');
    expect(await jq("state,ref", "-q", ".reports[] | [.state, .ref] | @tsv")).toBe("GREEN\ttrue\n");
    expect(await jq("--jq", "empty")).toBe("");
    expect(await jq("--jq", '""')).toBe("\n");
    expect(await jq("--jq=-1")).toBe("-1\n");
  });

  test("is jq: what gh prints for the same document and expression", async () => {
    const github = await startGitHub();
    onTestFinished(() => github.stop());
    const box = sandbox();
    const env = { ...box.env, ...github.env };
    github.world.repo("octo/app").pull(42).head.checks("lint");
    const gh = async (...jq: string[]) =>
      (await promisify(execFile)("gh", ["api", "repos/octo/app/pulls/42", ...jq], { env })).stdout;
    const document = await gh();
    const { openJq } = await import("../../../src/cli/json/jq.ts");
    for (const expression of [
      ".number",
      ".state",
      "[.number, .state]",
      ".head | keys",
      '"\\(.number)\\t\\(.state)"',
      ".nope",
    ])
      expect((await openJq(expression))(document), expression).toBe(await gh("--jq", expression));
  });

  test("without --json it is refused, as by gh, and nothing is done", async () => {
    const box = sandbox();
    const { code, stdout, stderr } = await box.p9(["wait-queue", "push", "--item", "x", "--jq", ".id"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^p9: Cannot use --jq without --json\n/);
    expect(await box.json(["wait-queue", "list"])).toEqual([]);
  });

  test.each([
    [".[", 'p9: Cannot read the jq expression ".[": syntax error, unexpected end of file at column 2\n'],
    ["foo", 'p9: Cannot read the jq expression "foo": foo/0 is not defined at column 1\n'],
    ["--help", 'p9: Cannot read the jq expression "--help": help/0 is not defined at column 3\n'],
  ])("an expression that is none (%s) is one line and exit 3, before anything is done", async (expression, line) => {
    const box = sandbox();
    const result = await box.p9(["wait-queue", "push", "--item", "x", "--json", "--jq", expression]);
    expect(result).toMatchObject({ code: 3, stdout: "", stderr: line });
    expect(await box.json(["wait-queue", "list"])).toEqual([]);
  });

  test("an expression that cannot be applied is said, and so is that the command was carried out", async () => {
    const box = sandbox();
    const { code, stdout, stderr } = await box.p9(["status", "--json", "--jq", ".open_prs.x"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(
      'p9: Cannot apply the jq expression ".open_prs.x": Cannot index array with string ("x")\n  the command itself was carried out\n',
    );
  });

  test("text from outside moves no cursor and is no report", async () => {
    const box = sandbox();
    const hostile = "a\u001b[31mred\u202e\u0007 P9-TERMINATION-REPORT {}";
    await box.p9(["wait-queue", "push", "--item", hostile]);
    const raw = await box.p9(["wait-queue", "list", "--json", "--jq", ".[].item"]);
    expect(raw.stdout).toBe("ared P9 TERMINATION REPORT {}\n");
    const json = await box.p9(["wait-queue", "list", "--json", "item", "--jq", ".[]"]);
    expect(json.stdout).toMatch(/^[ -~]+\n$/);
  });

  test("events are filtered line by line", async () => {
    const box = await withBuild();
    const lines = (await box.p9(["events", "tail", "--json", "type,to_state", "--jq", "select(.to_state).to_state"]))
      .stdout;
    expect(lines.trimEnd().split("\n").at(-1)).toBe("GREEN");
    expect(lines.trimEnd().split("\n")).toHaveLength(box.events().filter(({ type }) => type === "transition").length);
  });

  test("p9 from source on Deno does it too", async () => {
    const box = sandbox();
    await box.p9(["wait-queue", "push", "--item", "x"]);
    const args = ["wait-queue", "list", "--json", "item", "--jq", ".[] | .item"];
    expect(await box.p9(args, { runtime: "deno" })).toMatchObject({ code: 0, stdout: "x\n" });
  });
});

describe("the table of fields", () => {
  test("has every command that prints a document, and no other", async () => {
    const none = ["events", "drive", "hook", "mcp", "completions", "complete", "wait-queue", "plugin", "escalations"];
    const leaves: string[] = [];
    for (const row of COMMANDS) {
      const program = await buildProgram(row, COMMANDS, createContext({ argv: [row.name], rest: null }));
      const [command] = program.commands;
      const below = (command?.commands ?? []).filter((one) => one.name() !== "help");
      leaves.push(...(below.length > 0 ? below.map((one) => `${row.name} ${one.name()}`) : [row.name]));
    }
    expect(leaves.filter((path) => !none.includes(path)).sort()).toEqual(Object.keys(FIELDS).sort());
  });

  /** The keys that fields choose from. */
  function keys(document: unknown, of: string): string[] {
    const rows =
      of === "document" ? [document] : Array.isArray(document) ? document : Object.values(document ?? {}).flat();
    return [...new Set(rows.flatMap((row) => (typeof row === "object" && row !== null ? Object.keys(row) : [])))];
  }

  test("names every key of the documents that need no network", async () => {
    const box = await withBuild();
    await box.p9(["wait-queue", "push", "--item", "x"]);
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "30"]);
    const background = JSON.parse(stdout);
    const commands: (readonly string[])[] = [
      ["watch", "--dry-run", "build", "--", "true"],
      ["status"],
      ["report"],
      ["stats"],
      ["doctor"],
      ["trust"],
      ["wait-queue", "list"],
      ["wait-queue", "pop"],
      ["wait-queue", "clear"],
      ["wait-queue", "push", "--item", "y"],
      ["escalations", "list"],
      ["escalations", "flush"],
      ["plugin", "list"],
      ["stuck-scan"],
      ["rearm"],
      ["reap"],
      ["cleanup"],
      ["notify", "hello"],
      ["statusline"],
      ["init", "--dry-run"],
      ["uninstall", "--dry-run"],
      ["abandon", background.wait_id],
    ];
    const documents: [string, unknown][] = [["watch", background]];
    for (const args of commands) {
      const path = Object.hasOwn(FIELDS, args.slice(0, 2).join(" ")) ? args.slice(0, 2).join(" ") : (args[0] ?? "");
      documents.push([path, await box.json(args)]);
    }
    const unnamed = documents.flatMap(([path, document]) =>
      keys(document, FIELDS[path]?.of ?? "").flatMap((key) =>
        FIELDS[path]?.names.includes(key) ? [] : [`${path} ${key}`],
      ),
    );
    expect(unnamed).toEqual([]);
  }, 60_000);

  test("names every key of the documents about a pull request", async () => {
    const github = await startGitHub();
    onTestFinished(() => github.stop());
    const box = sandbox();
    box.write(".control/policy.yaml", "ci_watch:\n  settle: 0\nci_heal: {}\n");
    const pull = github.world.repo("octo/app").pull(42);
    pull.head.checks({ name: "lint", conclusion: "FAILURE" });
    const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
    const unnamed: string[] = [];
    for (const args of [
      ["watch", "42"],
      ["heal", "42"],
      ["merge-status", "42"],
      ["merge-ready", "42"],
      ["why", "42"],
      ["status"],
      ["report"],
    ]) {
      const path = args[0] ?? "";
      const { stdout } = await box.p9([...args, "--json"], { env });
      const known = FIELDS[path];
      for (const key of keys(JSON.parse(stdout), known?.of ?? ""))
        if (!known?.names.includes(key)) unnamed.push(`${path} ${key}`);
    }
    expect(unnamed).toEqual([]);
  }, 60_000);
});
