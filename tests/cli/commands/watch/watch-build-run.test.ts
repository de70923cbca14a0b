// needs: gh
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { jobsLab } from "../logs/jobs-lab.ts";

/** A run of `octo/app` that passed. */
async function lab() {
  const made = await jobsLab();
  made.head.checks({ name: "unit", ends: 0 });
  const { BROOMVA_P9_REPO: _, ...env } = made.env;
  const dryRun = (args: readonly string[], more: Record<string, string> = {}) =>
    made.box.p9(["watch", "build", `run:${made.head.suites[0]?.runId}`, "--dry-run", ...args], {
      env: { ...env, ...more },
    });
  return { ...made, dryRun };
}

test.each([
  ["--repo", ["--repo", "octo/app"], { BROOMVA_P9_REPO: "octo/other" }],
  ["BROOMVA_P9_REPO", [], { BROOMVA_P9_REPO: "octo/app" }],
  ["GH_REPO", [], { GH_REPO: "octo/app" }],
])("a run's number is of the repository that %s names", async (_, args, env) => {
  const { dryRun } = await lab();
  expect(await dryRun(args, env)).toMatchObject({ code: 0, stdout: expect.stringContaining("(octo/app, ") });
});

test("without any of them it is of the directory's repository, and of none where there is none", async () => {
  const { dryRun, box } = await lab();
  const { code, stderr } = await dryRun([]);
  expect([code, stderr]).toEqual([3, expect.stringContaining("the repository is unknown, wanted --repo")]);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: box.work, env: box.env });
  git("init", "-q");
  git("remote", "add", "origin", "https://github.com/octo/app.git");
  expect(await dryRun([])).toMatchObject({ code: 0, stdout: expect.stringContaining("(octo/app, ") });
});

test("a command of the user's own is of no repository, and gh is not asked for one", async () => {
  const { box, env, github } = await lab();
  const before = github.world.requests;
  const { stdout } = await box.p9(["watch", "build", "--dry-run", "--", "true"], { env });
  expect(stdout).toBe("would watch build true\n");
  expect(github.world.requests).toBe(before);
});
