import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sharedBudget } from "../../src/github/budget.ts";
import { defaultHost, isGitHub, loginAt, whyNotAsked } from "../../src/github/hosts.ts";
import { repoOfUrl, repoPushedTo } from "../../src/github/remotes.ts";
import { ServerClock } from "../../src/github/time/server-clock.ts";
import { run } from "../../src/process/exec.ts";

const scratch = () => mkdtempSync(join(tmpdir(), "p9-hosts-"));

function configured(hosts: string, env: Record<string, string> = {}) {
  const folder = scratch();
  writeFileSync(join(folder, "hosts.yml"), hosts);
  return { GH_CONFIG_DIR: folder, ...env };
}

const TWO =
  'github.com:\n    user: octocat\n    oauth_token: x\n"GHE.example":\n    users:\n        me:\n            oauth_token: y\n    user: me\n';

test("hosts.yml says which hosts are GitHub's, and who is logged in there", () => {
  const env = configured(TWO);
  expect(["github.com", "ghe.example", "gitlab.com"].map((host) => isGitHub(host, env))).toEqual([true, true, false]);
  expect(loginAt("ghe.example", env)).toBe("me");
  expect(whyNotAsked("gitlab.com", env)).toContain('"gitlab.com"');
  expect(isGitHub("github.com", { GH_CONFIG_DIR: "/nowhere" })).toBe(true);
});

test("a name without a host is of GH_HOST, else of the only login, else of github.com", () => {
  expect(defaultHost(configured(TWO))).toBe("github.com");
  expect(defaultHost(configured("ghe.example:\n    user: me\n"))).toBe("ghe.example");
  expect(defaultHost(configured(TWO, { GH_HOST: "ghe.example" }))).toBe("ghe.example");
});

test("a token in the environment is the login of the hosts that gh uses it for", () => {
  const env = configured(TWO, { GH_TOKEN: "secret" });
  expect(loginAt("github.com", env)).toMatch(/^token-[0-9a-f]{12}$/);
  expect(loginAt("github.com", env)).not.toContain("secret");
  expect(loginAt("ghe.example", env)).toBe("me");
  expect(isGitHub("acme.ghe.com", env)).toBe(true);
  expect(isGitHub("acme.ghe.com", configured(TWO))).toBe(false);
});

test("each login at each host has a budget of its own", () => {
  const home = scratch();
  const budget = (account: string) =>
    sharedBudget(home, new ServerClock({ now: () => 0, monotonic: () => 0 }), account);
  const used = {
    "x-ratelimit-resource": "core",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "3600",
  };
  budget("github.com a").learn(used);
  budget("github.com a").hold(0);
  expect(() => budget("github.com a").take("core")).toThrow(/rate limit/);
  expect(() => budget("github.com b").take("core")).not.toThrow();
  expect(() => budget("ghe.example a").take("core")).not.toThrow();
});

test("insteadOf and ssh's aliases are followed to the host that git would ask", async () => {
  const cwd = scratch();
  // Not in the checkout: nothing of it is run.
  const bin = scratch();
  writeFileSync(
    join(bin, "ssh"),
    '#!/bin/sh\n[ "$1" = -G ] && [ "$2" = work ] && echo "hostname github.com"\nexit 0\n',
    { mode: 0o755 },
  );
  const env = { ...process.env, GH_CONFIG_DIR: "/nowhere", PATH: `${bin}:${process.env.PATH}` };
  const place = { exec: run, env, cwd };
  const git = (...args: string[]) => run(["git", ...args], { cwd, env });
  await git("init", "--quiet");
  await git("config", "url.https://github.com/.insteadOf", "gh:");
  expect(await repoOfUrl("gh:octo/app", place)).toBe("octo/app");
  expect(await repoOfUrl("git@work:octo/app.git", place)).toBe("octo/app");
  expect(await repoOfUrl("git@elsewhere:octo/app.git", place)).toBe("elsewhere/octo/app");
  await git("remote", "add", "origin", "https://github.com/octo/app");
  await git("config", "remote.origin.pushurl", "git@work:me/app");
  expect(await repoPushedTo("origin", place)).toBe("me/app");
});
