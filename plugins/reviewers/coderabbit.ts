import { defineReviewer } from "../../src/provider.ts";

/** What it says of a round that it finished: of any other success nobody knows. */
const DONE = "^\\W*$|\\breview (?:is |was )?(?:completed?|finished|done)\\b";

/**
 * CodeRabbit: a check run (`review_progress`) or a commit status on each head, one review for each round, one comment that it edits. A round that it refused is a `success`
 * or, as `fail_commit_status` says, a `failure`; it never comes back to it by itself.
 * A review names the commits that it is of, since GitHub ties it to the head at its end.
 */
export default defineReviewer({
  name: "coderabbit",
  title: "CodeRabbit",
  checked: "docs.coderabbit.ai (configuration: commit_status, fail_commit_status); statuses of public pull requests",
  logins: ["coderabbitai[bot]"],
  apps: ["coderabbitai"],
  contexts: ["coderabbit"],
  signals: [
    {
      in: "status",
      text: "rate[- ]?limit|limit (?:reached|exceeded)|skipped|paused|disabled|cancell?ed|credits|quota|review failed|too (?:many|large)",
      means: "refused",
    },
    {
      in: "check",
      text: "rate[- ]?limit|limit (?:reached|exceeded)|skipped|paused|disabled|cancell?ed|credits|quota|review failed|too (?:many|large)",
      means: "refused",
    },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    { in: "check", is: ["success"], text: DONE, means: "done" },
    { in: "check", is: ["failure", "skipped", "cancelled", "timed_out", "stale"], means: "refused" },
    { in: "status", is: ["pending", "expected"], means: "running" },
    { in: "status", is: ["failure", "error"], means: "refused" },
    { in: "status", is: ["success"], text: DONE, means: "done" },
    {
      in: "review",
      text: "and between\\W{1,4}[0-9a-f]{7,40}",
      head: "and between\\W{1,4}[0-9a-f]{7,40}\\W{1,4}and\\W{1,4}([0-9a-f]{7,40})",
      means: "done",
    },
    { in: "review", means: "done" },
    {
      in: "comment",
      text: "auto-generated comment: (?:rate limited|skip review) by coderabbit|^\\W*(?:review limit reached|rate limit exceeded|reviews? paused)",
      means: "refused",
    },
  ],
  ask: { comment: "@coderabbitai review" },
});
