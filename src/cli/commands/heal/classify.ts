import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { safeText } from "../../../base/redact.ts";
import { counted } from "../../../base/text.ts";
import type { LoadedPolicy } from "../../../config/load.ts";
import { ExternalError, errorCode, errorText, UsageError } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { type Classification, classify } from "../../../heal/classify/classify.ts";
import { ownRules } from "../../../heal/classify/policy-rules.ts";
import { ciLogReader } from "../../../heal/evidence/ci-log.ts";
import { gather } from "../../../heal/evidence/gather.ts";
import { workRoot } from "../../../heal/repair/work-root.ts";
import { type HealResult, healResult } from "../../../heal/result.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { type PrTarget, prTarget } from "../../program/pr-target.ts";
import { classificationText, explanationText } from "./classification-text.ts";

/** What `--classify` was given. */
export interface ClassifyOptions {
  readonly logFile?: string;
  readonly explain?: boolean;
  readonly repo?: string;
}

/** `p9 heal --classify`: classifies a log or the failed jobs of a pull request. Changes nothing but the ledger. */
export async function classifyCommand(
  text: string | undefined,
  options: ClassifyOptions,
  context: Context,
): Promise<void> {
  const policy = await context.policy("watch");
  const rules = ownRules(policy.ci_heal.rules);
  if (options.logFile !== undefined) {
    const found = classify(readLog(options.logFile, context), rules);
    const root = await workRoot(context.cwd, null, context);
    return show(found, healResult(found, policy, root ?? context.cwd), options, context, { target: null, policy });
  }
  const { pr, repo } = await prTarget(text, options.repo, context);
  const deps = {
    github: await context.github(),
    paths: paths(context.home),
    env: context.env,
    now: () => context.clock.now(),
    rules,
    ciLog: ciLogReader({ env: context.env, cwd: context.cwd, home: context.home }),
  };
  const red = await gather(repo, pr, null, deps);
  const read = red.logs.some(({ text }) => text !== "");
  const root = await workRoot(context.cwd, repo, context);
  const result = healResult(red.found, policy, root, red.history.answer);
  const evidence = red.evidence.map(({ job, step, line, text, file, url }) => ({
    job: job ?? "",
    step: step ?? "",
    line: line ?? null,
    text,
    file: file ?? null,
    url: url ?? null,
  }));
  await show(red.found, { ...result, evidence, sha: red.sha, outage: red.outage }, options, context, {
    target: { pr, repo },
    policy,
  });
  if (red.pull.fork) context.warn(`#${pr} comes from a fork: p9 never pushes there, its author must fix it`);
  if (!read) {
    context.warn(
      red.failed.length === 0
        ? `Nothing has failed on the head of #${pr}`
        : red.failed.every(({ state }) => state === "cancelled")
          ? `No log of #${pr} says that anything failed: ${red.found.rationale}`
          : `Cannot read a log of the ${counted(red.failed.length, "failed check")} of #${pr}`,
    );
    context.exit(EXIT.external);
  }
}

function readLog(file: string, context: Context): string {
  try {
    return file === "-" ? context.stdin() : readFileSync(resolve(context.cwd, file), "utf8");
  } catch (error) {
    // A name that leads to no file is wrong input, as any other word.
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errorCode(error) ?? ""))
      throw new UsageError(`Cannot read the log "${file}": wanted a file, or - for standard input`);
    throw new ExternalError(`Cannot read the log "${file}": ${errorText(error)}`);
  }
}

/** Why `--apply` would be refused, or null. */
function whyRefused({ path, ci_heal }: LoadedPolicy): string | null {
  if (path === null) return "it needs a policy, p9 init --project writes one";
  return ci_heal.enabled ? null : "ci_heal.enabled is false";
}

/** JSON with or without `--json` (contract), words for a person; `--explain` adds the rules that matched. */
async function show(
  found: Classification,
  result: HealResult,
  options: ClassifyOptions,
  context: Context,
  { target, policy }: { readonly target: PrTarget | null; readonly policy: LoadedPolicy },
): Promise<void> {
  if (context.wordsWanted) {
    const why = options.explain ? found.steps.flatMap((one) => explanationText(one, context.columns)) : [];
    return context.printParts(...classificationText(result, target, context.columns, whyRefused(policy)), ...why);
  }
  if (!options.explain) return context.printJson(result);
  const steps = found.steps.map(({ step, judgement }) => ({
    job: step.job,
    step: step.name,
    exit: step.exit ?? null,
    type: judgement.type,
    confidence: judgement.confidence,
    decided_by: judgement.why,
    fixable: judgement.fixable,
    transient: judgement.transient,
    spoke: judgement.spoke.slice(0, 40).map((entry) => ({ ...entry, text: safeText(entry.text, 200) })),
  }));
  context.printJson({ ...result, explain: steps });
}
