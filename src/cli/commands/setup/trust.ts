import type { Command } from "@commander-js/extra-typings";
import { counted, oneLine, visible } from "../../../base/text.ts";
import type { TrustSubject } from "../../../contract/context.ts";
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
    const [shown, long] = [
      asked.filter(({ content }) => isShort(content)),
      asked.filter(({ content }) => !isShort(content)),
    ];
    for (const one of shown) context.stderr(`\n${name(one)}\n${indent(one.content)}\n`);
    for (const one of long) {
      context.warn(
        `"${name(one)}" has ${one.content.length} characters: p9 trusts nothing that is too long to be read`,
      );
    }
    const { confinement } = await import("../../../heal/confine/confinement.ts");
    context.warn((await confinement(context)).words);
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
    const yes = await confirmed(shown);
    await grant(context.home, workspace, yes, context.clock.now());
    // Ask plugins now what they provide, because hooks start none for it.
    const { knownPlugins } = await import("../../../plugins-host/find/catalog.ts");
    await knownPlugins({ home: context.home, env: context.env, cwd: context.cwd, policy });
    context.print(`${yes.length} of ${asked.length} trusted`);
    if (yes.length < asked.length) context.warn("p9 does not run what is not trusted");
  });
}

/** More than somebody reads before an answer. */
const MOST_SHOWN = 200_000;

const isShort = (content: string) => content.length <= MOST_SHOWN;

/** The very content that is hashed, character by character: nobody should agree to what was not shown. */
function indent(content: string): string {
  return visible(content)
    .split("\n")
    .map((line) => `  | ${line}`)
    .join("\n");
}

/** The entries that are answered with yes, asked one by one. Answers that were typed ahead count in their order. */
async function confirmed(asked: readonly TrustSubject[]): Promise<readonly TrustSubject[]> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answers = terminal[Symbol.asyncIterator]();
  const yes: TrustSubject[] = [];
  try {
    for (const one of asked) {
      terminal.setPrompt(`Trust "${name(one)}" as shown above? [y/N] `);
      terminal.prompt();
      const { value, done } = await answers.next();
      if (done) break;
      if (/^y(?:es)?$/i.test(value.trim())) yes.push(one);
    }
  } finally {
    terminal.close();
  }
  return yes;
}

const name = ({ subject }: TrustSubject) => visible(oneLine(subject, 200));
