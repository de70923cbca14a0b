import { defineReviewer } from "../../src/provider.ts";

/**
 * Codex: 👀 while it reads, then a review with findings, or a comment that names the commit when it found none, or only 👍. An edited comment
 * counts for the commit that it names.
 */
export default defineReviewer({
  name: "codex",
  title: "Codex",
  checked: "developers.openai.com/codex (code review in GitHub); comments and reactions of public pull requests",
  logins: ["chatgpt-codex-connector[bot]"],
  signals: [
    {
      in: "comment",
      text: "codex usage limits|create a codex account|create an environment|unable to (?:review|start)|something went wrong",
      means: "refused",
    },
    { in: "comment", text: "reviewed commit", head: "reviewed commit:?\\W{0,6}([0-9a-f]{7,40})", means: "done" },
    { in: "comment", text: "didn't find any major issues|no (?:major )?issues found", means: "done" },
    { in: "review", text: "reviewed commit", head: "reviewed commit:?\\W{0,6}([0-9a-f]{7,40})", means: "done" },
    { in: "review", means: "done" },
    { in: "reaction", is: ["eyes"], means: "running" },
    { in: "reaction", is: ["thumbs_up"], means: "done" },
  ],
  ask: { comment: "@codex review" },
});
