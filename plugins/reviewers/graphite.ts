import { defineReviewer } from "../../src/provider.ts";

/** Graphite's reviewer (Diamond, now Graphite Agent): a check run, and a review when it found something. */
export default defineReviewer({
  name: "graphite",
  title: "Graphite",
  checked: "graphite.dev/docs (AI reviews); not seen on a public pull request",
  logins: ["graphite-app[bot]"],
  contexts: ["graphite / ai reviews", "graphite ai review(?:s|er)?", "diamond"],
  signals: [
    { in: "check", text: "skipped|limit|quota|trial|not (?:run|reviewed)", means: "refused" },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    { in: "check", is: ["skipped", "cancelled", "timed_out", "stale"], means: "refused" },
    { in: "check", is: ["success", "neutral", "failure"], means: "done" },
    { in: "review", means: "done" },
  ],
  ask: { words: "on the page of the pull request at Graphite" },
});
