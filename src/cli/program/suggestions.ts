import { oneLine } from "../../base/text.ts";
import { isFinal, isRunning } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import { paths } from "../../store/paths.ts";
import type { Context } from "./context.ts";

/** A suggestion for a command's first argument. */
export interface Suggestion {
  readonly command: string;
  readonly argument: string;
  readonly values: readonly { readonly value: string; readonly description: string }[];
}

/** Values for the command that is being typed: open waits, kinds of wait, items. Never fails, because a shell calls it. */
export async function suggestions(words: readonly string[], context: Context): Promise<readonly Suggestion[]> {
  const [command, below] = words;
  try {
    if (command === "wait-queue" && (below === "done" || below === "release"))
      return [{ command: `${command} ${below}`, argument: "id", values: await items(context) }];
    if (command === "plugin" && below === "remove")
      return [{ command: `${command} ${below}`, argument: "plugin", values: await plugins(context) }];
    if (command === "escalations" && below === "ack")
      return [{ command: `${command} ${below}`, argument: "id", values: await escalations(context) }];
    if (command === "attach" || command === "abandon")
      return [{ command, argument: "wait", values: await waits(context, (wait) => !isFinal(wait.state)) }];
    if (command === "dismiss")
      return [{ command, argument: "wait", values: await waits(context, (wait) => !isRunning(wait.state)) }];
    if (command === "logs" || command === "open")
      return [{ command, argument: "target", values: await waits(context, () => true) }];
    if (command !== undefined && ABOUT_A_PULL_REQUEST.includes(command))
      return [{ command, argument: "pr", values: await pullRequests(context) }];
    if (command === "watch") return [{ command, argument: "target", values: await kinds(context) }];
    return [];
  } catch {
    return [];
  }
}

const ABOUT_A_PULL_REQUEST = ["heal", "merge-status", "merge-ready", "why"];

async function waits(context: Context, isMeant: (wait: Wait) => boolean) {
  const all = [...(await context.store()).read().waits.values()];
  return all.filter(isMeant).flatMap((wait) => {
    const values = [wait.wait_id, ...(wait.pr === null ? [] : [String(wait.pr)])];
    return values.map((value) => ({ value, description: described(wait) }));
  });
}

async function pullRequests(context: Context) {
  const all = [...(await context.store()).read().waits.values()];
  return all.flatMap((wait) =>
    wait.pr === null || isFinal(wait.state) ? [] : [{ value: String(wait.pr), description: described(wait) }],
  );
}

async function items(context: Context) {
  const { openQueue } = await import("../commands/wait-queue/open.ts");
  const { queue } = await openQueue(context);
  return [...queue.read().items.values()].map(({ id, item }) => ({ value: id, description: oneLine(item, 80) }));
}

async function plugins({ home }: Context) {
  const { readPluginsFile } = await import("../../plugins-host/find/plugins-file.ts");
  const entries = await readPluginsFile(paths(home).plugins);
  return entries.map(({ use }) => ({ value: use, description: "" }));
}

async function escalations({ home }: Context) {
  const { readOutbox } = await import("../../escalate/outbox.ts");
  const open = readOutbox(paths(home)).filter(({ state }) => state !== "acked");
  return open.map(({ id, title }) => ({ value: id, description: oneLine(title, 80) }));
}

function described(wait: Wait): string {
  return oneLine(`${waitName(wait)} ${wait.state}`, 80);
}

async function kinds({ home, env, place: cwd }: Context) {
  const { allWaitKinds } = await import("../../plugins-host/find/resolve.ts");
  const found = await allWaitKinds({ home, env, cwd, startNothing: true });
  return found.map(({ name, summary }) => ({ value: name, description: summary }));
}
