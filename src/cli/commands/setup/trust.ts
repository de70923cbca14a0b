import type { Command } from "@commander-js/extra-typings";
import { safeText } from "../../../base/redact.ts";
import { counted } from "../../../base/text.ts";
import { ForbiddenError } from "../../../core/errors.ts";
import { workRoot } from "../../../heal/repair/work-root.ts";
import type { Context } from "../../program/context.ts";

/** `p9 trust`: shows what a repository names and p9 would run, and asks. */
export function register(command: Command, context: Context): void {
  command.option("--revoke", "take back all trust in this repository").action(async ({ revoke: takeBack }) => {
    const { grant, isGranted, revoke } = await import("../../../trust/trust.ts");
    const { trustSubjects } = await import("./trust-subjects.ts");
    const policy = await context.policy("watch");
    const root = (await workRoot(context.cwd, null, context)) ?? policy.workspace ?? context.cwd;
    const workspace = policy.workspace ?? root;
    if (takeBack) {
      const count = await revoke(context.home, workspace);
      if (context.json) return context.printJson({ revoked: count });
      return context.print(
        count === 0 ? "this repository had no trust" : `trust in ${counted(count, "entry", "entries")} was revoked`,
      );
    }
    const { home, env, cwd } = context;
    const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
      context.warn(`plugin ${plugin}: ${message}`);
    const all = await trustSubjects({ home, env, cwd, policy, root, report });
    const asked = all.filter((one) => !isGranted(context.home, workspace, one));
    if (asked.length === 0) {
      if (context.json) return context.printJson({ trusted: all.map(({ subject }) => subject), untrusted: [] });
      return context.print(
        all.length === 0
          ? "this repository names nothing that p9 would run"
          : `${counted(all.length, "entry", "entries")} of this repository, all trusted`,
      );
    }
    const tty = process.stdin.isTTY === true && context.isTTY && !context.json;
    for (const { subject, content } of asked) context.stderr(`\n${safeText(subject, 200)}\n${indent(content)}\n`);
    if (!tty) {
      if (context.json)
        context.printJson({
          trusted: all.filter((one) => !asked.includes(one)).map(({ subject }) => subject),
          untrusted: asked,
        });
      throw new ForbiddenError(
        `Cannot ask about ${counted(asked.length, "entry", "entries")} of this repository without a terminal: p9 trust needs one`,
        { hint: "open a terminal and run p9 trust there, or name the commands in your own config.yaml" },
      );
    }
    const yes = [];
    for (const one of asked)
      if (await confirm(`Trust "${safeText(one.subject, 200)}" as shown above? [y/N] `)) yes.push(one);
    await grant(context.home, workspace, yes, context.clock.now());
    // Ask plugins now what they provide, because hooks start none for it.
    const { knownPlugins } = await import("../../../plugins-host/find/catalog.ts");
    await knownPlugins({ home: context.home, env: context.env, cwd: context.cwd, policy });
    context.print(`${yes.length} of ${asked.length} trusted`);
    if (yes.length < asked.length) context.warn("p9 does not run what is not trusted");
  });
}

/** Indents the whole content, since nobody should agree to what was not shown. */
function indent(content: string): string {
  return safeText(content, 200_000)
    .split("\n")
    .map((line) => `  | ${line}`)
    .join("\n");
}

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await lines.question(question)).trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
