import { defineReviewer } from "../../src/provider.ts";

/** CodeRabbit: a commit status on each head, a review, and one comment that it edits. */
export default defineReviewer({
  name: "coderabbit",
  title: "CodeRabbit",
  checked: "docs.coderabbit.ai; public pull requests",
  logins: ["coderabbitai[bot]"],
  apps: ["coderabbitai"],
  contexts: ["coderabbit"],
  signals: [
    { in: "status", text: "rate limit|limit reached|skipped|paused|credits|quota", means: "refused" },
    { in: "status", is: ["pending"], means: "running" },
    { in: "status", is: ["success"], means: "done" },
    { in: "status", is: ["failure", "error"], means: "refused" },
    { in: "review", means: "done" },
  ],
  ask: { comment: "@coderabbitai review" },
});
