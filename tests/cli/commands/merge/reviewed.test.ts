// needs: time, gh
import { describe, expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { startGitHub } from "../../../servers/github/mod.ts";

const POLICY = "ci_watch:\n  settle: 0\nci_heal: {}\n";

/** A pull request whose required check passed, and what reviews may say about it. */
async function world(policy = POLICY) {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const user = sandbox();
  user.write(".control/policy.yaml", policy);
  const repo = github.world.repo("octo/app");
  repo.require({ required: ["lint"], source: "protection" });
  const pull = repo.pull(42);
  pull.head.checks("lint");
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  const p9 = (...args: string[]) => user.p9(args, { env });
  const status = async () => {
    const { code, stdout } = await p9("merge-status", "42", "--json");
    return { code, ...JSON.parse(stdout) };
  };
  return { github, user, repo, pull, p9, status };
}

const refused = (reviews: string) => `ci_watch:\n  settle: 0\n  reviews:\n    ${reviews}\nci_heal: {}\n`;

describe("the condition reviewed of p9 merge-status", () => {
  test("is met once the reviewer that reports on the pull request is done with its head", async () => {
    const { pull, status } = await world();
    pull.head.status({ context: "CodeRabbit", states: [[0, "PENDING", "Review in progress"]] });
    const before = await status();
    expect(before).toMatchObject({ code: 1, ready: false });
    expect(before.unmet).toEqual([
      {
        condition: "reviewed",
        detail: `CodeRabbit has not finished its review of ${pull.head.sha.slice(0, 7)}`,
        who: "CodeRabbit: wait",
      },
    ]);
    pull
      .push("next")
      .checks("lint")
      .status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    expect(await status()).toMatchObject({ code: 0, unmet: [] });
  });

  test("is unmet when it passed without a review, and says what asks for one", async () => {
    const { pull, status, p9 } = await world();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review rate limited"]] });
    const { code, unmet } = await status();
    expect(code).toBe(1);
    expect(unmet).toEqual([
      {
        condition: "reviewed",
        detail: expect.stringMatching(
          /^CodeRabbit did not review \w{7} \(it says "Review rate limited"\): ask again with/,
        ),
        who: 'you: ask again with the comment "@coderabbitai review"',
      },
    ]);
    const said = (await p9("why", "42")).stdout;
    expect(said).toMatch(
      /^ {2}- CodeRabbit did not review \w{7} \(it says "Review rate limited"\)\n {6}you: ask again with/m,
    );
    expect(said.match(/ask again/g)).toHaveLength(1);
    const watched = await p9("watch", "42", "--json");
    expect(watched.code).toBe(0);
    expect(JSON.parse(watched.stdout).reason).toContain('"CodeRabbit" did not do its work: "Review rate limited"');
    const marked = await p9("merge-ready", "42");
    expect([marked.code, marked.stderr]).toEqual([1, expect.stringContaining("CodeRabbit did not review")]);
  });

  test("lets a refusal pass where the policy only notes it, and says so", async () => {
    const { pull, status } = await world(refused("refused: note"));
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review skipped: too many files"]] });
    const { code, reason } = await status();
    expect([code, reason]).toEqual([
      0,
      expect.stringMatching(/CodeRabbit did not review \w{7} \(it says "Review skipped/),
    ]);
  });

  test("a policy that cannot be read is said, whatever is asked", async () => {
    const { p9 } = await world(refused("refused: noted"));
    for (const command of ["merge-status", "why"]) {
      const { stderr } = await p9(command, "42");
      expect(stderr).toMatch(
        /^p9: Cannot use "ci_watch\.reviews\.refused" in .*: wanted one of "block", "note", got the text "noted"$/m,
      );
    }
  });

  test("is unmet where what the policy says of reviews cannot be read, and not for another key", async () => {
    for (const reviews of ["reviewers: ann", "reviewers: none", "reviewers: [3]", 'reviewers: [""]', "wait: maybe"]) {
      const { code, unmet } = await (await world(refused(reviews))).status();
      expect([reviews, code, unmet]).toEqual([
        reviews,
        1,
        [
          {
            condition: "reviewed",
            detail: "What the policy says of reviews cannot be read",
            who: "you: mend it as p9 doctor says",
          },
        ],
      ]);
    }
    expect((await (await world("ci_watch: [\n")).status()).code).toBe(1);
    expect((await (await world("ci_watch:\n  settle: soon\nci_heal: {}\n")).status()).code).toBe(0);
  });

  test("takes a reviewer for the one that its login or title names, a mention for the login, and each once", async () => {
    const { status } = await world(
      refused('reviewers: ["coderabbitai[bot]", CodeRabbit, github copilot, "@ann", Ann]'),
    );
    expect((await status()).unmet.map(({ detail }: { detail: string }) => detail)).toEqual([
      expect.stringMatching(/^CodeRabbit has not reviewed/),
      expect.stringMatching(/^GitHub Copilot has not reviewed/),
      expect.stringMatching(/^Ann has not reviewed/),
    ]);
    const auto = await world(refused("reviewers: [auto]"));
    expect((await auto.status()).code).toBe(0);
    auto.pull.head.status({ context: "CodeRabbit", states: [[0, "PENDING"]] });
    expect((await auto.status()).unmet[0].detail).toMatch(/^CodeRabbit has not finished/);
  });

  test("is unmet at once when a reviewer of the last pull requests of the base is silent on this head", async () => {
    const { repo, pull, status, p9 } = await world();
    repo.pull(41).reviews.push({ author: "coderabbitai[bot]", state: "COMMENTED", body: "Two remarks" });
    const { code, unmet } = await status();
    expect([code, unmet]).toEqual([
      1,
      [expect.objectContaining({ detail: expect.stringMatching(/^CodeRabbit has not reviewed \w{7}: wait, or ask/) })],
    ]);
    expect((await p9("why", "42")).stdout.match(/ask with the comment/g)).toHaveLength(1);
    pull.reviews.push({ author: "coderabbitai[bot]", state: "COMMENTED", body: "Actionable comments posted: 0" });
    expect((await status()).code).toBe(0);
  });

  test("waits for a reviewer that was asked, and for its review of this very head", async () => {
    const { pull, status } = await world();
    const old = pull.head.sha;
    const copilot = "copilot-pull-request-reviewer[bot]";
    pull.push("next").checks("lint");
    pull.requestedReviewers = [copilot];
    expect((await status()).unmet[0].detail).toContain("GitHub Copilot has not finished its review");
    pull.requestedReviewers = [];
    pull.reviews.push({ author: copilot, state: "COMMENTED", body: "## Pull request overview", sha: old });
    expect((await status()).unmet[0].detail).toContain(`the last that it reviewed is ${old.slice(0, 7)}`);
    pull.reviews.push({ author: copilot, state: "COMMENTED", body: "## Pull request overview" });
    expect((await status()).code).toBe(0);
  });

  test("takes a reaction for a review under way, and an edited comment for the commit that it names", async () => {
    const { github, pull, status } = await world();
    const codex = "chatgpt-codex-connector[bot]";
    pull.reactions.push({ author: codex, content: "EYES", at: github.world.now() + 60_000 });
    expect((await status()).unmet[0].detail).toContain("Codex has not finished its review");
    pull.reactions = [];
    const comment = {
      author: codex,
      body: `Didn't find any major issues.\n**Reviewed commit:** \`${"b".repeat(10)}\``,
    };
    pull.comments.push(comment);
    expect((await status()).code).toBe(1);
    comment.body = `Didn't find any major issues.\n**Reviewed commit:** \`${pull.head.sha.slice(0, 10)}\``;
    expect((await status()).code).toBe(0);
  });

  test("names the head that was reviewed last when this one was not", async () => {
    const { pull, status } = await world();
    const old = pull.head.sha;
    pull.reviews.push({ author: "coderabbitai[bot]", state: "COMMENTED", body: "Nice", sha: old });
    pull.push("next").checks("lint");
    expect((await status()).unmet[0].detail).toContain(`; the last that it reviewed is ${old.slice(0, 7)}: wait, or`);
  });

  test("asks about whom the policy names, a person too, and about nobody when the list is empty", async () => {
    const named = await world(refused("reviewers: [coderabbit, ann]"));
    expect((await named.status()).unmet.map(({ detail }: { detail: string }) => detail)).toEqual([
      expect.stringMatching(/^CodeRabbit has not reviewed/),
      expect.stringMatching(/^ann has not reviewed/),
    ]);
    named.pull.reviews.push({ author: "ann", state: "APPROVED" });
    expect((await named.status()).unmet).toHaveLength(1);
    const none = await world(refused("reviewers: []"));
    none.pull.head.status({ context: "CodeRabbit", states: [[0, "PENDING"]] });
    expect((await none.status()).code).toBe(0);
  });

  test("takes any app's pass that says of itself that nothing was done for no review", async () => {
    const { pull, status } = await world();
    pull.head.checks({ name: "Deep scan", app: "scanner", title: "Scan skipped: monthly quota exhausted" });
    expect((await status()).unmet[0].detail).toMatch(/^"Deep scan" passed on \w{7} without doing its work \(it says/);
  });

  test("draft comments of this login's own review, which nobody else sees, count for nothing", async () => {
    const { github, pull, status } = await world();
    pull.threads.push({ path: "a.ts", author: github.world.viewer ?? "", draft: true });
    expect(await status()).toMatchObject({ code: 0, unresolved_threads: 0 });
  });

  test("believes no person who bears a reviewer's name", async () => {
    const { pull, status } = await world(refused("reviewers: [coderabbit]"));
    pull.reviews.push({ author: "coderabbitai", state: "APPROVED", body: "Nice" });
    expect((await status()).code).toBe(1);
  });
});
