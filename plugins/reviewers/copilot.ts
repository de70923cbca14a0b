import { defineReviewer } from "../../src/provider.ts";

/** GitHub Copilot: it is asked by a review request, which it leaves when its review is there. It never approves. */
export default defineReviewer({
  name: "copilot",
  title: "GitHub Copilot",
  checked: "docs.github.com (using GitHub Copilot code review); reviews of public pull requests",
  logins: ["copilot-pull-request-reviewer[bot]", "Copilot[bot]"],
  signals: [
    { in: "request", means: "running" },
    {
      in: "review",
      text: "unable to review|wasn't able to review|was not able to review|encountered an error|quota limit|could not review|reviewed 0 out of",
      means: "refused",
    },
    { in: "review", means: "done" },
  ],
  ask: { request: true },
});
