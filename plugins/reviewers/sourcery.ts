import { defineReviewer } from "../../src/provider.ts";

/**
 * Sourcery: a review, and a check. A refusal is a review too, whose text begins with an apology; so is the approval that it gives a push
 * after a mere glance ("Sourcery assessment"), which is no review.
 */
export default defineReviewer({
  name: "sourcery",
  title: "Sourcery",
  checked: "docs.sourcery.ai (code review); reviews of public pull requests",
  logins: ["sourcery-ai[bot]"],
  apps: ["sourcery-ai"],
  contexts: ["sourcery review", "sourcery"],
  signals: [
    {
      in: "review",
      text: "^\\s*(?:sorry\\b|we have skipped reviewing|we've skipped reviewing)|review budget|rate limit|sourcery assessment|rules engine",
      means: "refused",
    },
    { in: "comment", text: "^\\s*sorry\\b|have skipped reviewing|review budget|rate limit", means: "refused" },
    { in: "comment", text: "is reviewing your pull request", means: "running" },
    { in: "review", means: "done" },
    { in: "check", text: "skipped|limit|budget|sorry", means: "refused" },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    { in: "check", is: ["skipped", "cancelled", "timed_out", "stale"], means: "refused" },
    { in: "check", is: ["success", "neutral", "failure"], means: "done" },
  ],
  ask: { comment: "@sourcery-ai review" },
});
