import type { Command } from "@commander-js/extra-typings";
import { oneLine, quote } from "../../../base/text.ts";
import { ExternalError } from "../../../core/errors.ts";
import { pullRequestUrl } from "../../../core/repo.ts";
import { waitName } from "../../../core/wait-name.ts";
import { fetchChecks } from "../../../heal/evidence/fetch.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { openAddress } from "../../show/browser.ts";
import { webAddress } from "../../show/styled.ts";
import { chosenByName } from "./chosen.ts";
import { pageJobs } from "./page-jobs.ts";
import type { RunPage } from "./run-page.ts";
import { SUBJECT_ARGUMENT, type Subject, subjectOf } from "./subject.ts";
import { itemsOf, linksOf } from "./wait-jobs.ts";

/** `p9 open`: the page of the job that failed, in the browser. */
export function register(command: Command, context: Context): void {
  command
    .argument("[target]", SUBJECT_ARGUMENT)
    .option("--job <name>", "the page of this job: its name or a part of it")
    .option("--print", "print the address, and open nothing")
    .option("--repo <owner/name>", "the repository of the pull request")
    .action(async (target, options) => {
      const subject = await subjectOf(target, options.repo, context);
      const url = webAddress((await pageOf(subject, options.job, context)) ?? "");
      if (url === null) throw new ExternalError(`${nameOf(subject)} has no address on the web that can be opened`);
      if (context.json) return context.printJson({ url });
      if (options.print) return context.print(url);
      const { said, why } = await openAddress(url, context);
      if (why === undefined) return context.warn(said);
      context.print(url);
      context.warn(`${oneLine(why, 200)}: open it by hand`);
    });
}

/** The page of a job that is named, else of the one that failed first, else of all of them. */
async function pageOf(subject: Subject, job: string | undefined, context: Context): Promise<string | null> {
  if (subject.page) return pageOfRun(subject.page, job, context);
  if (subject.wait) {
    const place = paths(context.home);
    if (job === undefined) return linksOf(subject.wait, { paths: place })[0] ?? null;
    return pageAmong(itemsOf(subject.wait, place.looks), job);
  }
  const { repo, pr } = subject.pull;
  const { checks, failed } = await fetchChecks(repo, pr, subject.sha, { github: await context.github() });
  if (job !== undefined) return pageAmong(checks, job);
  return failed.find(({ url }) => webAddress(url ?? "") !== null)?.url ?? `${pullRequestUrl(repo, pr)}/checks`;
}

/** The page of a job of a run; the address that was given where it is of one job, or of a service that p9 knows no jobs' pages of. */
async function pageOfRun(page: RunPage, job: string | undefined, context: Context): Promise<string> {
  if (job === undefined && (page.ci || page.actions.job !== null)) return page.url;
  const { env, home, clock } = context;
  const deps = { github: await context.github(), paths: paths(home), env, now: () => clock.now() };
  const { all, meant } = await pageJobs(page, deps);
  return job === undefined ? (meant.find(({ url }) => url !== null)?.url ?? page.url) : pageAmong(all, job);
}

function pageAmong(all: readonly { readonly name: string; readonly url?: string | null }[], job: string): string {
  const url = chosenByName(all, job, "job").find((one) => one.url)?.url;
  if (url) return url;
  throw new ExternalError(`The job ${quote(job)} has no page`);
}

function nameOf(subject: Subject): string {
  if (subject.page) return "This page";
  return subject.wait ? waitName(subject.wait) : `#${subject.pull.pr}`;
}
