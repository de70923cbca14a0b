import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { answerHook, HOOK_EVENTS } from "../../../hooks/entry.ts";
import type { Context } from "../../program/context.ts";

export function register(command: Command, context: Context): void {
  command.argument("<event>", `one of ${HOOK_EVENTS.join(", ")}`).action(async (event) => {
    if (!HOOK_EVENTS.includes(event))
      throw new UsageError(`Cannot answer the hook event "${event}": wanted one of ${HOOK_EVENTS.join(", ")}`);
    const world = { env: context.env, clock: context.clock, exec: context.exec };
    const code = await answerHook(event, context.stdin(), world, (stdout, stderr) => {
      if (stdout) context.stdout(stdout);
      if (stderr) context.stderr(stderr);
    });
    context.exit(code);
  });
}
