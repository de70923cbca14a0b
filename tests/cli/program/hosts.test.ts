// needs: gh
import { execFileSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../helpers/p9.ts";
import { startGitHub } from "../../servers/github/mod.ts";

async function lab() {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const logins = [
    { host: "github.com", user: "octocat", token: "a" },
    { host: "ghe.example", user: "me", token: "b" },
  ];
  const env = { ...github.env, ...github.logIn(...logins), BROOMVA_P9_SESSION: "s1" };
  const box = sandbox();
  const checkout = (remote: string) => {
    execFileSync("git", ["init", "--quiet", box.work]);
    execFileSync("git", ["-C", box.work, "remote", "add", "origin", remote]);
  };
  box.write(".control/policy.yaml", "ci_watch:\n  settle: 0\nci_heal:\n  enabled: false\n");
  return { github, box, env, checkout };
}

test("a watch on a server's pull request asks that server, and its rows and reports name the host", async () => {
  const { github, box, env, checkout } = await lab();
  checkout("git@ghe.example:octo/app.git");
  github.world.repo("octo/app").pull(42).head.checks({ name: "build", conclusion: "FAILURE" });
  const server = github.world.host("ghe.example").repo("octo/app");
  server.pull(42).head.checks({ name: "build" });
  const { code, stdout } = await box.p9(["watch", "42", "--json"], { env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: "GREEN", repo: "octo/app", host: "ghe.example" });
  const { open_prs } = await box.json<{ open_prs: unknown[] }>(["status", "--pr", "42"], { env });
  expect(open_prs).toMatchObject([{ repo: "octo/app", host: "ghe.example", to_state: "GREEN" }]);
  expect(box.events()).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: "transition", repo: "octo/app", host: "ghe.example" })]),
  );
});

test.each(["why", "merge-status"])(
  "%s of another forge's repository is refused in one line that names the host",
  async (command) => {
    const { github, box, env, checkout } = await lab();
    github.world.repo("octo/app").pull(42).head.checks("build");
    checkout("https://gitlab.com/octo/app.git");
    const { code, stderr } = await box.p9([command, "42"], { env });
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('"gitlab.com"') });
    expect(github.seen).toEqual([]);
  },
);
