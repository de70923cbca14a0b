import type { Command } from "@commander-js/extra-typings";
import { safeText } from "../../../base/redact.ts";
import { counted, quote } from "../../../base/text.ts";
import { loadPolicy } from "../../../config/load.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { isPending } from "../../../github/checks.ts";
import { ownRules } from "../../../heal/classify/policy-rules.ts";
import type { Rule } from "../../../heal/classify/rule.ts";
import { ciLogReader } from "../../../heal/evidence/ci-log.ts";
import type { EvidenceDeps } from "../../../heal/evidence/red-pull-request.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { jsonDocument } from "../../program/output.ts";
import { knowsLinks } from "../../show/terminal-features.ts";
import { chosenByName } from "./chosen.ts";
import { isRed, type Job, type Jobs, type JobText } from "./job.ts";
import { pageJobs } from "./page-jobs.ts";
import { writePaged } from "./pager.ts";
import { pullRequestJobs } from "./pull-request-jobs.ts";
import { deciding, type ShownStep, shownSteps } from "./shown-step.ts";
import { stepText } from "./step-text.ts";
import { SUBJECT_ARGUMENT, type Subject, subjectOf } from "./subject.ts";
import { waitJobs } from "./wait-jobs.ts";

/** Jobs whose logs are read where none is named. */
const MAX_JOBS = 12;

/** What `p9 logs` was given. */
interface LogsOptions {
  readonly job?: string;
  readonly step?: string;
  readonly all?: true;
  readonly raw?: true;
}

/** `p9 logs`: the text of the steps that failed. */
export function register(command: Command, context: Context): void {
  command
    .argument("[target]", SUBJECT_ARGUMENT)
    .option("--job <name>", "only this job, also one that passed: its name or a part of it")
    .option("--step <name>", "only this step: its name or a part of it")
    .option("--all", "every step of these jobs, and not only the one that failed")
    .option("--raw", "as the CI wrote it, with its times and marks")
    .option("--repo <owner/name>", "the repository of the pull request")
    .action(async (target, options) => {
      const subject = await subjectOf(target, options.repo, context);
      const deps = await evidenceDeps(context);
      const jobs = await jobsOf(subject, deps);
      const chosen = options.job === undefined ? jobs.meant : chosenByName(jobs.all, options.job, "job");
      if (chosen.length === 0) return sayNothingFailed(jobs, context);
      await print(chosen, deps.rules ?? [], options, context);
    });
}

/** The jobs of a pull request, another wait or a run. */
function jobsOf(subject: Subject, deps: EvidenceDeps): Promise<Jobs> {
  if (subject.page) return pageJobs(subject.page, deps);
  return subject.wait ? waitJobs(subject.wait, deps) : pullRequestJobs(subject.pull, subject.sha, deps);
}

/** What reads jobs and their logs, in the context of a command. */
async function evidenceDeps(context: Context): Promise<EvidenceDeps> {
  const { env, home, place, clock } = context;
  const policy = await loadPolicy({ env, cwd: place, home });
  return {
    github: await context.github(),
    paths: paths(home),
    env,
    now: () => clock.now(),
    rules: ownRules(policy.ci_heal.rules),
    ciLog: ciLogReader({ env, cwd: place, home }),
  };
}

function sayNothingFailed({ of, page, all }: Jobs, context: Context): void {
  if (context.json) context.printJson({ jobs: [] });
  const open = all.filter(({ state }) => isPending(state)).length;
  const rest = open > 0 ? `; ${counted(open, "check")} still to end` : "";
  const more = all.length > open ? `; --job <name> shows the log of one that passed` : "";
  context.warn(`Nothing has failed on ${of}${rest}${more}${page === null ? "" : `: ${page}`}`);
}

async function print(
  chosen: readonly Job[],
  rules: readonly Rule[],
  options: LogsOptions,
  context: Context,
): Promise<void> {
  const notes: string[] = [];
  const steps: ShownStep[] = [];
  for (const job of chosen.slice(0, MAX_JOBS)) {
    const read = await job.read();
    if (read.text === "") notes.push(whyNoLog(job, read));
    else steps.push(...shownSteps(job, read, { raw: options.raw === true, rules }));
    if (read.text !== "" && read.note) notes.push(`${quote(job.name)}: ${read.note}`);
    if (read.text !== "" && job.state === "running")
      notes.push(`${quote(job.name)} still runs: this is its log so far`);
    if (read.isCut) notes.push(`Only the end of the log of ${quote(job.name)} is here: it is long`);
  }
  if (chosen.length > MAX_JOBS) {
    const rest = chosen.slice(MAX_JOBS).map(({ name }) => ({ name }));
    notes.push(`${counted(rest.length, "more job")} failed: --job <name> shows one of them`);
  }
  const wanted = choose(steps, chosen, options);
  if (context.json) context.printJsonText(documentOf(wanted, chosen));
  else await printText(wanted, context);
  for (const note of notes) context.warn(note);
  if (wanted.length === 0) context.exit(EXIT.external);
}

/** The steps that are meant: one that is named, all, or of each job that failed what failed first. */
function choose(steps: readonly ShownStep[], jobs: readonly Job[], options: LogsOptions): readonly ShownStep[] {
  if (options.step !== undefined && steps.length > 0)
    return chosenByName(
      steps.map((step) => ({ ...step, name: step.step })),
      options.step,
      "step",
    );
  if (options.all) return steps;
  return jobs.flatMap((job) => {
    const own = steps.filter((step) => step.from === job);
    return isRed(job) ? deciding(own) : own;
  });
}

function documentOf(steps: readonly ShownStep[], chosen: readonly Job[]): string {
  const rows = steps.map(({ job, step, url, lines }) => ({
    job: safeText(job, 300),
    step: safeText(step, 300),
    url,
    lines,
  }));
  const silent = chosen.filter((job) => !steps.some((step) => step.from === job));
  const empty = silent.map(({ name, url }) => ({ job: safeText(name, 300), step: "", url, lines: [] }));
  // The lines were made safe all at once, which one by one takes seconds.
  return jsonDocument({ jobs: [...rows, ...empty] }, (exactly) => exactly);
}

async function printText(steps: readonly ShownStep[], context: Context): Promise<void> {
  const { columns, color, env, isTTY } = context;
  const layout = { columns, links: isTTY && color && knowsLinks(env) };
  const texts = steps.map((step) => context.painted(...stepText(step, layout)));
  await writePaged(texts.join("\n"), context);
}

function whyNoLog({ name, url, state }: Job, { isElsewhere, note }: JobText): string {
  const page = url === null ? "" : `: ${url}`;
  const job = quote(name, 120);
  if (note) return `${job}: ${note}${page}`;
  if (state === "running") return `${job} still runs, and its log can be read when it has ended${page}`;
  if (isPending(state) || state === "blocked") return `${job} has not started, so that it has no log${page}`;
  if (state === "skipped") return `${job} was skipped, so that it has no log${page}`;
  if (isElsewhere) return `${job} ran at another service, which has its log${page}`;
  return `No log of ${job} can be read: it has expired, was deleted, never began or is not for this login${page}`;
}
