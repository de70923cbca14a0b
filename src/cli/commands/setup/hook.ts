import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { claude } from "../../../harness/clients/claude.ts";
import { HARNESSES, isHarness, loadHarness } from "../../../harness/registry.ts";
import { answerHook } from "../../../hooks/entry.ts";
import { note } from "../../../hooks/log.ts";
import { Delivery } from "../../../inbox/delivery.ts";
import { InboxFolder } from "../../../inbox/folder.ts";
import { wakerOf } from "../../../wakers/registry.ts";
import { wakeSession } from "../../../wakers/wake-session.ts";
import type { Context } from "../../program/context.ts";

const CLAUDE_EVENTS = Object.keys(claude.events).join(", ");

export function register(command: Command, context: Context): void {
  command
    .argument("<event>", `the client's name of the event; of Claude Code one of ${CLAUDE_EVENTS}`)
    .option("--harness <name>", `the client that the hook is installed for: ${HARNESSES.join(", ")}`, "claude")
    .option("--session <key>", "with the event wake: the session that is to be brought back")
    .action((event, { harness, session }) =>
      event === "wake" && session !== undefined ? wake(session, context) : hook(event, harness, context),
    );
}

/** What a process of its own does for an idle session whose client has a waker. */
async function wake(session: string, context: Context): Promise<void> {
  const waker = await wakerOf(session);
  if (!waker) throw new UsageError(`Cannot bring back the session "${session}": its client has no waker`);
  const { clock, env, exec, home } = context;
  const store = await context.store();
  const folder = InboxFolder.all(store.paths.inbox).find(({ client }) => client === session);
  if (!folder) return;
  const view = () => store.read();
  const delivery = new Delivery(folder, { statePath: store.paths.state, view, now: () => clock.now() });
  await wakeSession({ delivery, waker, env, exec, clock, note: (text) => note({ home, clock }, text) });
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
