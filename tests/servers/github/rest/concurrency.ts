import type { Suite } from "../checks.ts";
import { onRun } from "./actions.ts";
import { apiUrl, json } from "./reply.ts";
import type { Route } from "./router.ts";

/**
 * The concurrency group of a run, with the run's own place in it while it holds the group (0) or waits (1 and more); without members once it
 * is over. Source: docs.github.com/rest/actions/concurrency-groups, "List concurrency groups for a workflow run".
 */
export const concurrencyRoutes: Route[] = [
  [
    "GET",
    /^actions\/runs\/(\d+)\/concurrency_groups$/,
    (asked) =>
      onRun(asked, (suite) => {
        const groups = viewGroups(suite, asked.world.now(), apiUrl(asked.repo));
        return json({ total_count: groups.length, concurrency_groups: groups });
      }),
  ],
];

function viewGroups(suite: Suite, now: number, api: string): object[] {
  const group = suite.run?.concurrency?.group;
  if (group === undefined) return [];
  const { status } = suite.at(now);
  const position = status === "PENDING" ? 1 : 0;
  const member = {
    run_id: suite.runId,
    run_name: suite.workflow,
    run_url: `${api}/actions/runs/${suite.runId}`,
    status: position === 0 ? "in_progress" : "pending",
    position,
  };
  const url = `${api}/actions/concurrency_groups/${encodeURIComponent(group)}`;
  return [{ group_name: group, group_url: url, group_members: status === "COMPLETED" ? [] : [member] }];
}
