import { redact } from "../base/redact.ts";
import type { HookAnswer } from "../harness/harness.ts";
import type { EndingNotice } from "../inbox/folder.ts";

/** The answer of a handler. */
export interface Answer extends HookAnswer {
  /** Endings in this answer; they count as emitted once it is written. */
  readonly emits?: readonly EndingNotice[];
}

/** What of an answer goes to the client, its texts without secrets. */
export function outgoing({ emits: _, ...answer }: Answer): HookAnswer {
  const safe = (text: string | undefined) => (text === undefined ? undefined : redact(text));
  return {
    ...answer,
    context: safe(answer.context),
    message: safe(answer.message),
    deny: safe(answer.deny),
    continue: safe(answer.continue),
    wake: safe(answer.wake),
  };
}
