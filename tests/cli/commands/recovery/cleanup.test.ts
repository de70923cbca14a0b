// needs: gh
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { startGitHub } from "../../../servers/github/mod.ts";
import { row } from "../../../stats/sample.ts";

/** A home with GREEN waits for pull requests 1 to 4, the last without a repository, and GitHub, where 1 to 3 are open. */
async function world() {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const user = sandbox();
  mkdirSync(user.home);
  const rows = [1, 2, 3, 4].flatMap((pr) => {
    const more = { pr, ref: `#${pr}`, repo: pr === 4 ? null : "octo/app" };
    return [
      row(`w${pr}`, Date.now(), null, "PUSHED", more),
      row(`w${pr}`, Date.now(), "PUSHED", "WATCHING", more),
      row(`w${pr}`, Date.now(), "WATCHING", "GREEN", more),
    ];
  });
  writeFileSync(join(user.home, "state.jsonl"), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const repo = github.world.repo("octo/app");
  for (const number of [1, 2, 3]) repo.pull(number);
  return { github, user, repo, cleanup: (...args: string[]) => user.p9(["cleanup", ...args], { env: github.env }) };
}

test("p9 cleanup ends what was merged or closed elsewhere, and leaves the rest", async () => {
  const { repo, user, cleanup } = await world();
  repo.pull(1).merge();
  repo.pull(2).close();
  const { code, stdout } = await cleanup("--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ended: [
      { pr: 1, state: "MERGED" },
      { pr: 2, state: "ABANDONED" },
    ],
    open: [{ pr: 3, state: "GREEN" }],
    unknown: [{ pr: 4, state: "GREEN", reason: "its repository is not recorded, and none is guessed" }],
  });
  const outcomes = user
    .events()
    .slice(-2)
    .map((event) => (event.extra as { outcome: string }).outcome);
  expect(outcomes.sort()).toEqual(["closed", "merged"]);
  expect((await cleanup()).stdout).toMatch(/^PR #3 \(octo\/app\): stays GREEN \(still open\)\nPR #4: stays GREEN/);
});

test("p9 cleanup ends nothing when GitHub cannot be read, and says so", async () => {
  const { github, user, cleanup } = await world();
  github.world.fault({ kind: "502" });
  const before = user.events().length;
  const { code, stdout } = await cleanup();
  expect(code).toBe(4);
  expect(stdout).toContain("PR #1 (octo/app): stays GREEN (GitHub has a problem of its own (502))");
  expect(user.events()).toHaveLength(before);
});

test("p9 cleanup does nothing twice when two run at once", async () => {
  const { repo, user, cleanup } = await world();
  repo.pull(1).merge();
  await Promise.all([cleanup(), cleanup(), cleanup()]);
  expect(user.events().filter((event) => event.to_state === "MERGED")).toHaveLength(1);
});
