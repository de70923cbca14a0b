import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Transition } from "../../src/core/events.ts";
import { HookLab, type Session } from "./hook-lab.ts";

let lab: HookLab;
let session: Session;
const git = (...args: string[]) =>
  execFileSync("git", ["-C", lab.project, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });

beforeEach(async () => {
  lab = new HookLab();
  lab.now = Date.now();
  lab.policy();
  session = lab.session("one");
  git("init", "--quiet", "--initial-branch=feature");
  git("commit", "--quiet", "--allow-empty", "--message", "one");
});
afterEach(() => lab.destroy());

/** What git keeps of a push to a remote, and the hook that follows it. */
async function afterPush(remote: string) {
  const path = `refs/remotes/${remote}/feature`;
  git("update-ref", "--create-reflog", "-m", "update by push", path, "HEAD");
  const { stdout } = await session.call("PostToolUse", {
    tool_name: "Bash",
    tool_input: { command: "git push", description: "push" },
    tool_use_id: "toolu_1",
  });
  await lab.store.settled();
  const rows = [...lab.store.events()].filter((event): event is Transition => event.type === "transition");
  return { stdout, rows };
}

test("a push to a repository of GitHub is watched in a line", async () => {
  git("remote", "add", "origin", "git@github.com:octo/app.git");
  const { stdout, rows } = await afterPush("origin");
  expect(rows[0]).toMatchObject({ repo: "octo/app", to_state: "PUSHED", ref: "feature" });
  expect(stdout).toContain("octo/app");
});

test("a push to another forge's repository of that name starts nothing and says nothing", async () => {
  git("remote", "add", "origin", "https://gitlab.com/octo/app.git");
  expect(await afterPush("origin")).toEqual({ stdout: "", rows: [] });
  expect(lab.notes()).toBe("");
});

test("a push to a fork is watched where gh works on pull requests, by the branch of that fork", async () => {
  git("remote", "add", "origin", "https://github.com/me/app.git");
  git("remote", "add", "upstream", "https://github.com/octo/app.git");
  git("config", "remote.upstream.gh-resolved", "base");
  const { rows } = await afterPush("origin");
  expect(rows[0]).toMatchObject({ repo: "octo/app", extra: { key: "me/app#branch:feature" } });
});
