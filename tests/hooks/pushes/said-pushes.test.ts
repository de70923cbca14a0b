import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codex } from "../../../src/harness/clients/codex.ts";
import { Fields } from "../../../src/harness/fields.ts";
import { hookContext } from "../../../src/hooks/context.ts";
import { findPushes } from "../../../src/hooks/pushes/find-pushes.ts";
import { saidRefs } from "../../../src/hooks/pushes/said-refs.ts";
import { PushLab } from "./push-scenarios.ts";

let root: string;
let lab: PushLab;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "p9-said-")));
  lab = new PushLab(root);
  // What was pushed to set the lab up is old news.
  rmSync(join(lab.work, ".git/logs/refs/remotes"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const env = () => ({ PATH: process.env.PATH, HOME: lab.home, BROOMVA_P9_HOME: join(root, "p9") });

/** Runs a command as a sandbox does in which git can write neither trace nor reflog, and gives what it printed. */
function sandboxed(command: string): string {
  const run = `{ ${command}; } 2>&1`;
  try {
    return execFileSync("sh", ["-c", run], { cwd: lab.work, env: { ...env(), LC_ALL: "C" }, encoding: "utf8" });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  } finally {
    rmSync(join(lab.work, ".git/logs/refs/remotes"), { recursive: true, force: true });
  }
}

/** What a session finds after a command, by its words and what it printed. */
async function found(command: string, output: string, cwd = lab.work) {
  const input = new Fields({ session_id: "one", cwd, tool_input: { command }, tool_response: output });
  const call = codex.read("PostToolUse", input, {});
  const items = await findPushes(hookContext(call, codex, { env: env() }), call);
  return items.map((item) => ("push" in item ? `${item.push.repo} ${item.push.branch} ${item.push.sha}` : ""));
}

const head = () => lab.git(["rev-parse", "HEAD"]);

describe("in a sandbox without reflog and trace", () => {
  test.each([
    ["git push origin HEAD"],
    ["git push"],
    ["git push -u origin feature"],
    ['git push -u origin "$(git branch --show-current)"'],
    ["git status --short && git push origin HEAD | cat"],
    ["git push https://me:hunter2@github.com/octo/app.git HEAD:feature"],
    ["git -c color.ui=always push origin feature:refs/heads/feature"],
  ])("a push is seen by its command and its report: %s", async (command) => {
    const output = sandboxed(command);
    expect(output).toContain("[new branch]");
    expect(await found(command, output)).toEqual([`octo/app feature ${head()}`]);
  });

  test("the same push is found once", async () => {
    const output = sandboxed("git push");
    expect(await found("git push", output)).toHaveLength(1);
    expect(await found("git push", output)).toEqual([]);
  });

  test("a later push, and a forced one, are seen with the commit that arrived", async () => {
    sandboxed("git push");
    for (const change of [
      ["commit", "-q", "--allow-empty", "-m", "more"],
      ["commit", "-q", "--amend", "--allow-empty", "-m", "again"],
    ]) {
      lab.git(change);
      const command = "git push --force-with-lease";
      expect(await found(command, sandboxed(command))).toEqual([`octo/app feature ${head()}`]);
    }
  });

  test("a push in another folder is that folder's", async () => {
    const command = `cd / && git -C ${lab.work} push`;
    expect(await found(command, sandboxed(command), root)).toEqual([`octo/app feature ${head()}`]);
    expect(await found(`cd ${lab.work} && git push`, "", root)).toEqual([]);
  });

  test("of several refs those count that arrived", async () => {
    lab.git(["branch", "other"]);
    lab.git(["tag", "v1"]);
    const command = "git push origin feature other v1";
    expect((await found(command, sandboxed(command))).map((line) => line.split(" ")[1])).toEqual(["feature", "other"]);
  });
});

describe("is not believed", () => {
  const report = () => `To ${lab.remote}\n * [new branch]      feature -> feature\n`;

  test("the command alone, or the report alone", async () => {
    expect(await found("git push", "")).toEqual([]);
    expect(await found("cat release.log", report())).toEqual([]);
    expect(await found("echo git push", report())).toEqual([]);
    expect(await found("git commit -m push", report())).toEqual([]);
  });

  test("a dry run, which prints the same", async () => {
    for (const command of ["git push --dry-run", "git push -n", "git push -un origin feature"]) {
      const output = sandboxed(command);
      expect(output).toContain("[new branch]");
      expect(await found(command, output)).toEqual([]);
    }
  });

  test("a report to another address than the remote's", async () => {
    expect(await found("git push", report().replace(lab.remote, "https://github.com/evil/app.git"))).toEqual([]);
    expect(await found("git push https://github.com/evil/app.git feature", report())).toEqual([]);
  });

  test("refs that were not asked for, or that are not here", async () => {
    for (const line of ["main -> main", "feature -> main", "nope -> nope", "feature -> feature^", "-x -> -x"]) {
      const output = report().replace("feature -> feature", line);
      expect([line, await found("git push origin feature", output)]).toEqual([line, []]);
    }
  });

  test("a commit that the branch does not have here", async () => {
    const output = `To ${lab.remote}\n   1234567..89abcde  feature -> feature\n`;
    expect(await found("git push", output)).toEqual([]);
    lab.git(["checkout", "-q", "main"]);
    const theirs = lab.commit("Theirs").slice(0, 7);
    lab.git(["checkout", "-q", "feature"]);
    rmSync(join(lab.work, ".git/logs/HEAD"));
    expect(await found("git push", `To ${lab.remote}\n   1234567..${theirs}  feature -> feature\n`)).toEqual([]);
  });

  test("a push that was rejected", async () => {
    lab.git(["push", "-q", "origin", "HEAD"]);
    rmSync(join(lab.work, ".git/logs/refs/remotes"), { recursive: true });
    lab.git(["commit", "-q", "--amend", "-m", "rewritten"]);
    const output = sandboxed("git push");
    expect(output).toContain("[rejected]");
    expect(await found("git push", output)).toEqual([]);
  });
});

test("a repository whose .git is read-only for git is asked for nothing that writes", async () => {
  const output = sandboxed("git push");
  chmodSync(join(lab.work, ".git"), 0o555);
  try {
    expect(await found("git push", output)).toEqual([`octo/app feature ${head()}`]);
  } finally {
    chmodSync(join(lab.work, ".git"), 0o755);
  }
});

describe("git's report", () => {
  test("is read in git's very form only, at once after the address", () => {
    const refs = (text: string) => saidRefs(text).flatMap((push) => push.refs.map(({ branch, sha }) => [branch, sha]));
    expect(refs("remote: hello\nTo x:o/r.git\n * [new branch]      HEAD -> a/b\n   12ab..34cd  c -> c\n")).toEqual([
      ["a/b", null],
      ["c", "34cd"],
    ]);
    expect(refs("To x\n + 12ab...34cd c -> c (forced update)\n")).toEqual([["c", "34cd"]]);
    expect(refs("To x\n = [up to date]      c -> c\n * [new branch]      d -> d\n")).toEqual([["d", null]]);
    for (const text of [
      " * [new branch]      a -> a\n",
      "To x\n\n * [new branch]      a -> a\n",
      "To x\nremote: y\n * [new branch]      a -> a\n",
      "To x y\n * [new branch]      a -> a\n",
      " To x\n * [new branch]      a -> a\n",
      "To x\n* [new branch]      a -> a\n",
      "To x\n * [new tag]         v1 -> v1\n",
      "To x\n - [deleted]         a\n",
      "To x\n ! [rejected]        a -> a (fetch first)\n",
      "To x\n   12ab...34cd  a -> a\n",
      "To x\n + 12ab...34cd a -> a\n",
      "To x\n * [new branch]      a -> a b\n",
      "To x\n * [new branch]      a..b -> a..b\n",
      "To x\n * [new branch]      a@{1} -> a\n",
    ])
      expect([text, refs(text)]).toEqual([text, []]);
  });
});
