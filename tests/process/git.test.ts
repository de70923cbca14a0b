import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { run } from "../../src/process/exec.ts";
import { askGit, git, gitEnv, workTreeOf } from "../../src/process/git.ts";

/** Two repositories, `here` and `there`, each with a commit by somebody. */
function repositories() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "p9-git-")));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, "gitconfig");
  writeFileSync(config, "[user]\n\tname = Robin\n\temail = robin@example.org\n[init]\n\tdefaultBranch = main\n");
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: "1" };
  const [here, there] = [join(dir, "here"), join(dir, "there")];
  for (const root of [here, there]) {
    execFileSync("git", ["init", "-q", root], { env });
    writeFileSync(join(root, "file"), `of ${root}\n`);
    execFileSync("git", ["-C", root, "add", "file"], { env });
    execFileSync("git", ["-C", root, "commit", "-qm", `of ${root}`], { env });
  }
  return { dir, here, there, env };
}

describe("git()", () => {
  test.each([
    ["GIT_DIR", (there: string) => ({ GIT_DIR: join(there, ".git") })],
    ["GIT_DIR and GIT_WORK_TREE", (there: string) => ({ GIT_DIR: join(there, ".git"), GIT_WORK_TREE: there })],
    ["GIT_COMMON_DIR", (there: string) => ({ GIT_COMMON_DIR: join(there, ".git") })],
    ["GIT_CONFIG_PARAMETERS", (there: string) => ({ GIT_CONFIG_PARAMETERS: `'core.worktree'='${there}'` })],
    [
      "GIT_CONFIG_COUNT",
      (there: string) => ({
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "core.worktree",
        GIT_CONFIG_VALUE_0: there,
      }),
    ],
  ])("works in the folder that it is given, whatever %s says", async (_, set) => {
    const { here, there, env } = repositories();
    const place = { exec: run, env: { ...env, ...set(there) }, cwd: here };
    expect(await workTreeOf(place)).toBe(here);
    expect(await askGit(place, ["log", "-1", "--format=%s"])).toBe(`of ${here}`);
  });

  test.each([
    ["GIT_INDEX_FILE", (there: string) => ({ GIT_INDEX_FILE: join(there, ".git/index") })],
    ["GIT_OBJECT_DIRECTORY", (there: string) => ({ GIT_OBJECT_DIRECTORY: join(there, ".git/objects") })],
    ["GIT_NAMESPACE", () => ({ GIT_NAMESPACE: "elsewhere" })],
    ["GIT_PREFIX and GIT_LITERAL_PATHSPECS", () => ({ GIT_PREFIX: "sub/", GIT_LITERAL_PATHSPECS: "1" })],
  ])("stages and commits what lies there, whatever %s says", async (_, set) => {
    const { here, there, env } = repositories();
    const before = execFileSync("git", ["-C", there, "ls-files", "-s"], { env, encoding: "utf8" });
    const place = { exec: run, env: { ...env, ...set(there) }, cwd: here };
    writeFileSync(join(here, "new"), "new\n");
    expect(await git(place, ["add", "--", ":(literal)new"])).toMatchObject({ code: 0 });
    expect(await git(place, ["commit", "-qm", "two"])).toMatchObject({ code: 0 });
    const files = execFileSync("git", ["-C", here, "ls-tree", "--name-only", "HEAD"], { env, encoding: "utf8" });
    expect(files).toBe("file\nnew\n");
    expect(execFileSync("git", ["-C", there, "ls-files", "-s"], { env, encoding: "utf8" })).toBe(before);
  });

  test("leaves the user's own configuration, name, credentials and ways to servers as they are", async () => {
    const { here, env } = repositories();
    const own = {
      GIT_CONFIG_COUNT: "3",
      GIT_CONFIG_KEY_0: "core.hooksPath",
      GIT_CONFIG_VALUE_0: "/nowhere",
      GIT_CONFIG_KEY_1: "url.https://mirror.example/.insteadOf",
      GIT_CONFIG_VALUE_1: "https://github.com/",
      GIT_CONFIG_KEY_2: "http.proxy",
      GIT_CONFIG_VALUE_2: "http://proxy.example:3128",
      GIT_COMMITTER_NAME: "Robin at work",
      GIT_SSH_COMMAND: "ssh -i key",
      GIT_ASKPASS: "/usr/bin/askpass",
      GIT_SSL_CAINFO: "/etc/ca.pem",
      HTTPS_PROXY: "http://proxy.example:3128",
    };
    const place = { exec: run, env: { ...env, ...own }, cwd: here };
    await git(place, ["remote", "add", "origin", "https://github.com/o/r"]);
    expect(await askGit(place, ["remote", "get-url", "origin"])).toBe("https://mirror.example/o/r");
    expect(await askGit(place, ["config", "user.email"])).toBe("robin@example.org");
    expect(await askGit(place, ["config", "http.proxy"])).toBe("http://proxy.example:3128");
    expect(await askGit(place, ["var", "GIT_COMMITTER_IDENT"])).toMatch(/^Robin at work <robin@example.org>/);
    const { GIT_SSH_COMMAND, GIT_ASKPASS, GIT_SSL_CAINFO, HTTPS_PROXY } = own;
    expect(gitEnv(place.env)).toMatchObject({ GIT_SSH_COMMAND, GIT_ASKPASS, GIT_SSL_CAINFO, HTTPS_PROXY });
  });

  test("runs no hook and no monitor of the repository, and stays out of the session's trace", async () => {
    const { dir, here, env } = repositories();
    const mark = join(dir, "mark");
    writeFileSync(join(here, ".git/hooks/pre-commit"), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    execFileSync("git", ["-C", here, "config", "core.fsmonitor", `touch ${mark}; :`], { env });
    const trace = join(dir, "trace");
    const place = { exec: run, env: { ...env, GIT_TRACE2_EVENT: trace, GIT_TRACE: trace }, cwd: here };
    expect(await git(place, ["commit", "-q", "--allow-empty", "-m", "two"])).toMatchObject({ code: 0 });
    expect(await git(place, ["status", "--porcelain"])).toMatchObject({ code: 0, stderr: "" });
    expect([existsSync(mark), existsSync(trace)]).toEqual([false, false]);
  });

  test("says null where there is no repository, and where there is no such folder", async () => {
    const { dir, env } = repositories();
    expect(await workTreeOf({ exec: run, env: { ...env, GIT_CEILING_DIRECTORIES: dir }, cwd: dir })).toBeNull();
    expect(await workTreeOf({ exec: run, env, cwd: join(dir, "gone") })).toBeNull();
  });
});

test("a repository's program for signatures does not run when a signed commit is shown", async () => {
  const { dir, here, env } = repositories();
  const mark = join(dir, "mark");
  const commit = execFileSync("git", ["-C", here, "cat-file", "commit", "HEAD"], { env, encoding: "utf8" });
  const signed = commit.replace(
    "\n\n",
    "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n",
  );
  const hash = ["-C", here, "hash-object", "-t", "commit", "-w", "--stdin"];
  const sha = execFileSync("git", hash, { env, encoding: "utf8", input: signed }).trim();
  const program = join(dir, "program");
  writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
  execFileSync("git", ["-C", here, "config", "gpg.program", program], { env });
  execFileSync("git", ["-C", here, "config", "log.showSignature", "true"], { env });
  const place = { exec: run, env, cwd: here };
  expect(await git(place, ["show", "--name-only", "--format=", sha, "--"])).toMatchObject({
    code: 0,
    stdout: "file\n",
  });
  expect(existsSync(mark)).toBe(false);
  execFileSync("git", ["-C", here, "show", sha], { env });
  expect(existsSync(mark)).toBe(true);
});
