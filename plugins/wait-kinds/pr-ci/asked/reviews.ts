import { type Check, GitHubError, type HeadCheck, type PullRequest } from "../../../../src/github.ts";
import type { LookContext, LookResult } from "../../../../src/plugin.ts";
import { knownReviewers } from "../../../../src/provider.ts";
import { reviewers } from "../../../reviewers/registry.ts";
import { readTold, type ThreadsRead, withOpen } from "../../review/conversation.ts";
import { newsAt } from "../../review/news.ts";

/** What the slow looks remember of the reviews. */
export interface ReviewMemory {
  readonly threads?: ThreadsRead;
  /** When the newest thing was said for which the reviews were watched (ms). */
  readonly newsAt?: number;
  /** Head for which a missing review was seen. */
  readonly awaits?: string;
}

/**
 * The watch of the reviews that a slow look begins: somebody has said something since the last time, or nothing but a review is missing.
 * A watch that is there already goes on. What GitHub withholds or shows in part begins nothing and is asked again: the checks are looked at
 * all the same.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function reviewsToWatch(
  context: LookContext,
  pull: PullRequest,
  before: ReviewMemory = {},
): Promise<{ readonly starts: LookResult["starts"]; readonly memory: ReviewMemory }> {
  const known = await knownReviewers(reviewers, context.config, await context.reviewers());
  const checks = pull.commit?.sha === pull.head ? pull.commit.checks.flatMap(headCheck) : [];
  const conversation = await readTold(context)
    .then((told) => withOpen(told, context, { known, checks, before: before.threads }))
    .catch(nullIfPartial);
  if (conversation === null) return { starts: [], memory: before };
  const [newest, told] = [newsAt(conversation), before.newsAt ?? 0];
  const awaits = pull.mergeState === "BLOCKED" && pull.reviewDecision === "REVIEW_REQUIRED" && !pull.draft;
  const start = { kind: "review", ref: String(pull.number) };
  const isNew = newest > told;
  const isAwaited = awaits && before.awaits !== pull.head;
  const memory = {
    threads: conversation.threads,
    newsAt: Math.max(newest, told),
    awaits: awaits ? pull.head : before.awaits,
  };
  return { starts: isNew ? [{ ...start, newsAt: newest }] : isAwaited ? [start] : [], memory };
}

function nullIfPartial(error: unknown): null {
  if (error instanceof GitHubError && (error.problem === "partial" || error.problem === "forbidden")) return null;
  throw error;
}

function headCheck({ kind, id, name, app, raw, endedAt, url }: Check): HeadCheck[] {
  if (kind !== "check") return [];
  return [{ id, name, app, is: (raw.split("/").at(-1) ?? "").toLowerCase(), at: endedAt, url }];
}
