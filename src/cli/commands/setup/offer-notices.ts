import type { Notifier } from "../../../contract/notifier.ts";
import type { Context } from "../../program/context.ts";

/**
 * The type of the channel that set-up is to add, or null. `wish`: `--notify` or `--no-notify`; without one, a person who can answer is
 * asked with one line. Nothing is offered to somebody who has a channel.
 */
export async function offerNotices(wish: boolean | undefined, context: Context): Promise<string | null> {
  if (wish === false || (wish === undefined && !canAnswer(context))) return null;
  const { home, env, place: cwd } = context;
  const { channelsIn } = await import("../../../notify/sources.ts");
  const { channels, problems } = await channelsIn({ home, env, cwd });
  if (channels.length + problems.length > 0) return null;
  const notifier = await firstUsable(context);
  if (notifier === null) {
    if (wish) context.warn("Nothing here can show notices: no desktop was found, and no terminal");
    return null;
  }
  const what = notifier.summary.charAt(0).toLowerCase() + notifier.summary.slice(1);
  return wish || (await isAgreed(`When a wait ends: ${what}? [y/N] `)) ? notifier.name : null;
}

/** Whether a person is there who can answer a question. */
export function canAnswer({ isTTY, forPeople, json }: Context): boolean {
  return process.stdin.isTTY === true && isTTY && forPeople && !json;
}

/** The first notifier of those that set-up offers which can deliver here. */
async function firstUsable({ home, env, place: cwd, clock, exec }: Context): Promise<Notifier | null> {
  const [{ notifiers, offered }, { buildChannels }, { missingFor }, { deliverDeps }] = await Promise.all([
    import("../../../../plugins/notifiers/registry.ts"),
    import("../../../notify/channels.ts"),
    import("../../../notify/deliver.ts"),
    import("../../../notify/open.ts"),
  ]);
  const deps = deliverDeps({ home, env, cwd, clock, exec });
  for (const type of offered) {
    const notifier = await notifiers[type]();
    const [channel] = buildChannels([{ entry: { type }, workspace: null }]).channels;
    if (channel && (await missingFor(notifier, channel, deps)) === null) return notifier;
  }
  return null;
}

/** Asks a question on the terminal. */
export async function isAgreed(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    terminal.setPrompt(question);
    terminal.prompt();
    const { value, done } = await terminal[Symbol.asyncIterator]().next();
    return !done && /^y(?:es)?$/i.test(value.trim());
  } finally {
    terminal.close();
  }
}
