import { defineReviewer } from "../../src/provider.ts";

/**
 * Claude Code Review: a check run whose title says how far it got, never red, whatever it found. claude-code-action: one comment that it
 * edits, which counts as a review only when it speaks of one.
 */
export default defineReviewer({
  name: "claude",
  title: "Claude Code Review",
  checked:
    "code.claude.com/docs (code-review, code-review-troubleshooting: titles of the check run); anthropics/claude-code-action (texts of its comment)",
  logins: ["claude[bot]"],
  apps: ["claude"],
  contexts: ["claude code review"],
  signals: [
    { in: "check", text: "review (?:skipped|declined|failed|timed out)|no review", means: "refused" },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    { in: "check", text: "review (?:queued|in progress)", means: "running" },
    { in: "check", is: ["failure", "cancelled", "timed_out", "skipped", "stale"], means: "refused" },
    { in: "check", is: ["success", "neutral"], means: "done" },
    {
      in: "comment",
      text: "no review was started|code review skipped|spending cap|no extra usage|too low to start another review|overage spend limit|you've hit your limit",
      means: "refused",
    },
    { in: "comment", text: "claude(?: code)? is working", means: "running" },
    { in: "comment", text: "claude encountered an error", means: "refused" },
    { in: "comment", text: "no issues found\\. checked for", means: "done" },
    { in: "comment", text: "claude finished @[\\s\\S]{0,600}\\breview", means: "done" },
    { in: "review", means: "done" },
  ],
  ask: { comment: "@claude review" },
});
