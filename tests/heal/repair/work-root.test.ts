import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { remoteOf } from "../../../src/heal/repair/work-root.ts";
import { run } from "../../../src/process/exec.ts";

let root: string;
const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
const remote = (repo: string) => remoteOf(root, repo, { exec: run, env: { PATH: process.env.PATH, HOME: root } });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "p9-root-")));
  git("init", "--quiet");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the remote of a repository is found by its address, origin first", async () => {
  git("remote", "add", "mirror", "https://github.com/octo/app.git");
  expect(await remote("octo/app")).toBe("mirror");
  git("remote", "add", "origin", "git@github.com:Octo/App.git");
  expect(await remote("octo/app")).toBe("origin");
  expect(await remote("octo/other")).toBeNull();
});

test("the remote of a repository is found through insteadOf", async () => {
  git("config", "url.https://github.com/.insteadOf", "work:");
  git("remote", "add", "origin", "work:octo/app.git");
  expect(await remote("octo/app")).toBe("origin");
});

test("another forge's repository of that name is none", async () => {
  git("remote", "add", "origin", "https://gitlab.com/octo/app.git");
  expect(await remote("octo/app")).toBeNull();
});

test("the only remote is used when its address names no repository", async () => {
  git("remote", "add", "origin", "/srv/git/app.git");
  expect(await remote("octo/app")).toBe("origin");
});

test("a remote whose name is an option of git's is none", async () => {
  git("config", "remote.--upload-pack=touch mark;.url", "https://github.com/octo/app.git");
  expect(await remote("octo/app")).toBeNull();
  git("remote", "add", "origin", "https://github.com/octo/app.git");
  expect(await remote("octo/app")).toBe("origin");
});
