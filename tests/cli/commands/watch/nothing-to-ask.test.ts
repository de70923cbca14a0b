// needs: time, git, gh
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

/** A user without a login, in a clone of one commit; `remotes` name repositories on GitHub. */
function clone(...remotes: readonly string[]): Sandbox {
  const box = sandbox();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: box.work, env: box.env });
  git("init", "-q", "-b", "main");
  git("-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "--allow-empty", "-m", "one");
  for (const [at, repo] of remotes.entries()) git("remote", "add", `r${at}`, `https://github.com/${repo}.git`);
  return box;
}

/** The lines of stderr beside notes on the policy. */
const told = (text: string) => text.split("\n").filter((line) => line !== "" && !line.includes("No policy file"));

test.each([
  [["watch", "deploy"], /^p9: Cannot tell who deploys this: .*the repository is unknown and gh is not logged in/],
  [
    ["watch", "deploy", "--repo", "octo/app"],
    /^p9: Cannot tell who deploys this: .*gh is not logged in \(gh auth login\)$/,
  ],
  [
    ["watch", "deploy", "--provider", "vercel", "--param", "project=x"],
    /^p9: Cannot ask Vercel: the variable "VERCEL_TOKEN" is not set$/,
  ],
  [["watch", "index-sync", "pinecone:docs"], /^p9: Cannot .*pinecone|^p9: Cannot ask Pinecone/i],
  [
    ["watch", "http", "https://example.test/", "--send", "authorization: env:NOT_SET"],
    /^p9: Cannot watch example\.test: the variable "NOT_SET" is not set$/,
  ],
  [["watch", "build", "run:123"], /^p9: Cannot watch run:123: .* gh is not logged in \(gh auth login\): wanted --repo/],
  [["watch", "42"], /^p9: Cannot watch "42": .* gh is not logged in \(gh auth login\): wanted --repo/],
  [
    ["why", "42"],
    /^p9: Cannot tell which repository #42 is in: .* gh is not logged in \(gh auth login\): wanted --repo/,
  ],
])("p9 %j has nothing to ask: exit 3, one line, and nothing is registered", async (args, line) => {
  const box = clone();
  for (const more of args[0] === "watch" ? [[], ["--background"]] : [[]]) {
    const { code, stderr } = await box.p9([...args, ...more]);
    expect(told(stderr)).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(3);
  }
  expect(box.events()).toEqual([]);
});

test("a run whose repository is known ends with 4 without a login, and is not registered either", async () => {
  const box = clone("octo/app");
  const { code, stderr } = await box.p9(["watch", "build", "https://github.com/octo/app/actions/runs/123"]);
  expect(told(stderr)).toEqual(["p9: Cannot ask GitHub: gh is not logged in (gh auth login)"]);
  expect(code).toBe(4);
  expect(box.events()).toEqual([]);
});

test("a run that could not be asked about when it was registered is looked up again by its own name", async () => {
  const box = clone("octo/app");
  const env = { GH_TOKEN: "x", HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "" };
  const args = ["watch", "build", "run:123", "--repo", "octo/app", "--timeout", "4", "--json"];
  const { stdout } = await box.p9(args, { env });
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "timed_out", reason: expect.stringContaining("reach GitHub") });
});

test("a wait that could not be looked at says why, and what mends it", async () => {
  const box = clone();
  const args = ["watch", "http", "https://no-such-host.invalid/", "--timeout", "3", "--json"];
  const { code, stdout } = await box.p9(args);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 12,
    outcome: "timed_out",
    reason: "It could not be looked at within 3 s: Cannot reach https://no-such-host.invalid/: ENOTFOUND",
    next_action: "Check the name of the host, or the network, then watch it again",
  });
});
