import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Transition } from "../../src/core/events.ts";
import { UnwatchedFiles } from "../../src/hooks/pushes/unwatched.ts";
import { InboxFolder } from "../../src/inbox/folder.ts";
import { withLock } from "../../src/store/lock/lock.ts";
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
    tool_response: { gitOperation: { push: { branch: "feature" } } },
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

/** `gh pr create` as the client tells of it, and the waits afterwards. */
async function afterCreate(command = "gh pr create --fill", number = 7) {
  const url = `https://github.com/octo/app/pull/${number}`;
  await session.call("PostToolUse", {
    tool_name: "Bash",
    tool_input: { command, description: "" },
    tool_response: { gitOperation: { pr: { action: "created", number, url } } },
    tool_use_id: `toolu_${number}`,
  });
  await lab.store.settled();
  return [...lab.store.read().waits.values()];
}

describe("a pull request that is made right after a push", () => {
  beforeEach(async () => {
    git("remote", "add", "origin", "git@github.com:octo/app.git");
    await afterPush("origin");
  });

  test("is the branch's wait from then on, with the pushed commit", async () => {
    const sha = git("rev-parse", "HEAD").trim();
    expect(await afterCreate()).toMatchObject([{ pr: 7, ref: "#7", sha, state: "PUSHED" }]);
    // Another push of the branch belongs to it too.
    git("commit", "--quiet", "--allow-empty", "--message", "two");
    lab.now = Date.now();
    await afterPush("origin");
    expect([...lab.store.read().waits.values()]).toMatchObject([{ pr: 7, sha: git("rev-parse", "HEAD").trim() }]);
  });

  test.each([
    'curl -H "Accept: x" http://127.0.0.1 && gh pr create --fill',
    "gh pr create --title 'Say what --head other does' --body \"and -H other\"",
    "gh pr create --fill; git log --head other",
    'gh pr create --head "$(git branch --show-current)" --fill',
    "gh pr create -f --head=`git rev-parse --abbrev-ref HEAD`",
    "gh pr create \\\n  --fill \\\n  -H \\\n 'me:feature'",
    "gh pr create -fHfeature",
  ])("is the branch's wait when it is made by %j", async (command) => {
    expect(await afterCreate(command)).toMatchObject([{ pr: 7, ref: "#7" }]);
  });

  test.each(["gh pr create --head me:other --fill", "gh pr create -dH=other", 'gh pr create --head "$BRANCH" --fill'])(
    "of another branch, or one that is not told, is a wait of its own: %j",
    async (command) => {
      expect(await afterCreate(command)).toMatchObject([
        { pr: null, ref: "feature" },
        { pr: 7, ref: "#7" },
      ]);
    },
  );
});

/** The state's lock is another process's while `work` is done. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  return withLock(lab.store.paths.stateLock, work, { timeoutMs: 1_000 });
}

describe("a push that cannot be registered because the state is locked", () => {
  beforeEach(() => git("remote", "add", "origin", "git@github.com:octo/app.git"));

  test.each(["PostToolUse", "Stop"])("is registered by the next hook, a %s", async (event) => {
    const { rows, stdout } = await whileLocked(() => afterPush("origin"));
    expect({ rows, stdout }).toEqual({ rows: [], stdout: "" });
    await session.call(event, { tool_name: "Bash", tool_input: { command: "ls", description: "" }, tool_use_id: "2" });
    await lab.store.settled();
    expect([...lab.store.read().waits.values()]).toMatchObject([{ repo: "octo/app", ref: "feature" }]);
  });

  test("is registered by the session that comes after, when its own is gone", async () => {
    session = lab.session("gone", { CLAUDE_PID: "4194999" });
    await session.start();
    lab.now = Date.now();
    await whileLocked(() => afterPush("origin"));
    await lab.session("two").start();
    await lab.store.settled();
    expect([...lab.store.read().waits.values()]).toMatchObject([{ repo: "octo/app", ref: "feature" }]);
  });

  test("is a pull request's creation as well", async () => {
    await whileLocked(() =>
      session.call("PostToolUse", {
        tool_name: "Bash",
        tool_input: { command: "gh pr create", description: "" },
        tool_response: {
          gitOperation: { pr: { action: "created", number: 7, url: "https://github.com/octo/app/pull/7" } },
        },
        tool_use_id: "1",
      }),
    );
    await session.call("Stop", {});
    await lab.store.settled();
    expect([...lab.store.read().waits.values()]).toMatchObject([{ repo: "octo/app", pr: 7 }]);
  });
});

test("a push that a hook was killed over is the next hook's; one that a hook still works on is not", async () => {
  git("remote", "add", "origin", "git@github.com:octo/app.git");
  const folder = new InboxFolder(lab.store.paths.inbox, "one");
  const push = {
    repo: "octo/app",
    base: null,
    branch: "feature",
    sha: git("rev-parse", "HEAD").trim(),
    cwd: lab.project,
  };
  new UnwatchedFiles(folder).keep({ push: { ...push, at: lab.now } });
  expect(new UnwatchedFiles(folder).left(lab.now)).toEqual([]);
  const [file] = readdirSync(join(folder.path, "pushed.d"));
  const path = join(folder.path, "pushed.d", file ?? "");
  writeFileSync(path, readFileSync(path, "utf8").replace(/"pid":\d+/, '"pid":4194999'));
  await session.call("Stop", {});
  await lab.store.settled();
  expect([...lab.store.read().waits.values()]).toMatchObject([{ repo: "octo/app", ref: "feature" }]);
  expect(readdirSync(join(folder.path, "pushed.d"))).toEqual([]);
});

test("of two pushes of a branch the last is registered, and nothing of the first stays", async () => {
  git("remote", "add", "origin", "git@github.com:octo/app.git");
  const first = git("rev-parse", "HEAD").trim();
  await whileLocked(() => afterPush("origin"));
  git("commit", "--quiet", "--allow-empty", "--message", "two");
  lab.now = Date.now();
  const { rows } = await afterPush("origin");
  const shas = rows.map(({ sha }) => sha);
  expect(shas).toContain(git("rev-parse", "HEAD").trim());
  expect(shas).not.toContain(first);
  expect(readdirSync(join(lab.store.paths.inbox, "one", "pushed.d"))).toEqual([]);
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
