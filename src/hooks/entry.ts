import { readFileSync, writeSync } from "node:fs";
import { errorText } from "../core/errors.ts";
import { type Answer, write } from "./answer.ts";
import { type HookContext, type HookWorld, hookContext } from "./context.ts";
import { type HookInput, parseInput } from "./input.ts";
import { note } from "./log.ts";

type Handler = (input: HookInput, context: HookContext) => Promise<Answer>;

/** Handlers by event of Claude Code, loaded when the event comes. */
const HANDLERS: Readonly<Record<string, () => Promise<Handler>>> = {
  SessionStart: async () => (await import("./events/session-start.ts")).sessionStart,
  SessionEnd: async () => (await import("./events/session-end.ts")).sessionEnd,
  UserPromptSubmit: async () => (await import("./events/user-prompt-submit.ts")).userPromptSubmit,
  PreToolUse: async () => (await import("./events/pre-tool-use.ts")).preToolUse,
  PostToolUse: async () => (await import("./events/post-tool-use.ts")).postToolUse,
  PostToolUseFailure: async () => (await import("./events/post-tool-use.ts")).postToolUse,
  Stop: async () => (await import("./events/stop.ts")).stop,
  FileChanged: async () => (await import("./events/file-changed.ts")).fileChanged,
};

/** Names of the events that p9 answers. */
export const HOOK_EVENTS = Object.keys(HANDLERS);

/** Answers one event in the client's form. Never rejects: a failing hook answers nothing and writes a note. */
export async function answerHook(event: string, stdin: string, world: HookWorld = {}, emit = out): Promise<number> {
  let context: HookContext | undefined;
  try {
    const input = parseInput(stdin);
    context = hookContext(input, world);
    const handler = await HANDLERS[event]?.();
    if (!handler) return 0;
    const answer = await handler(input, context);
    const written = write(event, answer);
    emit(written.stdout, written.stderr);
    if (answer.emits && answer.emits.length > 0) await context.delivery.emitted(answer.emits);
    return written.code;
  } catch (error) {
    if (context) note(context, `${event}: ${errorText(error)}`);
    return 0;
  }
}

function out(stdout: string, stderr: string): void {
  if (stdout) writeSync(1, stdout);
  if (stderr) writeSync(2, stderr);
}

/** The program that the hook scripts run: `hook.js <Event>`, JSON on stdin. */
export async function runHook(): Promise<void> {
  process.exitCode = await answerHook(process.argv[2] ?? "", readFileSync(0, "utf8"));
}
