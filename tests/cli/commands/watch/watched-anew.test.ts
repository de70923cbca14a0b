// needs: time, gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PrLab, prLab, type Report } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

const p9 = (...words: string[]) => lab.box.p9(words, { env: lab.env });

describe("a pull request that is watched again", () => {
  test("says that watching it again takes a mark back", async () => {
    lab.repo.pull(42).head.checks("build");
    await p9("watch", "42");
    expect((await p9("merge-ready", "42")).code).toBe(0);
    const { stderr } = await p9("watch", "42");
    expect(stderr).toMatch(
      /PR #42 \(octo\/app\) was marked MERGE_READY; .*: p9 merge-ready 42 --repo octo\/app sets it/,
    );
    expect((await p9("watch", "42")).stderr).not.toContain("was marked");
  });
});

describe("p9 watch refuses at once, and watches nothing,", () => {
  test.each([
    ["a slip in the name of a kind", ["reviews", "42"], 'Cannot watch "reviews" (did you mean "review"?)'],
    ["the same behind a number", ["42", "reveiw"], 'Cannot watch "reveiw" (did you mean "review"?)'],
    ["a command for a kind that starts none", ["review", "42", "--", "ls"], 'Cannot use the command behind "--"'],
    ["the same without a kind", ["42", "--", "ls"], "with pr-ci: it starts none"],
    ["a flag's abbreviation", ["42", "--bg"], 'Unknown option "--bg" (Did you mean --background?)'],
  ])("%s", async (_, words, said) => {
    lab.repo.pull(42).head.checks("build");
    const { code, stderr } = await p9("watch", ...words);
    expect([code, stderr]).toEqual([3, expect.stringContaining(said)]);
    expect(lab.box.events()).toEqual([]);
  });
});

test("the next step of a stopped watch begins with a command that can be pasted", async () => {
  lab.repo.pull(42).head.checks({ name: "build", ends: null });
  const watch = lab.box.start(["watch", "42", "--json"], { env: lab.env });
  await watch.until(/#42.*build/);
  watch.kill("SIGTERM");
  const { next_action }: Report = JSON.parse((await watch.ended).stdout);
  expect(next_action).toBe("p9 watch 42 --repo octo/app --background; it keeps watching without a terminal");
});

test("--dry-run names what would be watched as it is called elsewhere", async () => {
  lab.repo.pull(42).head.checks("build");
  expect((await p9("watch", "42", "--dry-run")).stdout).toMatch(/^would watch PR #42 \(octo\/app, /);
  expect((await p9("watch", "review", "42", "--dry-run")).stdout).toMatch(
    /^would watch review of PR #42 \(octo\/app, /,
  );
});
