import type { reviewers } from "../../../plugins/reviewers/registry.ts";
import type { Act } from "../../../src/reviewers/activity.ts";
import type { ReviewerState } from "../../../src/reviewers/judge.ts";

/** Head of all cases. */
export const HEAD = `39822d600f${"a".repeat(30)}`;
const OLD = "b".repeat(40);

type Case = readonly [name: keyof typeof reviewers, act: Partial<Act>, state: ReviewerState["state"]];

const status = (is: string, text: string): Partial<Act> => ({ in: "status", by: null, is, text, sha: HEAD });
const check = (by: string, is: string, text = "", name = ""): Partial<Act> => ({
  in: "check",
  by,
  is,
  text,
  name,
  sha: HEAD,
});
const review = (by: string, text: string, sha = HEAD): Partial<Act> => ({
  in: "review",
  by,
  is: "commented",
  text,
  sha,
});
const comment = (by: string, text: string): Partial<Act> => ({ in: "comment", by, text });

const RABBIT = "coderabbitai[bot]";
const COPILOT = "copilot-pull-request-reviewer[bot]";
const CODEX = "chatgpt-codex-connector[bot]";
const GREPTILE = "greptile-apps[bot]";
const QODO = "qodo-merge-pro[bot]";

/** What each reviewer says, and what it means for the head. The texts are those that the vendors print. */
export const CASES: readonly Case[] = [
  ["coderabbit", { ...status("pending", "Review queued"), name: "CodeRabbit" }, "running"],
  ["coderabbit", { ...status("pending", "Review in progress"), name: "CodeRabbit" }, "running"],
  ["coderabbit", { ...status("success", "Review completed"), name: "CodeRabbit" }, "done"],
  ["coderabbit", { ...status("success", "Review rate limited"), name: "CodeRabbit" }, "refused"],
  ["coderabbit", { ...status("failure", "Review rate limited"), name: "CodeRabbit" }, "refused"],
  ["coderabbit", { ...status("success", "Review limit reached"), name: "CodeRabbit" }, "refused"],
  ["coderabbit", { ...status("success", "Review skipped: draft"), name: "CodeRabbit" }, "refused"],
  ["coderabbit", { ...status("failure", "Something broke"), name: "CodeRabbit" }, "refused"],
  ["coderabbit", review(RABBIT, "**Actionable comments posted: 2**"), "done"],
  ["coderabbit", review(RABBIT, "**Actionable comments posted: 2**", OLD), "silent"],
  ["coderabbit", review(RABBIT, `Reviewing files … and between ${OLD} and ${HEAD}.`), "done"],
  ["coderabbit", review(RABBIT, `Reviewing files … and between ${HEAD} and ${OLD}.`), "silent"],
  ["coderabbit", { ...status("success", "Summary written"), name: "CodeRabbit" }, "silent"],
  ["coderabbit", comment(RABBIT, "## Walkthrough"), "silent"],
  [
    "coderabbit",
    comment(RABBIT, "<!-- This is an auto-generated comment: rate limited by coderabbit.ai -->"),
    "refused",
  ],
  ["coderabbit", comment(RABBIT, "> 🚦 How do rate limits work?"), "silent"],
  ["coderabbit", check("coderabbitai", "in_progress", "Review in progress", "CodeRabbit"), "running"],
  ["coderabbit", check("coderabbitai", "success", "Review completed", "CodeRabbit"), "done"],
  ["coderabbit", check("coderabbitai", "success", "Review skipped", "CodeRabbit"), "refused"],
  ["coderabbit", check("coderabbitai", "failure", "", "CodeRabbit"), "refused"],
  ["copilot", { in: "request", by: COPILOT, at: null }, "running"],
  ["copilot", review(COPILOT, "## Pull request overview"), "done"],
  ["copilot", review(COPILOT, "## Pull request overview", OLD), "silent"],
  [
    "copilot",
    review(
      COPILOT,
      "Copilot was unable to review this pull request because the user who requested the review has reached their quota limit.",
    ),
    "refused",
  ],
  ["copilot", review(COPILOT, "Copilot wasn't able to review any files in this pull request."), "refused"],
  [
    "copilot",
    review(COPILOT, "Copilot encountered an error and was unable to review this pull request. You can try again."),
    "refused",
  ],
  ["codex", { in: "reaction", by: CODEX, is: "eyes" }, "running"],
  ["codex", { in: "reaction", by: CODEX, is: "thumbs_up" }, "done"],
  ["codex", comment(CODEX, "Codex Review: Didn't find any major issues.\n\n**Reviewed commit:** `39822d600f`"), "done"],
  [
    "codex",
    comment(CODEX, "Codex Review: Didn't find any major issues.\n\n**Reviewed commit:** `bbbbbbbbbb`"),
    "silent",
  ],
  ["codex", comment(CODEX, "Codex Review: Didn't find any major issues. Swish!"), "done"],
  ["codex", comment(CODEX, "You have reached your Codex usage limits for code reviews."), "refused"],
  ["codex", comment(CODEX, "To use Codex here, create a Codex account and connect to github."), "refused"],
  ["codex", comment(CODEX, "Codex usage limits have been reached for code reviews."), "refused"],
  ["codex", comment(CODEX, "To use Codex here, create an environment for this repo."), "refused"],
  ["codex", review(CODEX, "### 💡 Codex Review\n\n**Reviewed commit:** `39822d600f`"), "done"],
  ["codex", review(CODEX, "### 💡 Codex Review\n\n**Reviewed commit:** `bbbbbbbbbb`"), "silent"],
  ["codex", review(CODEX, "### 💡 Codex Review"), "done"],
  ["bugbot", check("cursor", "in_progress", "", "Cursor Bugbot"), "running"],
  ["bugbot", check("cursor", "neutral", "Final Result: Bugbot completed review and found 3 potential issues."), "done"],
  ["bugbot", check("cursor", "success", "Bugbot Review"), "done"],
  ["bugbot", check("cursor", "neutral", "Bugbot couldn't run"), "refused"],
  ["bugbot", check("cursor", "neutral", ""), "silent"],
  ["bugbot", check("cursor", "skipped", ""), "refused"],
  ["bugbot", comment("cursor[bot]", "Bugbot couldn't run - usage limit reached."), "refused"],
  ["bugbot", comment("cursor[bot]", "Skipping Bugbot: your auto mode classified this PR to skip."), "refused"],
  ["bugbot", comment("cursor[bot]", "✅ BugBot reviewed your changes and found no bugs!"), "done"],
  [
    "bugbot",
    comment("cursor[bot]", "### This is the final PR Bugbot will review for you during this billing cycle"),
    "silent",
  ],
  ["bugbot", comment("cursor[bot]", "### This PR is being reviewed by Cursor Bugbot"), "running"],
  ["bugbot", review("cursor[bot]", "### Bugbot couldn't run - usage limit reached"), "refused"],
  ["bugbot", review("cursor[bot]", "Cursor Bugbot has reviewed your changes and found 1 potential issue."), "done"],
  ["greptile", check("greptile-apps", "in_progress", "", "Greptile Review"), "running"],
  ["greptile", check("greptile-apps", "success", "Greptile Review"), "done"],
  ["greptile", check("greptile-apps", "success", "Review skipped"), "refused"],
  ["greptile", { ...status("pending", ""), name: "Greptile Review" }, "running"],
  ["greptile", { ...status("success", "Review done"), name: "Greptile Review" }, "done"],
  ["greptile", { ...status("success", "Credit limit reached"), name: "Greptile Review" }, "refused"],
  ["greptile", comment(GREPTILE, "`ann` has reached the 50-credit limit for trial accounts."), "refused"],
  ["greptile", comment(GREPTILE, "<h3>Confidence Score: 5/5</h3>"), "done"],
  ["greptile", comment(GREPTILE, "Confidence Score: 4/5\n<sub>Last reviewed commit: 39822d600f</sub>"), "done"],
  ["greptile", comment(GREPTILE, "Confidence Score: 4/5\n<sub>Last reviewed commit: bbbbbbbbbb</sub>"), "silent"],
  ["greptile", review(GREPTILE, "3 comments"), "done"],
  ["greptile", review(GREPTILE, "`ann` has reached the 50-credit limit for trial accounts."), "refused"],
  ["greptile", { in: "reaction", by: GREPTILE, is: "eyes" }, "running"],
  ["claude", check("claude", "queued", "Code review queued…"), "running"],
  ["claude", check("claude", "neutral", "Code review in progress…"), "running"],
  ["claude", check("claude", "success", "Code review found no issues"), "done"],
  ["claude", check("claude", "neutral", "Code review found 2 issues"), "done"],
  ["claude", check("claude", "neutral", "Code review skipped — no new changes"), "refused"],
  ["claude", check("claude", "neutral", "Code review timed out"), "refused"],
  ["claude", check("claude", "cancelled", ""), "refused"],
  ["claude", comment("claude[bot]", "Claude Code is working…"), "running"],
  ["claude", comment("claude[bot]", "**Claude encountered an error after 3s**"), "refused"],
  [
    "claude",
    comment("claude[bot]", "**Claude finished @ann's task in 1m 44s**\n\n---\n### PR Review Complete"),
    "done",
  ],
  ["claude", comment("claude[bot]", "**Claude finished @ann's task in 1m 44s**\n\nThe tests are green now"), "silent"],
  [
    "claude",
    comment("claude[bot]", "⚠️ Code review skipped: has reached its monthly code review spending cap"),
    "refused",
  ],
  [
    "claude",
    comment("claude[bot]", "## Code review\n\nNo issues found. Checked for bugs and CLAUDE.md compliance."),
    "done",
  ],
  ["claude", review("claude[bot]", "Two remarks"), "done"],
  ["sourcery", review("sourcery-ai[bot]", "Hey - I've found 1 issue"), "done"],
  [
    "sourcery",
    review(
      "sourcery-ai[bot]",
      "Sorry @ann, you've used your own review budget of 250,000 diff characters for the last 7 days.",
    ),
    "refused",
  ],
  ["sourcery", review("sourcery-ai[bot]", "We have skipped reviewing this pull request."), "refused"],
  ["sourcery", comment("sourcery-ai[bot]", "Sorry @ann, you have reached your weekly rate limit"), "refused"],
  ["sourcery", review("sourcery-ai[bot]", "### Sourcery assessment\n\n**Approved.**"), "refused"],
  ["sourcery", comment("sourcery-ai[bot]", "Sourcery is reviewing your pull request!"), "running"],
  ["sourcery", check("sourcery-ai", "in_progress", ""), "running"],
  ["sourcery", check("sourcery-ai", "success", "Review complete"), "done"],
  ["sourcery", check("sourcery-ai", "neutral", "Review skipped"), "refused"],
  ["sourcery", check("sourcery-ai", "skipped", ""), "refused"],
  ["qodo", comment(QODO, "Preparing review..."), "running"],
  ["qodo", comment(QODO, "## PR Reviewer Guide 🔍"), "done"],
  ["qodo", comment(QODO, "**[Review updated until commit https://github.com/o/r/commit/39822d600f]**"), "done"],
  ["qodo", comment(QODO, "(Review updated until commit bbbbbbbbbb)"), "silent"],
  ["qodo", comment(QODO, "Qodo Merge was enabled for this repository, but no eligible user found."), "refused"],
  ["qodo", review(QODO, "One remark"), "done"],
  ["qodo", { in: "reaction", by: QODO, is: "eyes" }, "running"],
  ["gemini", review("gemini-code-assist[bot]", "## Code Review"), "done"],
  [
    "gemini",
    review("gemini-code-assist[bot]", "Gemini is unable to generate a review for this pull request"),
    "refused",
  ],
  [
    "gemini",
    comment("gemini-code-assist[bot]", "The consumer version of Gemini Code Assist on GitHub has been sunset."),
    "refused",
  ],
  ["gemini", { in: "reaction", by: "gemini-code-assist[bot]", is: "eyes" }, "running"],
  ["graphite", check("graphite-app", "in_progress", "", "Graphite / AI Reviews"), "running"],
  ["graphite", check("graphite-app", "success", "", "Graphite / AI Reviews"), "done"],
  ["graphite", check("graphite-app", "neutral", "Review skipped", "Graphite / AI Reviews"), "refused"],
  ["graphite", check("graphite-app", "skipped", "", "Graphite / AI Reviews"), "refused"],
  ["graphite", check("graphite-app", "success", "", "Graphite / mergeability_check"), "silent"],
  ["graphite", review("graphite-app[bot]", "One remark"), "done"],
];
