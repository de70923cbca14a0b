import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../../../src/cli/program/table.ts";
import { ROOT, sandbox } from "../../../helpers/p9.ts";

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

test("the script for bash completes in bash", async () => {
  const box = sandbox();
  const script = `
    p9() { node ${join(ROOT, "dist/p9.js")} "$@"; }
    source <(p9 completions bash)
    COMP_WORDS=(p9 wat) COMP_CWORD=1 COMP_LINE="p9 wat" COMP_POINT=6
    _get_comp_words_by_ref() { cur=wat; prev=p9; words=(p9 wat); cword=1; }
    __p9_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, status } = spawnSync("bash", ["-c", script], { env: box.env, encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^watch\b/m);
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
