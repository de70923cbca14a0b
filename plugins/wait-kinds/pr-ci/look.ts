import {
  countingChecks,
  GitHubError,
  githubNow,
  inLocalTime,
  isPending,
  type PullRequest,
  readPullRequest,
  runsWithheldError,
  type TimeContext,
  textAt,
  toGitHubTime,
} from "../../../src/github.ts";
import { isObject, type LookContext, type LookResult, RefError, sameRepo } from "../../../src/plugin.ts";
import { whatIsDemanded } from "./asked/demanded.ts";
import { askEndings } from "./asked/ending.ts";
import { knownRules } from "./asked/rules.ts";
import { compareHead, LAG_MS, short } from "./head.ts";
import { withHistory } from "./history.ts";
import { type Memory, recall, toJson, withChecks } from "./memory.ts";
import { followRename, renamed } from "./pin.ts";
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
  const { pin, github } = context;
  const memory = recall(context);
  const id = textAt(pin.identity, "id") ?? undefined;
  const question = { number: pin.pr ?? 0, id, sha: pin.sha };
  const pull = await readPullRequest(github, pin.repo ?? "", question).catch((error) => tooNew(error, context));
  if (id !== undefined && pull.id !== id) throw replaced(context);
  if (pull.state === "OPEN") {
    const other = await otherHead(context, pull, memory);
    if (other) return other;
  }
  const { view, missing } = await gather(context, pull, { ...memory, confirmed: true, otherSince: undefined });
  context.remember(toJson(view.memory));
  const answer = verdict(view);
  if (missing && !standsOnPart(answer, view)) throw missing;
  const next = nextStep(answer, view);
  const looked = { ...frame(view, withHere(answer, context)), ...renaming(pull, context) };
  return inLocalTime({ ...looked, ...(next ? { next } : {}) }, timesOf(context));
}

/** The error when a renamed repository's old name now belongs to another repository. */
function replaced({ pin }: LookContext): RefError {
  return new RefError(
    `Cannot watch ${pin.ref} any longer: ${pin.repo} is another repository now, with another ${pin.ref}`,
  );
}

/** Makes "not found" passing for a new pull request, which not all of GitHub's replicas know yet. */
function tooNew(error: unknown, { clock, since, pin }: LookContext): never {
  const isNew = clock.now() - since < LAG_MS;
  if (!isNew || !(error instanceof GitHubError) || error.problem !== "not-found") throw error;
  throw new GitHubError("not-found", `GitHub does not show ${pin.ref} at the moment`, { cause: error });
}

/** The new pin and a note when the repository has been renamed. Without the pull request's id it may be another one. */
function renaming({ id, repo, number }: PullRequest, { pin }: LookContext): Pick<LookResult, "pin" | "note"> {
  const asked = pin.repo ?? "";
  if (pin.identity.id !== id || sameRepo(asked, repo)) return {};
  return { pin: followRename(pin, { repo, number }), note: renamed(asked, repo) };
}

/** The look's result when GitHub shows another head than the pinned one; else null. */
async function otherHead(context: LookContext, pull: PullRequest, memory: Memory): Promise<LookResult | null> {
  const head = await compareHead(context, pull, memory);
  if (head.is === "pinned") return null;
  context.remember(toJson({ ...memory, otherSince: memory.otherSince ?? githubNow(timesOf(context)) }));
  if (head.is === "lag") return { status: "waiting", reason: head.reason, note: head.reason };
  const { pin } = context;
  const earlier = [...(pin.prev_shas ?? []), pin.sha ?? ""].filter((sha) => sha !== head.sha && sha !== "");
  // `here` stays for the head that is watched in place of the local HEAD, and is dropped for later heads.
  const { here, ...known } = pin.identity;
  const identity = here === pin.sha ? pin.identity : known;
  const next = { ...pin, identity, sha: head.sha, prev_shas: [...new Set(earlier)] };
  return { status: "running", reason: head.reason, note: head.reason, pin: next, moved: true };
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

/** The clock of the pull request's GitHub host, for all times that are remembered and judged. */
function timesOf({ github, clock, pin }: LookContext): TimeContext {
  return { github, clock, repo: pin.repo ?? null };
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
