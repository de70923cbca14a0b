// needs: gh
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PrLab, prLab } from "../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
  lab.box.write(".control/policy.yaml", "ci_watch:\n  settle: 0\nci_heal:\n  enabled: true\n");
});
afterEach(() => lab.github.stop());

/** Makes the working directory a checkout of `octo/app` on a branch. */
function checkOut(branch: string) {
  const script = [
    `git init -qb ${branch} .`,
    "git -c user.name=a -c user.email=a@b commit -qm a --allow-empty",
    "git remote add origin https://github.com/octo/app.git",
  ].join(" && ");
  spawnSync("sh", ["-c", script], { cwd: lab.box.work, env: lab.box.env });
}

/** Every command about a pull request, with a field of its document that names it. */
const COMMANDS = [["why"], ["merge-status"], ["merge-ready"], ["heal", "--classify"], ["heal", "--apply", "--dry-run"]];

describe.each(COMMANDS)("p9 %s", (...command) => {
  const about = async (...target: string[]) => {
    const { stderr, stdout } = await lab.box.p9([...command, ...target], { env: { ...lab.env, BROOMVA_P9_REPO: "" } });
    return stdout + stderr;
  };

  test("takes nothing, a number, an address and a branch", async () => {
    checkOut("topic");
    lab.repo.pull(42, { branch: "topic" }).head.checks("build");
    lab.repo.pull(43, { branch: "other" }).head.checks("build");
    const right = (number: number) => expect.not.stringMatching(new RegExp(`Cannot (find|tell|read)|#${85 - number}`));
    for (const ref of [[], ["42"], ["#42"], ["topic"], ["https://github.com/octo/app/pull/42/files"]])
      expect(await about(...ref)).toEqual(right(42));
    for (const ref of [["43"], ["octo/app#43"], ["other"]]) expect(await about(...ref)).toEqual(right(43));
  });

  test("says in one line what is missing: a repository, a branch, a pull request", async () => {
    const oneLine = (text: string) =>
      text.split("\n").filter((line) => !/^p9: (No policy|")/.test(line) && line !== "");
    expect(oneLine(await about())).toEqual([
      "p9: Cannot find the pull request of this branch: the repository is unknown, wanted --repo [host/]owner/name, or the address of the pull request",
    ]);
    expect(oneLine(await about("42"))).toEqual([
      expect.stringMatching(/^p9: Cannot tell which repository #42 is in: /),
    ]);
    checkOut("topic");
    expect(oneLine(await about())).toEqual([
      'p9: No open pull request for the branch "topic": wanted its number or address',
    ]);
    lab.repo.pull(41, { branch: "topic" }).merge();
    expect(oneLine(await about())).toEqual([
      'p9: No open pull request for the branch "topic" (#41 was merged): wanted its number or address',
    ]);
    expect(oneLine(await about("no~branch"))).toEqual([
      'p9: Cannot find the pull request of "no~branch": wanted the number or URL of a pull request, or a branch',
    ]);
  });
});

test("a pull request that does not exist is the same line and the same code for every command", async () => {
  const more = [["watch"], ["watch", "--background"], ["logs"], ["open", "--print"], ["threads"], ["heal", "--apply"]];
  for (const command of [...COMMANDS, ...more]) {
    const { code, stderr } = await lab.box.p9([...command, "99"], { env: lab.env });
    expect([command, code, stderr]).toEqual([command, 3, "p9: octo/app has no pull request #99\n"]);
  }
});
