import type { Commit } from "./commit.ts";

/** Something that happened to a pull request, as its timeline shows it. */
export interface TimelineEvent {
  type:
    | "AddedToMergeQueueEvent"
    | "RemovedFromMergeQueueEvent"
    | "ClosedEvent"
    | "ReopenedEvent"
    | "MergedEvent"
    | "ConvertToDraftEvent"
    | "ReadyForReviewEvent"
    | "HeadRefForcePushedEvent";
  at: number;
  reason?: string;
  before?: Commit;
  after?: Commit;
}
