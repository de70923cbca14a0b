import type { Command } from "@commander-js/extra-typings";
import { counted } from "../../../base/text.ts";
import { errorText } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import type { Context } from "../../program/context.ts";
import { prTarget } from "../../program/pr-target.ts";
import { broken } from "../../show/styled.ts";
import { channels } from "./channels.ts";
import { type Check, type Finding, ill } from "./check.ts";
import { clients } from "./clients.ts";
import { confined } from "./confined.ts";
import { hooks } from "./hooks.ts";
import { policy } from "./policy.ts";
import { gh, git } from "./programs.ts";
import { providers } from "./providers.ts";
import { repository } from "./repository.ts";
import { type ReviewerRow, reviewerFindings, reviewerRows } from "./reviewers.ts";
import { rubric } from "./rubric.ts";
import { plugins, runtime, session } from "./setup.ts";
import { directory, locks, log } from "./state.ts";
import { trust } from "./trust.ts";

/** Every check, in the order of the report. */
const CHECKS: readonly Check[] = [
  runtime,
  git,
  gh,
  repository,
  directory,
  locks,
  log,
  policy,
  providers,
  rubric,
  confined,
  trust,
  plugins,
  channels,
  session,
  hooks,
  clients,
];

export function register(command: Command, context: Context): void {
  command
    .argument("[pr]", "a pull request whose reviewers are listed too; default: the one of this branch")
    .action(async (text) => {
      const findings: Finding[] = [];
      for (const check of CHECKS) findings.push(...(await examine(check, context)));
      const rows = await reviewersOf(text, context);
      findings.push(...reviewerFindings(rows));
      const problems = findings.filter(({ ok }) => !ok);
      if (context.json) context.printJson({ ok: problems.length === 0, checks: findings, reviewers: rows });
      else print(findings, problems.length, context);
      context.exit(
        problems.some((problem) => problem.policy) ? EXIT.policy : problems.length > 0 ? EXIT.degraded : EXIT.ok,
      );
    });
}

/** The reviewers of the pull request that is named, or of this branch's, if it has one that can be read. */
async function reviewersOf(text: string | undefined, context: Context): Promise<readonly ReviewerRow[]> {
  try {
    return await reviewerRows(await prTarget(text, undefined, context), context);
  } catch (error) {
    if (text !== undefined) throw error;
    return [];
  }
}

async function examine(check: Check, context: Context): Promise<readonly Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    return [ill(check.name, errorText(error))];
  }
}

const TONE = { ok: "green", warn: "yellow", fail: "red" } as const;
const WORD = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

function print(findings: readonly Finding[], problems: number, context: Context): void {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const { columns } = context;
  for (const { name, level, detail, mend } of findings) {
    const indent = columns !== null && columns < 60 ? 4 : width + 6;
    const word = { text: WORD[level], tone: TONE[level] };
    const [first = "", ...more] = broken(`${" ".repeat(indent)}${detail}`, columns);
    if (indent === 4) context.printParts([word, ` ${name}`], ...[first, ...more].map((line) => [line]));
    else context.printParts([word, ` ${name.padEnd(width)} ${first.trimStart()}`], ...more.map((line) => [line]));
    if (mend) context.printParts(...broken(`${" ".repeat(indent)}fix: ${mend}`, columns).map((line) => [line]));
  }
  const warnings = findings.filter(({ level }) => level === "warn").length;
  const rest = warnings === 0 ? "" : ` (${counted(warnings, "warning")})`;
  context.print(problems === 0 ? `p9 doctor: ok${rest}` : `p9 doctor: ${counted(problems, "problem")}${rest}`);
}
