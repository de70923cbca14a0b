import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requireLinksWithin } from "../../../src/heal/confine/head-links.ts";
import { run } from "../../../src/process/exec.ts";

/** A commit with these links, and whether it may be healed. */
function commitOf(links: Record<string, string>) {
  const dir = mkdtempSync(join(tmpdir(), "p9-links-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", dir, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      env,
      encoding: "utf8",
    });
  git("init", "-q");
  mkdirSync(join(dir, "src"));
  writeFileSync(join(dir, "src/a"), "a\n");
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    symlinkSync(target, join(dir, path));
  }
  git("add", "-A");
  git("commit", "-qm", "one");
  return requireLinksWithin({ exec: run, env, cwd: dir }, git("rev-parse", "HEAD").trim());
}

test.each([
  ["an absolute one", { "docs/x": "/etc/passwd" }],
  ["one above the root", { "docs/x": "../../x" }],
  ["one that comes back in by the folder's name", { "docs/x": "../../checkout/src" }],
  ["one through another link", { "a/b/up": "../..", "a/x": "b/up/../x" }],
  ["one through a folder that is a link", { "deep/er/here": "../..", x: "deep/er/here/../y" }],
  ["one into git's own folder", { x: "./.git/hooks" }],
  ["one to git's own file, by another case", { "src/x": "../.GIT" }],
  ["two names that one file system takes for one", { "l/a": ".", "l/A": "deep/deeper", x: "l/a/../../y" }],
])("a head with %s is not healed", async (_, links) => {
  await expect(commitOf(links as Record<string, string>)).rejects.toMatchObject({
    message: expect.stringMatching(/^Cannot heal \w{12}: .* out of the repository/),
    exitCode: 7,
  });
});

test.each([
  ["no link", {}],
  [
    "links to files and folders within",
    { "docs/x": "../src/a", here: ".", "deep/er/up": "../../src", "CLAUDE.md": "src/a" },
  ],
  ["links through links within", { "a/b/up": "../..", "a/x": "b/up/src/a" }],
  ["a link to nothing, and a circle", { gone: "src/none", one: "two", two: "one" }],
  ["names with spaces, accents and line breaks", { "dé/é x\ny": "../src/a" }],
])("a head with %s is healed", async (_, links) => {
  await expect(commitOf(links as Record<string, string>)).resolves.toBeUndefined();
});
