import { type Check, GitHubError, type HeadCheck, type PullRequest, toGitHubTime } from "../../../../src/github.ts";
import type { LookContext, LookResult } from "../../../../src/plugin.ts";
import { knownReviewers } from "../../../../src/provider.ts";
import { reviewers } from "../../../reviewers/registry.ts";
import { timesOf } from "../../pull-request/read-pinned.ts";
import { readTold, withOpen } from "../../review/conversation.ts";
import { newsAt } from "../../review/news.ts";

/**
 * The watch of the reviews that a slow look begins: somebody has said something, or nothing but a review is missing. It is named at every
 * look, so that one that could not be registered is not lost; whoever registers it knows which are there, and which have ended. What GitHub
 * withholds or shows in part begins nothing and is asked again: the checks are looked at all the same.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function reviewsToWatch(
  context: LookContext,
  pull: PullRequest,
): Promise<NonNullable<LookResult["starts"]>> {
  const known = await knownReviewers(reviewers, context.config, await context.reviewers());
  const checks = pull.commit?.sha === pull.head ? pull.commit.checks.flatMap(headCheck) : [];
  const conversation = await readTold(context)
    .then((told) => withOpen(told, context, { known, checks }))
    .catch(nullIfPartial);
  if (conversation === null || conversation.unread.length > 0) return [];
  const { comments } = conversation;
  // A comment from before this watch was there for everybody to read; an open thread is work, however old.
  const since = toGitHubTime(context.since, timesOf(context));
  const newest = newsAt({ ...conversation, comments: comments.filter(({ at }) => at >= since) });
  const awaits = pull.mergeState === "BLOCKED" && pull.reviewDecision === "REVIEW_REQUIRED" && !pull.draft;
  const start = { kind: "review", ref: String(pull.number) };
  return [...(newest > 0 ? [{ ...start, newsAt: newest }] : []), ...(awaits ? [start] : [])];
}

function nullIfPartial(error: unknown): null {
  if (error instanceof GitHubError && (error.problem === "partial" || error.problem === "forbidden")) return null;
  throw error;
}

function headCheck({ kind, id, name, app, raw, endedAt, url }: Check): HeadCheck[] {
  if (kind !== "check") return [];
  return [{ id, name, app, is: (raw.split("/").at(-1) ?? "").toLowerCase(), at: endedAt, url }];
}
