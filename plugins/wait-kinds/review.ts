import { defineWaitKind } from "../../src/plugin.ts";
import { pinPullRequest } from "./pull-request/pin.ts";
import { lookAtReviews } from "./review/look.ts";

/** The reviews of a pull request's head commit. */
export default defineWaitKind({
  name: "review",
  summary: "the reviews of a pull request: number, URL, branch, or nothing for the current branch",
  process: "shared",
  env: ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_HOST", "GH_CONFIG_DIR"],
  deadlineS: 2 * 3600,
  interval: { firstS: 15, maxS: 120 },
  traits: { noun: "review of PR", unbound: "the review of branch" },
  slowAfterVerdict: true,
  pin: pinPullRequest,
  look: lookAtReviews,
});
