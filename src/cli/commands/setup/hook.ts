import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { claude } from "../../../harness/clients/claude.ts";
import { HARNESSES, isHarness, loadHarness } from "../../../harness/registry.ts";
import { answerHook } from "../../../hooks/entry.ts";
import type { Context } from "../../program/context.ts";

const CLAUDE_EVENTS = Object.keys(claude.events).join(", ");

export function register(command: Command, context: Context): void {
  command
    .argument("<event>", `the client's name of the event; of Claude Code one of ${CLAUDE_EVENTS}`)
    .option("--harness <name>", `the client that the hook is installed for: ${HARNESSES.join(", ")}`, "claude")
    .action((event, { harness }) => hook(event, harness, context));
}

async function hook(event: string, harness: string, context: Context): Promise<void> {
  if (!isHarness(harness)) return refuse(`the harness "${harness}": wanted one of ${HARNESSES.join(", ")}`, context);
  const events = Object.keys((await loadHarness(harness)).events);
  const problem = `the hook event "${event}"${harness === "claude" ? "" : ` of ${harness}`}: wanted one of ${events.join(", ")}`;
  if (!events.includes(event)) {
    if (harness === "claude") throw new UsageError(`Cannot answer ${problem}`);
    return refuse(problem, context);
  }
  const world = { harness, env: context.env, clock: context.clock, exec: context.exec };
  const code = await answerHook(event, context.stdin(), world, (stdout, stderr) => {
    if (stdout) context.stdout(stdout);
    if (stderr) context.stderr(stderr);
  });
  context.exit(code);
}

/** Says what is wrong, and no more: some clients take any exit code but 0 for a refusal of the tool call. */
function refuse(problem: string, context: Context): void {
  context.warn(`Cannot answer ${problem}`);
}
