import { defineReviewer } from "../../src/provider.ts";

/**
 * Cursor Bugbot: a check run on each head. It ends `neutral` when it found bugs, and just so when a limit stopped it: only its text, or the
 * comment beside it, tells one from the other.
 */
export default defineReviewer({
  name: "bugbot",
  title: "Cursor Bugbot",
  checked: "cursor.com/docs/bugbot; check runs and comments of public pull requests",
  logins: ["cursor[bot]"],
  apps: ["cursor"],
  contexts: ["cursor bugbot"],
  signals: [
    {
      in: "check",
      text: "couldn't run|could not run|limit reached|skipp(?:ed|ing)|disabled|unable to",
      means: "refused",
    },
    { in: "check", is: ["queued", "in_progress", "pending", "requested", "waiting"], means: "running" },
    {
      in: "check",
      is: ["neutral", "success", "failure"],
      text: "completed review|found \\d+|no (?:new )?(?:bugs|issues)|potential issues?",
      means: "done",
    },
    { in: "check", is: ["success"], means: "done" },
    { in: "check", is: ["cancelled", "timed_out", "skipped", "stale"], means: "refused" },
    {
      in: "comment",
      text: "bugbot couldn't run|skipping bugbot|bugbot is (?:disabled|not enabled)",
      means: "refused",
    },
    { in: "review", text: "bugbot couldn't run|skipping bugbot", means: "refused" },
    { in: "review", means: "done" },
    { in: "comment", text: "is being reviewed by cursor bugbot", means: "running" },
    { in: "comment", text: "found no (?:new )?(?:bugs|issues)", means: "done" },
  ],
  findings: "annotations",
  ask: { comment: "bugbot run" },
});
