import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { resolveRepo } from "../../../src/cli/program/repo.ts";
import { type Exec, run } from "../../../src/process/exec.ts";
import { sandbox } from "../../helpers/p9.ts";

/** A git repository with these remotes and settings, and a `gh` that says `gh`. */
async function directory(config: Readonly<Record<string, string>>, gh?: string) {
  const { dir, env } = sandbox();
  const cwd = `${dir}/repo/deep`;
  mkdirSync(cwd, { recursive: true });
  await run(["git", "init", "-q", `${dir}/repo`], { env });
  for (const [key, value] of Object.entries(config)) await run(["git", "config", "--add", key, value], { cwd, env });
  const asked: string[] = [];
  const warned: string[] = [];
  const exec: Exec = async (argv, options) => {
    if (argv[0] !== "gh") return run(argv, options);
    asked.push(argv.join(" "));
    const result = { signal: null, stderr: "", timedOut: false, truncated: false, notFound: gh === undefined };
    return { ...result, code: gh === undefined ? null : 0, stdout: `${gh ?? ""}\n` };
  };
  const resolve = (flag?: string, more = {}) =>
    resolveRepo(flag, { env: { ...env, ...more }, cwd, exec, warn: (text) => warned.push(text) });
  return { resolve, asked, warned };
}

test("--repo wins over BROOMVA_P9_REPO, which wins over the directory", async () => {
  const { resolve } = await directory({ "remote.origin.url": "git@github.com:octo/here.git" });
  expect(await resolve("https://github.com/octo/flag.git/", { BROOMVA_P9_REPO: "octo/env" })).toBe("octo/flag");
  expect(await resolve(undefined, { BROOMVA_P9_REPO: "octo/env" })).toBe("octo/env");
  expect(await resolve(undefined, { BROOMVA_P9_REPO: "" })).toBe("octo/here");
});

test("`-` is no repository, whatever the directory says", async () => {
  const { resolve } = await directory({ "remote.origin.url": "https://github.com/octo/here" });
  expect(await resolve(undefined, { BROOMVA_P9_REPO: "-" })).toBeNull();
  expect(await resolve("-")).toBeNull();
});

test("a flag that names no repository is refused, a variable that names none is said and not used", async () => {
  const { resolve, warned } = await directory({ "remote.origin.url": "https://github.com/octo/here" });
  await expect(resolve("nonsense")).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('"nonsense"'),
  });
  expect(await resolve(undefined, { BROOMVA_P9_REPO: "nonsense" })).toBe("octo/here");
  expect(warned).toHaveLength(1);
});

test("one remote called origin answers without asking gh", async () => {
  const { resolve, asked } = await directory({ "remote.origin.url": "ssh://git@example.org:2222/group/sub/name.git" });
  expect(await resolve()).toBe("example.org/group/sub/name");
  expect(asked).toEqual([]);
});

test("what gh repo set-default chose is taken", async () => {
  const remotes = {
    "remote.origin.url": "https://github.com/me/fork",
    "remote.upstream.url": "https://github.com/octo/app",
  };
  const base = await directory({ ...remotes, "remote.upstream.gh-resolved": "base" });
  expect(await base.resolve()).toBe("octo/app");
  const named = await directory({ ...remotes, "remote.origin.gh-resolved": "octo/other" });
  expect(await named.resolve()).toBe("octo/other");
});

test("with several remotes gh is asked, and origin is taken when it cannot answer", async () => {
  const remotes = {
    "remote.origin.url": "https://github.com/me/fork",
    "remote.upstream.url": "https://github.com/octo/app",
  };
  const answered = await directory(remotes, "octo/app");
  expect(await answered.resolve()).toBe("octo/app");
  expect(answered.asked).toHaveLength(1);
  const silent = await directory(remotes);
  expect(await silent.resolve()).toBe("me/fork");
});

test("a directory without a repository, or with one of files only, has none", async () => {
  const { dir, env } = sandbox();
  const place = { env: { ...env, GIT_CEILING_DIRECTORIES: dir }, cwd: dir, exec: run, warn: () => {} };
  expect(await resolveRepo(undefined, place)).toBeNull();
  const local = await directory({ "remote.origin.url": "file:///srv/git/app.git" });
  expect(await local.resolve()).toBeNull();
});
