import { defineReviewer } from "../../src/provider.ts";

/** Greptile: a check (`statusCheck`), and a summary in a comment that it edits. It reviews later heads only with `triggerOnUpdates`. */
export default defineReviewer({
  name: "greptile",
  title: "Greptile",
  checked: "greptile.com/docs (code review); checks and comments of public pull requests",
  logins: ["greptile-apps[bot]", "greptile-apps-staging[bot]"],
  apps: ["greptile-apps"],
  contexts: ["greptile review", "greptile"],
  signals: [
    {
      in: "comment",
      text: "reached the [\\d,]+[- ](?:credit|review) limit|limit for trial|trial (?:has )?(?:ended|expired)|out of credits|too many files|no reviewable files|skipp(?:ed|ing) (?:the )?review",
      means: "refused",
    },
    { in: "check", text: "credit limit|limit reached|skipped|trial|too many", means: "refused" },
    { in: "status", text: "credit limit|limit reached|skipped|trial|too many", means: "refused" },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    { in: "status", is: ["pending", "expected"], means: "running" },
    {
      in: "comment",
      text: "last reviewed commit",
      head: "last reviewed commit\\W{0,6}(?:\\[[^\\]]{0,200}\\]\\([^)]{0,200}/commit/)?([0-9a-f]{7,40})",
      means: "done",
    },
    { in: "review", text: "reached the [\\d,]+[- ](?:credit|review) limit|too many files", means: "refused" },
    { in: "review", means: "done" },
    { in: "comment", text: "confidence score", means: "done" },
    { in: "check", is: ["success", "neutral", "failure"], means: "done" },
    { in: "status", is: ["success", "failure"], means: "done" },
    { in: "reaction", is: ["eyes"], means: "running" },
  ],
  ask: { comment: "@greptileai" },
});
