// needs: gh
import { describe, expect, onTestFinished, test } from "vitest";
import { reviewers as table } from "../../plugins/reviewers/registry.ts";
import { systemClock } from "../../src/base/clock.ts";
import { createGitHub } from "../../src/github/client.ts";
import { run } from "../../src/process/exec.ts";
import { knownReviewers } from "../../src/reviewers/known.ts";
import { readReviewStanding } from "../../src/reviewers/standing.ts";
import { manualClock, startGitHub } from "../servers/github/mod.ts";

const RABBIT = "coderabbitai[bot]";
const CODEX = "chatgpt-codex-connector[bot]";
const GREPTILE = "greptile-apps[bot]";
const COPILOT = "copilot-pull-request-reviewer[bot]";

/** Pull request #42, whose first head a reviewer saw and whose second was pushed 600 s later. */
async function pushedAgain() {
  const clock = manualClock();
  const github = await startGitHub({ clock });
  onTestFinished(() => github.stop());
  const repo = github.world.repo("octo/app");
  const pull = repo.pull(42);
  const first = pull.head.sha;
  const begun = github.world.now();
  clock.advance(600);
  pull.push("next");
  clock.advance(600);
  /** Seconds since the pull request was opened. */
  const at = (seconds: number) => begun + seconds * 1000;
  const state = async (name: string) => {
    const client = createGitHub({ exec: run, env: { ...process.env, ...github.env }, clock: systemClock });
    const question = { repo: "octo/app", number: 42, head: pull.head.sha, headAt: null, base: "main" };
    const policy = { reviewers: [name], wait: true, refused: "block" } as const;
    const known = await knownReviewers(table, {});
    const { reviewers, hollow } = await readReviewStanding(client, { ...question, known, policy });
    return hollow.length > 0 ? "hollow" : reviewers[0]?.state;
  };
  return { repo, pull, first, at, state };
}

describe("a reviewer has not seen the head", () => {
  test("when somebody else edits what it wrote about an earlier one", async () => {
    const { pull, at, state } = await pushedAgain();
    const comment = {
      author: GREPTILE,
      body: "<h3>Confidence Score: 5/5</h3>\n- [x] fix it",
      at: at(60),
      editedAt: at(900),
    };
    pull.comments.push({ ...comment, editor: "ann" });
    expect(await state("greptile")).toBe("silent");
    pull.comments = [comment];
    expect(await state("greptile")).toBe("done");
  });

  test("when what it wrote about an earlier one is hidden after the push", async () => {
    const { pull, at, state } = await pushedAgain();
    pull.comments.push({ author: CODEX, body: "Didn't find any major issues", at: at(700), minimized: true });
    expect(await state("codex")).toBe("silent");
  });

  test("when what it wrote should name its commit, and names none that can be read", async () => {
    const { pull, first, at, state } = await pushedAgain();
    const link = `[fix [x]: it](https://github.com/octo/app/commit/${first})`;
    pull.comments.push({
      author: GREPTILE,
      body: `Confidence Score: 5/5\nLast reviewed commit: ${link}`,
      at: at(60),
      editedAt: at(900),
    });
    expect(await state("greptile")).toBe("silent");
  });

  test("when GitHub ties its review to the head, and its text to an earlier commit", async () => {
    const { pull, first, at, state } = await pushedAgain();
    const base = "c".repeat(40);
    const text = (sha: string) =>
      `**Actionable comments posted: 0**\nReviewing files that changed from the base of the PR and between ${base} and ${sha}.`;
    pull.reviews.push({ author: RABBIT, state: "COMMENTED", body: text(first), sha: pull.head.sha, at: at(660) });
    expect(await state("coderabbit")).toBe("silent");
    pull.reviews.push({ author: RABBIT, state: "COMMENTED", body: text(pull.head.sha), at: at(800) });
    expect(await state("coderabbit")).toBe("done");
  });

  test("when it reacted in the very second of the push", async () => {
    const { pull, at, state } = await pushedAgain();
    pull.reactions.push({ author: CODEX, content: "THUMBS_UP", at: at(600) });
    expect(await state("codex")).toBe("silent");
    pull.reactions.push({ author: CODEX, content: "THUMBS_UP", at: at(700) });
    expect(await state("codex")).toBe("done");
  });

  test("when its word came after the commit was pushed to another branch, and before it was pushed to this one", async () => {
    const { pull, at, state } = await pushedAgain();
    const suite = { app: "dependabot", status: "COMPLETED", conclusion: "SUCCESS" };
    pull.head.suite({ ...suite, branch: "try", appears: -500 });
    pull.head.suite({ ...suite, app: "other", appears: 0 });
    pull.reactions.push({ author: CODEX, content: "THUMBS_UP", at: at(300) });
    expect(await state("codex")).toBe("silent");
  });
});

describe("a reviewer's check or status", () => {
  test("is its own only when it made it, whatever its name", async () => {
    const { pull, state } = await pushedAgain();
    pull.head.status({
      context: "CodeRabbit",
      states: [[0, "SUCCESS", "Review completed"]],
      creator: "github-actions[bot]",
    });
    expect(await state("coderabbit")).toBe("silent");
    pull.head.checks({ name: "Cursor Bugbot", app: "github-actions", title: "Bugbot found no issues" });
    expect(await state("bugbot")).toBe("silent");
    pull.head.checks({ name: "Cursor Bugbot", app: "cursor", title: "Bugbot found no issues" });
    expect(await state("bugbot")).toBe("done");
  });

  test("by somebody else that says that the work was not done is a hollow one", async () => {
    const { pull, state } = await pushedAgain();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review skipped"]], creator: "ann" });
    expect(await state("coderabbit")).toBe("hollow");
  });

  test.each([
    "Review aborted",
    "Out of credits",
    "_Review_ **not performed**",
    "Revisión omitida",
    "Review\u200b paused",
    "Waiting for a seat",
  ])("that passed and says %j is no review", async (text) => {
    const { pull, state } = await pushedAgain();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", text]] });
    expect(await state("coderabbit")).not.toBe("done");
  });
});

test("a review that says that none was made is a refusal, in words of its own too", async () => {
  const { pull, state } = await pushedAgain();
  for (const body of [
    "<!-- hidden -->\n**Copilot** could not complete the review",
    "Copilot reviewed 0 out of 3 changed files in this pull request and generated no comments.",
  ]) {
    pull.reviews = [{ author: COPILOT, state: "COMMENTED", body }];
    expect(await state("copilot")).toBe("refused");
  }
});
