import { listAt, numberAt } from "../../src/github.ts";
import { defineWaitKind } from "../../src/plugin.ts";
import { lookAtPullRequest } from "./pr-ci/look.ts";
import { pinPullRequest } from "./pull-request/pin.ts";

/** It is started again as long as the wait goes on. */
const OBSERVE_MS = 3600_000;

/** The checks of a pull request's head commit. */
export default defineWaitKind({
  name: "pr-ci",
  summary: "the checks of a pull request: number, URL, branch, or nothing for the current branch",
  options: {
    "fail-fast": {
      type: "boolean",
      default: true,
      description: "end red at the first failed check that counts, while others still run",
    },
  },
  process: "shared",
  env: ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_HOST", "GH_CONFIG_DIR"],
  deadlineS: 2 * 3600,
  traits: { noun: "PR", unbound: "the pull request of branch", slot: "pull-request", evidence: "checks" },
  slowAfterVerdict: true,
  pin: pinPullRequest,
  look: lookAtPullRequest,
  /** `gh pr checks --watch` ends when no check is pending any more; what it says is not believed, only that it ended. */
  async observe({ exec, pin, signal }) {
    const argv = ["gh", "pr", "checks", String(pin.pr), "--watch", "--repo", String(pin.repo)];
    await exec(argv, { timeoutMs: OBSERVE_MS, maxBytes: 1024, signal });
  },
  async complete({ github, repo }) {
    if (!repo) return [];
    const open =
      "pullRequests(first: 50, states: [OPEN], orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { number } }";
    const { data } = await github.repository(repo, open);
    return listAt(data, "pullRequests", "nodes").map((node) => String(numberAt(node, "number")));
  },
});
