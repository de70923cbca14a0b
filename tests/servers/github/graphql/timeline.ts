import { iso } from "../clock.ts";
import type { Pull } from "../pull.ts";
import type { TimelineEvent } from "../timeline.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { viewPull } from "./pull-request.ts";

interface TimelinePage extends Page {
  itemTypes?: string[] | null;
  since?: string | null;
}

/** Events of a pull request, oldest first. Source: GraphQL, `PullRequestTimelineItems`. */
export function viewTimeline(pull: Pull, page: TimelinePage): object {
  const since = page.since ? Date.parse(page.since) : Number.NEGATIVE_INFINITY;
  const wanted = pull.timeline.filter(
    (event) => event.at >= since && (!page.itemTypes || page.itemTypes.includes(itemType(event))),
  );
  return { ...connection(wanted, page, (event) => viewEvent(event, pull)), filteredCount: wanted.length };
}

/** `RemovedFromMergeQueueEvent` as `REMOVED_FROM_MERGE_QUEUE_EVENT`. */
function itemType({ type }: TimelineEvent): string {
  return type.replace(/(?!^)([A-Z])/g, "_$1").toUpperCase();
}

function viewEvent(event: TimelineEvent, pull: Pull): object {
  const { type, at, reason, before, after } = event;
  const queue = type.endsWith("MergeQueueEvent");
  return {
    __typename: type,
    id: `EV_${pull.number}_${pull.timeline.indexOf(event)}`,
    createdAt: iso(at),
    actor: { __typename: queue ? "Bot" : "User", login: queue ? "github-merge-queue" : "octocat" },
    enqueuer: { __typename: "User", login: "octocat" },
    reason: reason ?? null,
    beforeCommit: before ? () => viewCommit(before) : null,
    afterCommit: after ? () => viewCommit(after) : null,
    pullRequest: () => viewPull(pull),
    commit: type === "MergedEvent" ? () => viewCommit(pull.head) : null,
  };
}
