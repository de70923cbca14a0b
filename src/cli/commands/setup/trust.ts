import type { Command } from "@commander-js/extra-typings";
import { counted, oneLine, visible } from "../../../base/text.ts";
import { ForbiddenError } from "../../../core/errors.ts";
import { workRoot } from "../../../heal/repair/work-root.ts";
import type { Asked, TrustPlace } from "../../../trust/trust.ts";
import type { Context } from "../../program/context.ts";
import { jsonDocument } from "../../program/output.ts";

/** `p9 trust`: shows what a repository names and p9 would run, and asks. */
export function register(command: Command, context: Context): void {
  command.option("--revoke", "take back all trust in this repository").action(async ({ revoke: takeBack }) => {
    const { home, env, cwd } = context;
    const place = { home, env, cwd };
    if (takeBack) return takeAllBack(place, context);
    const { askedAbout, grant } = await import("../../../trust/trust.ts");
    const { trustSubjects } = await import("./trust-subjects.ts");
    const { PluginProblems } = await import("../../../plugins-host/find/scope.ts");
    const policy = await context.policy("watch");
    const root = (await workRoot(cwd, null, context)) ?? policy.workspace ?? cwd;
    const problems = new PluginProblems();
    const all: Asked[] = [];
    for (const one of await trustSubjects({ ...place, policy, root, report: problems.report }))
      all.push(await askedAbout(place, one));
    const asked = all.filter(({ state }) => state !== "trusted");
    // A plugin that is only not trusted yet is asked about below.
    const isAsked = (plugin: string) => asked.some(({ subject }) => subject === `plugin ${plugin}`);
    for (const { plugin, message } of problems.all) if (!isAsked(plugin)) context.warn(`plugin ${plugin}: ${message}`);
    if (asked.length === 0) return sayAllTrusted(all, context);
    const [shown, long] = [
      asked.filter(({ content }) => isShort(content)),
      asked.filter(({ content }) => !isShort(content)),
    ];
    for (const one of long) {
      context.warn(
        `"${name(one)}" has ${one.content.length} characters: p9 trusts nothing that is too long to be read`,
      );
    }
    const { confinement } = await import("../../../heal/confine/confinement.ts");
    context.warn((await confinement(context)).words);
    if (!(process.stdin.isTTY === true && context.isTTY && !context.json)) {
      for (const one of shown) context.stderr(`\n${whole(one)}`);
      refuse(all, asked, context);
    }
    const yes = await confirmed(shown, context);
    await grant(place, yes, context.clock.now());
    // Ask plugins now what they provide, because hooks start none for it.
    const { knownPlugins } = await import("../../../plugins-host/find/catalog.ts");
    await knownPlugins({ ...place, policy });
    context.print(`${yes.length} of ${asked.length} trusted`);
    if (yes.length < asked.length) context.warn("p9 does not run what is not trusted");
  });
}

async function takeAllBack(place: TrustPlace, context: Context): Promise<void> {
  const { revoke } = await import("../../../trust/trust.ts");
  const count = await revoke(place);
  if (context.json) return context.printJson({ revoked: count });
  context.print(
    count === 0 ? "this repository had no trust" : `trust in ${counted(count, "entry", "entries")} was revoked`,
  );
}

function sayAllTrusted(all: readonly Asked[], context: Context): void {
  if (context.json) context.printJson({ trusted: all.map(({ subject }) => subject), untrusted: [] });
  else
    context.print(
      all.length === 0
        ? "this repository names nothing that p9 would run"
        : `${counted(all.length, "entry", "entries")} of this repository, all trusted`,
    );
}

function refuse(all: readonly Asked[], asked: readonly Asked[], context: Context): never {
  if (context.json) context.stdout(jsonDocument(asJson(all, asked), (exactly) => exactly));
  throw new ForbiddenError(
    `Cannot ask about ${counted(asked.length, "entry", "entries")} of this repository without a terminal: p9 trust needs one`,
    { hint: "open a terminal and run p9 trust there" },
  );
}

function asJson(all: readonly Asked[], asked: readonly Asked[]): object {
  return {
    trusted: all.filter((one) => !asked.includes(one)).map(({ subject }) => subject),
    untrusted: asked.map(({ subject, content, changed }) => {
      return changed.length > 0 ? { subject, content, changed } : { subject, content };
    }),
  };
}

/** An entry with all that is agreed to by a yes. */
function whole(one: Asked): string {
  return `${name(one)}\n${indent(one.content)}\n${aboutRepository(one)}`;
}

/** What else is agreed to: the state of the repository, and which files of it have changed since it was agreed to. */
function aboutRepository({ base, changed, since }: Asked): string {
  if (base === null) return "";
  const of = `commit ${base.commit.slice(0, 12)}`;
  const own = Object.keys(base.files).sort();
  const lines = [`  with what can run at ${of}: p9 asks again when any of it changes`];
  if (own.length > 0)
    lines.push(`  and with ${counted(own.length, "change")} here that ${of} does not have:`, ...own.map(listed));
  if (since !== null) {
    lines.push(
      `  ${counted(changed.length, "file")} that can run changed since it was trusted:`,
      ...[...changed].sort().map(listed),
      `  git diff ${since.slice(0, 12)} shows what changed in them`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const listed = (path: string) => `    ${visible(path).replaceAll("\n", "\\u{a}")}`;

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

/** The entries that are answered with yes, shown and asked one by one. Answers that were typed ahead count in their order. */
async function confirmed(asked: readonly Asked[], context: Context): Promise<readonly Asked[]> {
  const { createInterface } = await import("node:readline/promises");
  // The terminal keeps editing the line itself: an end of input that came before p9 listened would be lost otherwise.
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const answers = terminal[Symbol.asyncIterator]();
  const yes: Asked[] = [];
  try {
    for (const [index, one] of asked.entries()) {
      context.stderr(`\n${index + 1} of ${asked.length}: ${whole(one)}`);
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

const name = ({ subject }: Asked) => visible(oneLine(subject, 200));
