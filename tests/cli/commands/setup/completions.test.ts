import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../../../src/cli/program/table.ts";
import { ROOT, type Sandbox, sandbox } from "../../../helpers/p9.ts";

/** The values offered after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await sandbox().p9(["complete", "--", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^:\d+$/);
  return lines.slice(0, -1).map((line) => line.split("\t")[0] ?? "");
}

test("every command that is not hidden is offered, and no other", async () => {
  const names = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name);
  expect((await offered("")).sort()).toEqual(expect.arrayContaining(names.sort()));
  expect(await offered("wai")).toEqual(["wait-for", "wait-queue"]);
});

test("options, subcommands and the kinds of wait are offered, also those that a kind brings", async () => {
  expect(await offered("events", "")).toContain("tail");
  expect(await offered("status", "--no")).toEqual(["--no-reap"]);
  expect(await offered("watch", "")).toEqual(expect.arrayContaining(["build", "command", "pr-ci"]));
  expect(await offered("watch", "build", "--exit")).toEqual(["--exit-file"]);
});

test("open waits are offered by id where a wait is wanted", async () => {
  const box = sandbox();
  const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "60"]);
  const attach = await box.p9(["complete", "--", "attach", ""]);
  expect(attach.stdout).toContain(`${JSON.parse(stdout).wait_id}\tbuild sleep 60`);
});

test("nonsense is answered with nothing, and never with an error", async () => {
  expect(await offered("no-such-command", "zzz")).toEqual([]);
  expect(await offered("watch", "no-such-kind", "--zzz")).toEqual([]);
});

/** What bash, without anything of its own, offers for each line once the script was sourced twice; `p9` is this shell function. */
function inBash(box: Sandbox, p9: string, lines: readonly string[]) {
  const tries = lines.map((line) => `try ${JSON.stringify(line).replaceAll("$", "\\$").replaceAll("`", "\\`")}`);
  const script = `set -u
    real() { node ${join(ROOT, "dist/p9.js")} "$@"; }
    script=$(real completions bash)
    source /dev/stdin <<< "$script"; source /dev/stdin <<< "$script"
    ${p9}
    try() { COMP_LINE=$1 COMP_POINT=\${#1}; __p9_complete; echo "\${#COMPREPLY[@]} \${COMPREPLY[*]-}"; }
    ${tries.join("\n")}`;
  const result = spawnSync("bash", ["--norc", "--noprofile", "-c", script], {
    env: box.env,
    cwd: box.work,
    encoding: "utf8",
  });
  expect(result.stderr).toBe("");
  return result.stdout.replace(/\n$/, "").split("\n");
}

test("the script for bash completes in a bash that has nothing else, and may be sourced twice", () => {
  const offers = inBash(sandbox(), 'p9() { real "$@"; }', [
    "p9 wat",
    "p9 wait-queue re",
    "p9 status --no",
    "p9 status --json to_",
    "p9 no-such ",
    // Another program's words.
    "p9 watch build -- wat",
  ]);
  expect(offers).toEqual(["1 watch", "1 release", "1 --no-reap", "1 to_state", "0 ", "0 "]);
});

test("of a quoted word with blanks, bash replaces nothing by an offer for its last part", () => {
  const script = `real() { node ${join(ROOT, "dist/p9.js")} "$@"; }
    source /dev/stdin <<< "$(real completions bash)"
    p9() { real "$@"; }
    try() { COMP_LINE=$1 COMP_POINT=\${#1}; __p9_complete p9 "$2"; echo "\${COMPREPLY[*]-}"; }
    try "p9 watch bui" bui
    try "p9 watch 'a bui" "a bui"
    try "p9 watch a\\\\ bui" "a\\\\ bui"`;
  const box = sandbox();
  const { stdout } = spawnSync("bash", ["--norc", "--noprofile", "-c", script], {
    env: box.env,
    cwd: box.work,
    encoding: "utf8",
  });
  expect(stdout).toBe("build\n\n\n");
});

test("nothing that is typed or offered is run by bash", () => {
  const box = sandbox();
  const hostile = ["$(touch pwned)", "`touch pwned`", "a b", "x;touch pwned", "*", "it's", "npm:x"];
  const p9 = `p9() { printf '%s\\tdescription $(touch pwned)\\n' ${hostile.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")}; echo :4; }`;
  const offers = inBash(box, p9, ["p9 attach ", "p9 attach $(touch pwned) `touch pwned`", "p9 plugin remove npm:"]);
  expect(offers[0]).toBe("7 \\$\\(touch\\ pwned\\) \\`touch\\ pwned\\` a\\ b x\\;touch\\ pwned \\* it\\'s npm:x");
  // Bash has the part before the colon already.
  expect(offers[2]).toBe("1 x");
  expect(existsSync(join(box.work, "pwned"))).toBe(false);
});

test("a name from outside is a description, never an offer", async () => {
  const box = sandbox();
  const name = "$(touch pwned)\u001b[31m\tx";
  const args = ["wait-for", name, "--cmd", "false", "--background", "--json"];
  const { wait_id } = JSON.parse((await box.p9(args)).stdout);
  const { stdout } = await box.p9(["complete", "--", "attach", ""]);
  expect(stdout).toMatch(new RegExp(`^${wait_id}\\t[ -~]*\\$\\(touch pwned\\)[ -~]*\\n:4\\n$`));
});

test.each(["bash", "zsh", "fish", "powershell"])("there is a script for %s", async (shell) => {
  const { code, stdout } = await sandbox().p9(["completions", shell]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/p9.* complete/);
});

test("a shell that is not known is refused, naming those that are", async () => {
  const { code, stderr } = await sandbox().p9(["completions", "tcsh"]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^p9: .*"tcsh".*bash, zsh, fish, powershell\n$/);
});
