import { waitingFor } from "../actions/environment.ts";
import type { Suite } from "../checks.ts";
import { isoOrNull } from "../clock.ts";
import { workflowId } from "../ids.ts";
import { onRun } from "./actions.ts";
import { json, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/**
 * What a run waits for, and the acts of people that end the wait. Source: docs.github.com/rest/actions/workflow-runs: "Get pending deployments
 * for a workflow run", "Review pending deployments", "Approve a workflow run for a fork pull request", "Cancel a workflow run"; and
 * docs.github.com/rest/actions/permissions, "Get GitHub Actions permissions for a repository".
 */
export const waitingRoutes: Route[] = [
  [
    "GET",
    /^actions\/runs\/(\d+)\/pending_deployments$/,
    (asked) => onRun(asked, (suite) => json(pending(asked, suite))),
  ],
  ["POST", /^actions\/runs\/(\d+)\/pending_deployments$/, (asked) => onRun(asked, (suite) => review(asked, suite))],
  ["POST", /^actions\/runs\/(\d+)\/approve$/, (asked) => onRun(asked, (suite) => approve(asked, suite))],
  ["POST", /^actions\/runs\/(\d+)\/cancel$/, (asked) => onRun(asked, (suite) => cancel(asked, suite))],
  ["GET", /^actions\/permissions$/, permissions],
];

function pending({ world }: Asked, suite: Suite): object[] {
  return waitingFor(suite, world.now()).map(({ environment, checks }) => {
    const { name, waitTimer = 0, reviewers = [] } = environment;
    const [first] = checks;
    const appeared = !first || first.epoch === null ? null : first.epoch + (first.plan.appears ?? 0) * 1000;
    return {
      environment: { id: workflowId(name), node_id: `EN_${name}`, name },
      wait_timer: waitTimer,
      wait_timer_started_at: waitTimer > 0 ? isoOrNull(appeared) : null,
      current_user_can_approve: reviewers.includes(world.viewer ?? ""),
      reviewers: reviewers.map((login) => ({ type: "User", reviewer: { login } })),
    };
  });
}

function review({ world, body }: Asked, suite: Suite): Reply {
  const wanted = Array.isArray(body.environment_ids) ? body.environment_ids : [];
  const chosen = waitingFor(suite, world.now()).filter((item) => wanted.includes(workflowId(item.environment.name)));
  if (chosen.length === 0) return json({ message: "There are no pending deployments for these environments" }, 422);
  const now = world.now();
  for (const { checks } of chosen) {
    for (const check of checks) {
      if (body.state === "approved") check.release(now);
      else check.suite.cancel(now);
    }
  }
  return json([]);
}

function approve({ world }: Asked, suite: Suite): Reply {
  if (suite.at(world.now()).conclusion !== "ACTION_REQUIRED")
    return json({ message: "This run is not from a fork pull request or queued for approval" }, 403);
  suite.approve(world.now());
  return json({}, 201);
}

function cancel({ world }: Asked, suite: Suite): Reply {
  if (suite.at(world.now()).status === "COMPLETED")
    return json({ message: "Cannot cancel a workflow run that is completed." }, 409);
  suite.cancel(world.now());
  return json({}, 202);
}

function permissions({ repo }: Asked): Reply {
  // Only admins may read it.
  if (repo.viewerPermission !== "ADMIN") return json({ message: "Must have admin rights to Repository." }, 403);
  return json({ enabled: repo.actionsEnabled, allowed_actions: repo.actionsEnabled ? "all" : undefined });
}
