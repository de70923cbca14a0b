// needs: gh
import { expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { startGitHub } from "../../../servers/github/mod.ts";

test("p9 doctor <pr> lists who reviews a pull request, and how each stands to its head", async () => {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const user = sandbox();
  const pull = github.world.repo("octo/app").pull(42);
  pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review rate limited"]] });
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  const { stdout } = await user.p9(["doctor", "42", "--json"], { env });
  expect(JSON.parse(stdout).reviewers).toEqual([
    {
      name: "coderabbit",
      title: "CodeRabbit",
      state: "refused",
      expected: "here",
      pr: 42,
      repo: "octo/app",
      head: pull.head.sha,
      earlier: null,
      said: "Review rate limited",
      url: null,
    },
  ]);
  expect((await user.p9(["doctor", "42"], { env })).stdout).toMatch(/warn reviewer +CodeRabbit did not review/);
  const chosen = await user.p9(["doctor", "--json", "reviewers", "42"], { env });
  expect(JSON.parse(chosen.stdout)).toEqual({
    ok: expect.any(Boolean),
    reviewers: [expect.objectContaining({ pr: 42 })],
  });
  const rows = await user.p9(["doctor", "42", "--json=reviewers,title,state"], { env });
  expect(JSON.parse(rows.stdout).reviewers).toEqual([{ title: "CodeRabbit", state: "refused" }]);
  pull.push("next").status({ context: "CodeRabbit", states: [[0, "PENDING", "Review in progress"]] });
  expect((await user.p9(["doctor", "42"], { env })).stdout).toMatch(
    /ok {3}reviewer +CodeRabbit is reviewing \w{7} of #42/,
  );
  const none = await user.p9(["doctor", "7"], { env });
  expect(none.stderr).toBe("p9: octo/app has no pull request #7\n");
});
