import {
  countingChecks,
  githubNow,
  inLocalTime,
  isPending,
  type PullRequest,
  runsWithheldError,
  textAt,
  toGitHubTime,
} from "../../../src/github.ts";
import { isObject, type LookContext, type LookResult } from "../../../src/plugin.ts";
import { short } from "../pull-request/head.ts";
import { otherHead, readPinned, renaming, timesOf } from "../pull-request/read-pinned.ts";
import { whatIsDemanded } from "./asked/demanded.ts";
import { askEndings } from "./asked/ending.ts";
import { reviewsQuestion } from "./asked/reviewed.ts";
import { reviewsToWatch } from "./asked/reviews.ts";
import { knownRules } from "./asked/rules.ts";
import { withHistory } from "./history.ts";
import { type Memory, recall, toJson, withChecks } from "./memory.ts";
import type { Verdict } from "./questions/answer.ts";
import { isMergeable } from "./questions/merge-state.ts";
import { nextStep } from "./questions/next.ts";
import { standsOnPart, verdict } from "./verdict.ts";
import { decidingOf, type View, type ViewOptions } from "./view.ts";
import { itemOf } from "./words.ts";

/**
 * Looks once at a pull request, in most cases with one request.
 *
 * @throws {GitHubError} when something that decides could not be read, unless the verdict is red without it.
 */
export async function lookAtPullRequest(context: LookContext): Promise<LookResult> {
  const memory = recall(context);
  const askReviews = memory.passed && !context.slow ? await reviewsQuestion(context) : null;
  const [pull, reviews] = await Promise.all([readPinned(context, context.pin.sha), askReviews?.() ?? null]);
  const other = await otherHead(context, pull, memory, (otherSince) =>
    context.remember(toJson({ ...memory, otherSince })),
  );
  if (other) return other;
  const { view, missing } = await gather(context, pull, { ...memory, confirmed: true, otherSince: undefined });
  const starts = context.slow && pull.state === "OPEN" ? await reviewsToWatch(context, pull) : null;
  const answer = verdict(view);
  const passed = answer.status === "succeeded" ? true : undefined;
  context.remember(toJson({ ...view.memory, passed }));
  if (missing && !standsOnPart(answer, view)) throw missing;
  const next = await nextStep(answer, view, reviews);
  const looked = {
    ...frame(view, withHere(answer, context)),
    ...renaming(pull, context),
    ...(starts ? { starts } : {}),
  };
  return inLocalTime({ ...looked, ...(next ? { next } : {}) }, timesOf(context));
}

async function gather(context: LookContext, pull: PullRequest, before: Memory) {
  const { pin, github } = context;
  const repo = pin.repo ?? "";
  const sha = pin.sha ?? pull.head;
  const now = githubNow(timesOf(context));
  const counted = await countingChecks(github, repo, pull, { sha, stops: before.stops });
  const { checks } = counted;
  const opened = withOpening(before, pull, now);
  const isOpen = pull.state === "OPEN";
  const known = isOpen
    ? await knownRules(context, pull, opened)
    : { rules: { ...pull.rules, complete: true }, memory: opened };
  const { rules } = known;
  // What a new head has yet to report is waited for from its appearance on, not from the begin of the cycle.
  const begun = Math.max(toGitHubTime(context.since, timesOf(context)), before.movedAt ?? 0);
  const since = Math.max(context.since, begun - now + context.clock.now());
  const times = { now, begun, options: viewOptions(context) };
  const mergeable = isMergeable({ pull, sha, checks, memory: opened, ...times });
  const { expected, withheld } = await whatIsDemanded(context, pull, checks, { rules, sha, mergeable, now });
  const deciding = decidingOf({ expected, checks });
  let memory = withChecks({ ...known.memory, stops: counted.stops }, checks, now);
  if (isOpen && checks.length > 0 && !(expected.requiredKnown && rules.complete) && !memory.seeded) {
    memory = await withHistory(context, pull.base, memory);
  }
  const endings = await askEndings(context, pull, { checks, deciding, expected }, memory);
  const view: View = { pull, sha, checks, expected, rules, ...endings, ...times, since };
  const invisible = counted.runsWithheld && !expected.requiredKnown ? runsWithheldError() : null;
  return { view, missing: counted.missing ?? invisible ?? withheld };
}

/** Adds to a verdict's reason that the checked-out commit is another one. */
function withHere(answer: Verdict, { pin }: LookContext): Verdict {
  const here = textAt(pin.identity, "here");
  if (here === null || here === pin.sha) return answer;
  return { ...answer, reason: `${answer.reason}; HEAD here, ${short(here)}, is not what GitHub shows` };
}

/** Remembers when a pull request was reopened or marked ready, because its workflows start anew then. */
function withOpening(memory: Memory, { state, draft }: PullRequest, now: number): Memory {
  if (state !== "OPEN") return { ...memory, closed: true };
  const known = { ...memory, closed: undefined, draft: draft || undefined };
  const anew = memory.closed || (memory.draft && !draft);
  return anew ? { ...known, reopenedAt: now, freshAt: now } : known;
}

function viewOptions({ options, config }: LookContext): ViewOptions {
  const grace = isObject(config.grace) ? config.grace : {};
  const noChecks = config.no_checks === "green" || config.no_checks === "ignore" ? config.no_checks : "red";
  return {
    failFast: options["fail-fast"] !== false,
    noChecks,
    settleS: typeof config.settle === "number" ? config.settle : 30,
    appearS: typeof grace.appear === "number" ? grace.appear : 180,
  };
}

/** Adds items, progress and times to the verdict. */
function frame(view: View, answer: Verdict): LookResult {
  const { expected, checks, pull, sha } = view;
  const { deciding, missing, requiredKnown } = expected;
  const left = deciding.filter((check) => isPending(check.state));
  const total = deciding.length + missing.length;
  const done = deciding.length - left.length;
  const started = deciding.map((check) => check.startedAt).filter((time) => time !== null);
  const ends = deciding.map((check) => check.endedAt).filter((time) => time !== null);
  const running = left.filter((check) => check.state === "running").map((check) => check.name);
  const decides = new Set(deciding);
  return {
    ...answer,
    progress:
      total === 0 ? null : { done, total, percent: Math.floor((100 * done) / total), phase: running[0] ?? null },
    items: checks.map((check) => itemOf(check, requiredKnown ? decides.has(check) : null)),
    unknown: checks
      .filter((check) => check.state === "unknown")
      .map((check) => `${check.raw} of check "${check.name}"`),
    ...(started.length > 0 ? { startedAt: Math.min(...started) } : {}),
    ...(ends.length > 0 && left.length === 0 ? { endedAt: Math.max(...ends) } : {}),
    extra: { head: sha, base: pull.base, branch: pull.branch, url: pull.url, draft: pull.draft },
  };
}
