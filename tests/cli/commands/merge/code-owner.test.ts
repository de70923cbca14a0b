// needs: time, gh
import { expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { startGitHub } from "../../../servers/github/mod.ts";

test("p9 why and merge-status name the code owners whose review is missing and whom nobody has asked", async () => {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const user = sandbox();
  user.write(".control/policy.yaml", "ci_watch: {}\nci_heal: {}\n");
  const repo = github.world.repo("octo/app");
  repo.require({ required: ["lint"], codeOwners: true });
  repo.files.set(".github/CODEOWNERS", { text: "* @ann\n/src/ @octo/team\n" });
  repo.pull(42, { files: ["src/app.ts"] }).head.checks("lint");
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  const status = await user.p9(["merge-status", "42", "--json"], { env });
  expect(status.code).toBe(1);
  expect(JSON.parse(status.stdout).unmet).toEqual([
    {
      condition: "review_required",
      detail: "A required review is missing",
      who: "ask a code owner: @octo/team",
    },
  ]);
  const why = await user.p9(["why", "42"], { env });
  expect(why.stdout).toContain("  - A required review is missing\n      ask a code owner: @octo/team\n");
});
