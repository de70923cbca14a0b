import type { WaitKind } from "../../../contract/wait-kind.ts";
import { allWaitKinds } from "../../../plugins-host/find/resolve.ts";
import type { Context } from "../../program/context.ts";

/** The part of `watch --help` that lists the kinds and names the one whose options are shown above. */
export async function kindsHelp(shown: WaitKind, { home, env, place: cwd, warn }: Context): Promise<string> {
  const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
    warn(`plugin ${plugin}: ${message}`);
  const kinds = await allWaitKinds({ home, env, cwd, report });
  const lines = kinds.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`);
  return `\nKinds (the options of ${shown.name} are above; p9 watch <kind> --help shows others):\n${lines.join("\n")}`;
}
