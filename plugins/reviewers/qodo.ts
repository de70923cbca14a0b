import { defineReviewer } from "../../src/provider.ts";

/** Qodo, also as its open-source PR-Agent: a comment that it edits, which names the commit of an update. */
export default defineReviewer({
  name: "qodo",
  title: "Qodo",
  checked: "qodo-merge-docs.qodo.ai; qodo-ai/pr-agent (texts of persistent comments)",
  logins: [
    "qodo-merge-pro[bot]",
    "qodo-code-review[bot]",
    "qodo-merge[bot]",
    "qodo-ai[bot]",
    "qodo-merge-pro-for-open-source[bot]",
    "qodo-free-for-open-source-projects[bot]",
  ],
  apps: ["qodo-merge-pro", "qodo-code-review"],
  signals: [
    {
      in: "comment",
      text: "no eligible user found|incremental review skipped|reviews are paused|subscription is no longer active|monthly limit|limit reached|trial (?:has )?(?:ended|expired)|failed to (?:review|generate)",
      means: "refused",
    },
    {
      in: "comment",
      text: "review updated until commit|persistent review updated",
      head: "commit (?:https?://\\S{1,200}/commit/)?([0-9a-f]{7,40})",
      means: "done",
    },
    { in: "comment", text: "preparing (?:pr )?review|analy[sz]ing", means: "running" },
    {
      in: "comment",
      text: "pr reviewer guide|code review by qodo|no code suggestions found|no major issues detected",
      means: "done",
    },
    { in: "review", means: "done" },
    { in: "reaction", is: ["eyes"], means: "running" },
  ],
  ask: { comment: "/review" },
});
