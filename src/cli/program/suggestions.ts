import { oneLine } from "../../base/text.ts";
import { isFinal } from "../../core/states.ts";
import { waitName } from "../../core/wait-name.ts";
import type { Context } from "./context.ts";

/** A suggestion for a command's first argument. */
export interface Suggestion {
  readonly command: string;
  readonly argument: string;
  readonly values: readonly { readonly value: string; readonly description: string }[];
}

/** Values for the command that is being typed: open waits, kinds of wait. Never fails, because a shell calls it. */
export async function suggestions(command: string | undefined, context: Context): Promise<readonly Suggestion[]> {
  try {
    if (command === "attach" || command === "abandon")
      return [{ command, argument: "wait", values: await openWaits(context) }];
    if (command === "watch") return [{ command, argument: "target", values: await kinds(context) }];
    return [];
  } catch {
    return [];
  }
}

async function openWaits(context: Context) {
  const { waits } = (await context.store()).read();
  const open = [...waits.values()].filter(({ state }) => !isFinal(state));
  return open.flatMap((wait) => {
    const description = oneLine(`${waitName(wait)} ${wait.state}`, 80);
    return [wait.wait_id, ...(wait.pr === null ? [] : [String(wait.pr)])].map((value) => ({ value, description }));
  });
}

async function kinds({ home, env, place: cwd }: Context) {
  const { allWaitKinds } = await import("../../plugins-host/find/resolve.ts");
  const found = await allWaitKinds({ home, env, cwd, startNothing: true });
  return found.map(({ name, summary }) => ({ value: name, description: summary }));
}
