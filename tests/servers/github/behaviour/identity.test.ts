// needs: gh
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { followGit, shaOf } from "../mod.ts";
import { lab } from "./lab.ts";

test("several hosts are asked over one socket, each with its own login and its own budget", async () => {
  const { github, world, ghIn } = await lab();
  const env = github.logIn(
    { host: "github.com", user: "octocat", token: "t1" },
    { host: "git.example.com", user: "work", token: "t2" },
  );
  world.repo("octo/app").pull(42, { title: "Of github.com" });
  world.host("git.example.com").repo("octo/app").pull(42, { title: "Of the own server" });
  const title = async (repo: string) => {
    const { stdout } = await ghIn({ env }, "pr", "view", "42", "-R", repo, "--json", "title,url");
    return JSON.parse(stdout);
  };
  expect(await title("octo/app")).toMatchObject({ title: "Of github.com" });
  expect(await title("git.example.com/octo/app")).toEqual({
    title: "Of the own server",
    url: "https://git.example.com/octo/app/pull/42",
  });
  const hosts = new Set(github.seen.map((seen) => `${seen.host} ${seen.login}`));
  expect(hosts).toEqual(new Set(["github.com octocat", "git.example.com work"]));
});

test("a host that is not known is like a name without an address", async () => {
  const { github, world, ghIn } = await lab();
  world.host("git.example.com");
  const env = github.logIn({ host: "github.com", user: "octocat", token: "t1" });
  const { code } = await ghIn({ env }, "api", "--hostname", "gitlab.com", "repos/octo/app");
  expect(code).not.toBe(0);
  expect(github.seen).toEqual([]);
});

test("the budgets are those of the login, and a private repository is not there for others", async () => {
  const { github, world, ghIn } = await lab();
  const ann = github.logIn({ host: "github.com", user: "ann", token: "t-ann" });
  github.logIn({ host: "github.com", user: "bob", token: "t-bob" });
  world.repo("octo/secret").readers = ["bob"];
  const as = (token: string, ...args: string[]) => ghIn({ env: { ...ann, GH_TOKEN: token } }, ...args);
  expect((await as("t-ann", "api", "repos/octo/secret")).stderr).toMatch(/Not Found/);
  expect((await as("t-bob", "api", "repos/octo/secret")).code).toBe(0);
  const used = async (token: string) => JSON.parse((await as(token, "api", "rate_limit")).stdout).resources.core.used;
  await as("t-bob", "api", "repos/octo/app");
  expect([await used("t-ann"), await used("t-bob")]).toEqual([1, 2]);
});

test("a fork knows its parent, and pull requests of equal branch names are of several repositories", async () => {
  const { repo, ask, gh } = await lab();
  repo.fork("ann");
  repo.pull(50, { branch: "feature", head: "own" });
  repo.pull(42, { branch: "feature", fork: "ann", head: "ann" });
  repo.pull(43, { branch: "feature", fork: "bob", forkName: "app-2", head: "bob" });
  const of = `pullRequests(first:9,headRefName:"feature"){nodes{number isCrossRepository headRefOid
    headRepositoryOwner{login} headRepository{nameWithOwner}}}`;
  const { nodes } = (await ask(of)).repository.pullRequests;
  expect(nodes).toMatchObject([
    { number: 43, isCrossRepository: true, headRepository: { nameWithOwner: "bob/app-2" }, headRefOid: shaOf("bob") },
    { number: 42, isCrossRepository: true, headRepositoryOwner: { login: "ann" } },
    { number: 50, isCrossRepository: false, headRepository: { nameWithOwner: "octo/app" } },
  ]);
  const { stdout } = await gh("repo", "view", "ann/app", "--json", "parent,isFork");
  expect(JSON.parse(stdout)).toMatchObject({ isFork: true, parent: { name: "app", owner: { login: "octo" } } });
});

test("a deleted fork leaves its pull request without a head repository", async () => {
  const { repo, ask } = await lab();
  repo.pull(42, { fork: "ann" }).forkDeleted = true;
  const of =
    "pullRequest(number:42){isCrossRepository headRefName headRef{name} headRepository{name} headRepositoryOwner{login}}";
  expect((await ask(of)).repository.pullRequest).toEqual({
    isCrossRepository: true,
    headRefName: "feature-42",
    headRef: null,
    headRepository: null,
    headRepositoryOwner: null,
  });
});

test("a push moves every open pull request of its branch", async () => {
  const { repo, rest } = await lab();
  const options = { branch: "feature", head: "first" };
  repo.pull(42, options);
  repo.pull(43, { ...options, base: "release" }).push("second");
  const found = await rest("pulls?head=octo:feature");
  expect(found.map((pull: { number: number; head: { sha: string } }) => [pull.number, pull.head.sha])).toEqual([
    [43, shaOf("second")],
    [42, shaOf("second")],
  ]);
});

test("a push to a fork moves the parent's pull request, and none that only has its branch name", async () => {
  const { repo, rest } = await lab();
  const fork = repo.fork("ann");
  repo.pull(42, { branch: "feature", fork: "ann", head: "first" });
  repo.pull(50, { branch: "feature", head: "own" });
  const root = mkdtempSync(join(tmpdir(), "p9-bare-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [bare, work] = [join(root, "bare.git"), join(root, "work")];
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
  git("init", "-q", "--bare", bare);
  git("clone", "-q", bare, work);
  git("-C", work, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "Change");
  git("-C", work, "push", "-q", "origin", "HEAD:feature");
  const sha = git("-C", work, "rev-parse", "HEAD");
  followGit(fork, bare, ({ commit }) => commit.checks("build"));
  const heads = async (number: number) => (await rest(`pulls/${number}`)).head.sha;
  expect([await heads(42), await heads(50)]).toEqual([sha, shaOf("own")]);
  expect((await rest(`commits/${sha}/check-runs`)).total_count).toBe(1);
});

test("in a clone of a fork the real gh finds the parent's pull request where git says which repository is the base", async () => {
  const { world, repo, ghIn } = await lab();
  repo.fork("octocat");
  repo.pull(42, { branch: "feature", fork: "octocat" });
  world.repo("octocat/app").pull(7, { branch: "feature", head: "of the fork itself" });
  const cwd = mkdtempSync(join(tmpdir(), "p9-clone-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const git = (...args: string[]) => execFileSync("git", args, { cwd, stdio: "ignore" });
  git("init", "-b", "feature");
  git("remote", "add", "origin", "https://github.com/octocat/app.git");
  git("remote", "add", "upstream", "https://github.com/octo/app.git");
  git("config", "branch.feature.remote", "origin");
  git("config", "branch.feature.merge", "refs/heads/feature");
  const view = async (remote: string) => {
    git("config", `remote.${remote}.gh-resolved`, "base");
    const { stdout } = await ghIn({ cwd }, "pr", "view", "--json", "url");
    git("config", "--unset", `remote.${remote}.gh-resolved`);
    return JSON.parse(stdout).url;
  };
  expect(await view("upstream")).toBe("https://github.com/octo/app/pull/42");
  expect(await view("origin")).toBe("https://github.com/octocat/app/pull/7");
});
