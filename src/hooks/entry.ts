import { readFileSync, writeSync } from "node:fs";
import { errorText } from "../core/errors.ts";
import { callerOf } from "../harness/caller.ts";
import { Fields } from "../harness/fields.ts";
import type { HookCall, HookEvent } from "../harness/harness.ts";
import { isHarness, loadHarness } from "../harness/registry.ts";
import { type Answer, outgoing } from "./answer.ts";
import { type HookContext, type HookWorld, hookContext } from "./context.ts";
import { note } from "./log.ts";

type Handler = (call: HookCall, context: HookContext) => Promise<Answer>;

/** Handlers, loaded when their event comes. */
const HANDLERS: Readonly<Record<HookEvent, () => Promise<Handler>>> = {
  start: async () => (await import("./events/start.ts")).start,
  end: async () => (await import("./events/end.ts")).end,
  prompt: async () => (await import("./events/prompt.ts")).prompt,
  "before-shell": async () => (await import("./events/before-shell.ts")).beforeShell,
  "after-shell": async () => (await import("./events/after-shell.ts")).afterShell,
  stop: async () => (await import("./events/stop.ts")).stop,
  notify: async () => (await import("./events/notify.ts")).notify,
};

/**
 * Answers one event in the form of the client that called. Never rejects: a failing hook answers nothing and writes a note.
 *
 * @returns the exit code: 0, but for a wake of Claude Code
 */
export async function answerHook(event: string, stdin: string, world: HookWorld = {}, emit = out): Promise<number> {
  let context: HookContext | undefined;
  try {
    const env = world.env ?? process.env;
    const input = Fields.parse(stdin);
    const caller = callerOf(world.harness ?? "claude", input, env);
    if (caller === null) return 0;
    const harness = await loadHarness(caller);
    // Hooks that were made for another client may carry its name of the event.
    const native = [event, input.text("hook_event_name")].find((name) => Object.hasOwn(harness.events, name));
    if (native === undefined) return 0;
    const call = harness.read(native, input, env);
    context = hookContext(call, harness, world);
    // Where no process shows that the session lives, its events do.
    if (call.pid === 0) context.folder.seen();
    const handler = await HANDLERS[call.event]();
    const answer = await handler(call, context);
    const written = harness.write(call, outgoing(answer));
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

/** The program that the hook scripts run: `hook.js <event> [--harness <name>]`, JSON on stdin. */
export async function runHook(): Promise<void> {
  const [event = "", option, name = ""] = process.argv.slice(2);
  const harness = option === "--harness" ? name : "claude";
  // A newer p9 may have installed a harness that this one does not know.
  if (isHarness(harness)) process.exitCode = await answerHook(event, readFileSync(0, "utf8"), { harness });
}
