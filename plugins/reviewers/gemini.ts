import { defineReviewer } from "../../src/provider.ts";

/** Gemini Code Assist: a review. Its consumer version has reviewed nothing since July 2026 and says so on each pull request. */
export default defineReviewer({
  name: "gemini",
  title: "Gemini Code Assist",
  checked: "developers.google.com/gemini-code-assist (review GitHub code); comments of public pull requests",
  logins: ["gemini-code-assist[bot]"],
  apps: ["gemini-code-assist"],
  signals: [
    {
      in: "comment",
      text: "has been sunset|officially ceased|unable to generate|daily quota limit|encountered an error|being currently supported",
      means: "refused",
    },
    { in: "review", text: "unable to generate|daily quota limit|encountered an error", means: "refused" },
    { in: "review", means: "done" },
    { in: "reaction", is: ["eyes"], means: "running" },
  ],
  ask: { comment: "/gemini review" },
});
