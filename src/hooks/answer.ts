import { redact } from "../base/redact.ts";
import type { EndingNotice } from "../inbox/folder.ts";

/** The answer of a hook; empty when it has nothing to report. */
export interface Answer {
  /** Text for the model. */
  readonly context?: string;
  /** Text for the user only. */
  readonly message?: string;
  /** PreToolUse: the command does not run, for this reason. */
  readonly deny?: string;
  /** FileChanged: wakes the session with this text. */
  readonly wake?: string;
  /** Endings in this answer; they count as emitted once it is written. */
  readonly emits?: readonly EndingNotice[];
  /** SessionStart: files whose changes the client reports. */
  readonly watchPaths?: readonly string[];
}

/** What goes to the client: a JSON document on stdout, or text on stderr with exit code 2 (a wake). */
export interface Written {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** An answer in the client's form. */
export function write(event: string, answer: Answer): Written {
  if (answer.wake !== undefined) return { stdout: "", stderr: `${redact(answer.wake)}\n`, code: 2 };
  const specific = {
    ...(answer.context === undefined ? {} : { additionalContext: redact(answer.context) }),
    ...(answer.watchPaths === undefined ? {} : { watchPaths: answer.watchPaths }),
    ...(answer.deny === undefined ? {} : { permissionDecision: "deny", permissionDecisionReason: redact(answer.deny) }),
  };
  const document = {
    ...(answer.message === undefined ? {} : { systemMessage: redact(answer.message) }),
    ...(Object.keys(specific).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...specific } }),
  };
  const stdout = Object.keys(document).length === 0 ? "" : `${JSON.stringify(document)}\n`;
  return { stdout, stderr: "", code: 0 };
}
