import type { Command } from "@commander-js/extra-typings";
import { counted, visible } from "../../../base/text.ts";
import { ForbiddenError, UsageError } from "../../../core/errors.ts";
import type { Asked, TrustPlace } from "../../../trust/trust.ts";
import type { Context } from "../../program/context.ts";
import { jsonDocument } from "../../program/output.ts";
import { nameOf, type Question, questionsOf } from "./trust-questions.ts";

/** `p9 trust`: shows what a repository names and p9 would run, and asks. */
export function register(command: Command, context: Context): void {
  command
    .option("--revoke [entry]", "take back the trust in one entry, or all trust in this repository")
    .action(async ({ revoke: takeBack }) => {
      const { home, env, cwd } = context;
      if (takeBack !== undefined) {
        return takenBack({ home, env, cwd }, takeBack === true ? null : takeBack, context);
      }
      const all = await entriesHere(context);
      const asked = all.filter(({ state }) => state !== "trusted");
      if (asked.length === 0) return sayAllTrusted(all, context);
      await ask(all, asked, context);
    });
}

/** Every entry of this repository, compared with what was agreed to. Says what is wrong with the policy and with plugins. */
async function entriesHere(context: Context): Promise<readonly Asked[]> {
  const { trustHere } = await import("./trust-subjects.ts");
  const policy = await context.policy();
  const { all, problems } = await trustHere(context, policy);
  // What is left of a policy with a mistake can be agreed to all the same.
  for (const problem of policy.problems) context.warn(problem);
  // A plugin that is only not trusted yet is asked about.
  const isAsked = (plugin: string) =>
    all.some(({ subject, state }) => subject === `plugin ${plugin}` && state !== "trusted");
  for (const { plugin, message } of problems) if (!isAsked(plugin)) context.warn(`plugin ${plugin}: ${message}`);
  return all;
}

async function ask(all: readonly Asked[], asked: readonly Asked[], context: Context): Promise<void> {
  for (const one of asked.filter((entry) => !isShort(entry))) {
    context.warn(
      `"${nameOf(one)}" has ${one.content.length} characters: p9 trusts nothing that is too long to be read`,
    );
  }
  const { confinement } = await import("../../../heal/confine/confinement.ts");
  context.warn((await confinement(context)).words);
  const questions = questionsOf(asked.filter(isShort));
  if (!(process.stdin.isTTY === true && context.isTTY && !context.json)) {
    for (const { text } of questions) context.stderr(`\n${text}`);
    refuse(all, asked, context);
  }
  const yes = await confirmed(questions, context);
  const { home, env, cwd, clock } = context;
  const { grant } = await import("../../../trust/trust.ts");
  await grant({ home, env, cwd }, yes, clock.now());
  // Ask plugins now what they provide, because hooks start none for it.
  const { knownPlugins } = await import("../../../plugins-host/find/catalog.ts");
  await knownPlugins({ home, env, cwd, policy: await context.policy() });
  context.print(`${yes.length} of ${asked.length} trusted`);
  if (yes.length < asked.length) context.warn("p9 does not run what is not trusted");
}

async function takenBack(place: TrustPlace, entry: string | null, context: Context): Promise<void> {
  const { revoke } = await import("../../../trust/trust.ts");
  const { revoked, left } = await revoke(place, entry);
  if (entry !== null && revoked.length === 0) {
    const names = left.map((name) => `"${visible(name)}"`).join(", ");
    throw new UsageError(`Cannot take trust back: "${visible(entry)}" is not trusted here`, {
      hint: names === "" ? "nothing is" : `these are: ${names}`,
    });
  }
  if (context.json) return context.printJson({ revoked: revoked.length });
  context.print(
    revoked.length === 0
      ? "this repository had no trust"
      : `trust in ${counted(revoked.length, "entry", "entries")} was revoked`,
  );
}

function sayAllTrusted(all: readonly Asked[], context: Context): void {
  if (context.json) context.printJson({ trusted: all.map(({ subject }) => subject), untrusted: [] });
  else if (all.length === 0) context.print("this repository names nothing that p9 would run");
  else {
    const names = all.map(nameOf).join(", ");
    context.print(`${counted(all.length, "entry", "entries")} of this repository, all trusted: ${names}`);
  }
}

function refuse(all: readonly Asked[], asked: readonly Asked[], context: Context): never {
  if (context.json) context.printJsonText(jsonDocument(asJson(all, asked), (exactly) => exactly));
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

/** More than somebody reads before an answer. */
const MOST_SHOWN = 200_000;

const isShort = ({ content }: Asked) => content.length <= MOST_SHOWN;

/** The entries that are answered with yes. Answers that were typed ahead count in their order. */
async function confirmed(questions: readonly Question[], context: Context): Promise<readonly Asked[]> {
  const { createInterface } = await import("node:readline/promises");
  // The terminal keeps editing the line itself: an end of input that came before p9 listened would be lost otherwise.
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const answers = terminal[Symbol.asyncIterator]();
  const yes: Asked[] = [];
  try {
    for (const [index, { entries, text, prompt }] of questions.entries()) {
      context.stderr(`\n${index + 1} of ${questions.length}: ${text}`);
      terminal.setPrompt(prompt);
      terminal.prompt();
      const { value, done } = await answers.next();
      if (done) break;
      if (/^y(?:es)?$/i.test(value.trim())) yes.push(...entries);
    }
  } finally {
    terminal.close();
  }
  return yes;
}
