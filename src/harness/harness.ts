import type { Fields } from "./fields.ts";

/** The harnesses that p9 has an adapter for (contract: `p9 hook <event> --harness <name>`). */
export type HarnessName =
  | "claude"
  | "codex"
  | "opencode"
  | "copilot"
  | "gemini"
  | "pi"
  | "droid"
  | "cline"
  | "cursor"
  | "windsurf"
  | "kiro"
  | "goose"
  | "vscode";

/** What happened in the client, whatever it calls it. */
export type HookEvent = "start" | "prompt" | "before-shell" | "after-shell" | "stop" | "notify" | "end";

/** One event of a client, as the handlers see it. What the client does not say is missing, or empty. */
export interface HookCall {
  readonly harness: HarnessName;
  readonly event: HookEvent;
  /** The client's own name of the event. */
  readonly native: string;
  /** Whether the model hears what the answer says. Where it does not, nothing may count as told. */
  readonly tells: boolean;
  /** The client's own id of the session; empty: it names none. */
  readonly session: string;
  /** In a subagent: the session that it works for. Null outside of one. */
  readonly parent: string | null;
  /** The session's folder; empty: that of the process. */
  readonly cwd: string;
  /** Whether a person uses the client; null: it does not say. */
  readonly attended: boolean | null;
  /** The client's process; 0 where no hook learns it, so that only events show that the session lives. */
  readonly pid: number;
  /** The shell's command. A call of another tool has none. */
  readonly command?: string;
  /** What the command printed, as far as the client shows it. */
  readonly output?: string;
  /** How the command ended. */
  readonly exit?: number;
  /** How long the command took. */
  readonly durationMs?: number;
  /** The client's own reading of a finished command: the branch that it pushed, the pull request that it made. */
  readonly pushedBranch?: string;
  readonly pullRequest?: { readonly url: string; readonly action: string };
  /** stop: the turn was already continued by a hook. */
  readonly again?: boolean;
  /** prompt: what was said. */
  readonly text?: string;
  /** prompt: false where the client itself wrote it. */
  readonly spoken?: boolean;
  /** start: startup, resume, clear, compact, fork. */
  readonly source?: string;
  /** end: clear, resume, logout, other, … */
  readonly reason?: string;
  /** notify: the file that changed. */
  readonly file?: string;
  /** start: a shell script that later commands of the session run first. */
  readonly envFile?: string;
}

/** The answer to an event; empty when there is nothing to report. What a client cannot take is left out. */
export interface HookAnswer {
  /** Text for the model. */
  readonly context?: string;
  /** Text for the user only. */
  readonly message?: string;
  /** before-shell: the command does not run, for this reason. */
  readonly deny?: string;
  /** stop: the turn goes on with this text. */
  readonly continue?: string;
  /** notify: the idle session goes on with this text. */
  readonly wake?: string;
  /** start: variables for the session's later commands, for a client that takes them from the answer. */
  readonly env?: Readonly<Record<string, string>>;
  /** start: files whose changes the client reports. */
  readonly watchPaths?: readonly string[];
}

/** What goes to the client. The code is 0, but for a wake of Claude Code (2). */
export interface Written {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** How a client takes an answer that continues the turn. */
export interface Continuing {
  /** How often in a row p9 may do it, below the client's own limit: what is said beyond is lost. */
  readonly most: number;
  /** The text comes back as a prompt, which is not the user's word. */
  readonly asPrompt: boolean;
}

/** One of a client's own events. */
export interface NativeEvent {
  readonly is: HookEvent;
  readonly tells: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** One client's names, shapes and limits. */
export interface Harness {
  readonly name: HarnessName;
  /** The client's events by its names for them; no other is answered. */
  readonly events: Readonly<Record<string, NativeEvent>>;
  readonly continuing: Continuing;
  /** Variables of its hooks that bringing a session back needs. */
  readonly keeps?: readonly string[];
  /** How variables reach the session's later commands: by a file, by the answer, or not at all. */
  readonly exports: "file" | "answer" | null;
  /** Reads what a hook is given. Never throws: what has another shape is missing. */
  read(native: string, input: Fields, env: Env): HookCall;
  /** The answer in the client's form; its texts hold no secret any more. */
  write(call: HookCall, answer: HookAnswer): Written;
}

/** What every event of a client has in common. */
export type Common = Pick<HookCall, "harness" | "event" | "native" | "tells">;

/** The common part of a call; an event that the client does not have tells nothing. */
export function commonOf({ name, events }: Pick<Harness, "name" | "events">, native: string): Common {
  const event = Object.hasOwn(events, native) ? events[native] : undefined;
  return { harness: name, native, event: event?.is ?? "notify", tells: event?.tells ?? false };
}

/** The name of a session all over p9: `harness:id`; Claude Code's ids stay as they have always been. Empty for an empty id. */
export function sessionKey(harness: HarnessName, id: string): string {
  return harness === "claude" || id === "" ? id : `${harness}:${id}`;
}

/** The harness of a session's key. */
export function harnessOf(key: string): string {
  const at = key.indexOf(":");
  return at < 0 ? "claude" : key.slice(0, at);
}

/** Nothing to say. */
export const SILENCE: Written = { stdout: "", stderr: "", code: 0 };

/** A JSON document on stdout; nothing when it would be empty. */
export function document(value: Readonly<Record<string, unknown>>): Written {
  const said = Object.entries(value).filter(([, each]) => each !== undefined);
  return said.length === 0 ? SILENCE : { ...SILENCE, stdout: `${JSON.stringify(Object.fromEntries(said))}\n` };
}
