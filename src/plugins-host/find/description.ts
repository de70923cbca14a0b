import type { Notifier } from "../../contract/notifier.ts";
import type { QueueSource } from "../../contract/queue-source.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { LogProvider } from "../../log-providers/describe/log-provider.ts";
import type { Reviewer } from "../../reviewers/describe/reviewer.ts";

/** Functions that a wait kind may have or not. */
export type OptionalCall = "begin" | "end" | "complete" | "runs";

/** A wait kind as data. */
export type WaitKindData = Omit<WaitKind, "pin" | "look" | "observe" | OptionalCall> & {
  readonly has?: readonly OptionalCall[];
};

/** A queue source as data. */
export type QueueSourceData = Omit<QueueSource, "discover" | "runs"> & { readonly has?: readonly "runs"[] };

/** A notifier as data. */
export type NotifierData = Omit<Notifier, "deliver" | "missing"> & { readonly has?: readonly "missing"[] };

/** What a plugin says of itself: the answer to `describe`. */
export interface Description {
  readonly name: string;
  readonly api?: number;
  readonly version?: string;
  readonly waitKinds?: readonly WaitKindData[];
  readonly queueSources?: readonly QueueSourceData[];
  readonly notifiers?: readonly NotifierData[];
  readonly logProviders?: readonly LogProvider[];
  readonly reviewers?: readonly Reviewer[];
}
