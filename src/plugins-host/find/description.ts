import type { Notifier, QueueSource, WaitKind } from "../../plugin.ts";

/** Functions that a wait kind may have or not. */
export type OptionalCall = "begin" | "end" | "complete";

/** A wait kind as data. */
export type WaitKindData = Omit<WaitKind, "pin" | "look" | "observe" | OptionalCall> & {
  readonly has?: readonly OptionalCall[];
};

/** A queue source as data. */
export type QueueSourceData = Omit<QueueSource, "discover">;

/** A notifier as data. */
export type NotifierData = Omit<Notifier, "deliver">;

/** What a plugin says of itself: the answer to `describe`. */
export interface Description {
  readonly name: string;
  readonly api?: number;
  readonly version?: string;
  readonly waitKinds?: readonly WaitKindData[];
  readonly queueSources?: readonly QueueSourceData[];
  readonly notifiers?: readonly NotifierData[];
}
