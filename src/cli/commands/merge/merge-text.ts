import { ExternalError, errorText, type P9Error, UsageError } from "../../../core/errors.ts";
import type { Wait } from "../../../core/wait.ts";
import { createGitHub } from "../../../github/client.ts";
import { GitHubError } from "../../../github/errors.ts";
import { askMergeFacts } from "../../../merge/ask.ts";
import type { MergeFacts } from "../../../merge/facts.ts";
import { NO_STANDING, type Standing } from "../../../merge/standing.ts";
import { unreadableVerdict } from "../../../merge/verdict.ts";
import { type ReviewStanding, readReviewStanding } from "../../../reviewers/standing.ts";
import type { Context } from "../../program/context.ts";
import type { PrTarget } from "../../program/pr-target.ts";
import { reviewersHere } from "./reviewers-here.ts";

/**
 * The facts about a pull request, or the error of a command that cannot have them: then the document of `--json` says so too.
 *
 * @throws {UsageError} when there is no such pull request, {ExternalError} when GitHub cannot be read.
 */
export async function mergeFactsFor(
  { repo, pr }: PrTarget,
  context: Context,
  expectedHead?: string | null,
): Promise<MergeFacts> {
  const { exec, env, clock } = context;
  try {
    return await askMergeFacts(createGitHub({ exec, env, clock }), repo, pr, clock, expectedHead);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (context.json) context.printJson(unreadableVerdict(errorText(error)));
    throw asP9Error(error);
  }
}

/**
 * What p9 itself knows beside the facts, and how the reviewers stand to the head. A malformed policy counts as the default.
 *
 * @throws {ExternalError} when GitHub cannot be read.
 */
export async function standingOf(facts: MergeFacts, watched: Wait | null, context: Context): Promise<Standing> {
  const policy = await context.policy();
  for (const problem of policy.problems) context.warn(problem);
  const { no_checks, grace } = policy.ci_watch;
  const reviews = facts.state === "OPEN" ? await reviewsFor(facts, context) : null;
  if (policy.problems.length > 0) return { ...NO_STANDING, watched, reviews };
  return { noChecks: no_checks, appearS: grace.appear ?? NO_STANDING.appearS, watched, reviews };
}

async function reviewsFor({ repo, pr, head, base }: MergeFacts, context: Context): Promise<ReviewStanding> {
  const { exec, env, clock } = context;
  const github = createGitHub({ exec, env, clock });
  try {
    return await readReviewStanding(github, {
      ...(await reviewersHere(context)),
      repo,
      number: pr,
      head,
      headAt: null,
      base,
    });
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (context.json) context.printJson(unreadableVerdict(errorText(error)));
    throw asP9Error(error);
  }
}

function asP9Error(error: GitHubError): P9Error {
  const hint = error.needs ? `It needs ${error.needs}` : undefined;
  if (error.problem === "not-found" || error.problem === "unknown-host")
    return new UsageError(error.message, { cause: error, hint });
  return new ExternalError(error.message, { cause: error, hint });
}
