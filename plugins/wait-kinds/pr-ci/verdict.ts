import { type Check, causeWords, hasPassed } from "../../../src/github.ts";
import type { Settle } from "../../../src/plugin.ts";
import { evidenceOf, type Question, type Verdict } from "./questions/answer.ts";
import { AGAIN_S, agreement, isBehind, isMergeable, neverReported } from "./questions/merge-state.ts";
import { skippedDraft, unpaid, whyNotStarted } from "./questions/not-started.ts";
import { nothing } from "./questions/nothing.ts";
import { leftQueue, queued, takenOutByHand } from "./questions/queue.ts";
import { absentYet, decidingOf, missingByHistory, pendingOf, type View } from "./view.ts";
import { allPassed, checkNames, count, hollowWords, names } from "./words.ts";

/** Seconds within which a newer run that replaces a cancelled one appears. */
const CANCEL_CONFIRM_S = 10;
/** Seconds within which a pull request that was closed only to rerun its checks is reopened. */
const CLOSED_CONFIRM_S = 15;

/** Two looks must agree on a verdict, except on "merged". */
const TWICE: Settle = { looks: 2, confirmS: 1 };

/** The questions in order; the first verdict that is not null decides. */
const QUESTIONS: readonly Question[] = [
  ended,
  conflicted,
  queued,
  nothing,
  failed,
  running,
  blocked,
  cancelled,
  leftQueue,
  missing,
  draft,
  passed,
];

/** Judges the pinned commit. Pure and total: every view has a verdict. */
export function verdict(view: View): Verdict {
  for (const question of QUESTIONS) {
    const answer = question(view);
    if (answer) return answer.status === "merged" ? answer : { settle: TWICE, note: unknownRules(view), ...answer };
  }
  return { status: "running", reason: "The checks say nothing that p9 understands" };
}

/** Whether a verdict stands although some checks could not be read: a failure, a conflict, a merged or closed pull request. */
export function standsOnPart({ status }: Verdict, { pull }: View): boolean {
  return status === "failed" || pull.state !== "OPEN" || pull.mergeable === "CONFLICTING";
}

function ended({ pull }: View): Verdict | null {
  if (pull.state === "MERGED") return { status: "merged", reason: `#${pull.number} was merged` };
  if (pull.state !== "CLOSED") return null;
  return { status: "closed", reason: `#${pull.number} was closed`, settle: { confirmS: CLOSED_CONFIRM_S } };
}

/** The verdict on a conflicted pull request, for which GitHub starts no `pull_request` runs; else null. */
function conflicted({ pull }: View): Verdict | null {
  if (pull.mergeable !== "CONFLICTING") return null;
  const who = "who works on the branch must merge or rebase";
  return {
    status: "blocked",
    reason: `#${pull.number} conflicts with "${pull.base}": GitHub runs no checks until it is solved; ${who}`,
  };
}

function failed(view: View): Verdict | null {
  const { expected, options } = view;
  const bad = decidingOf(view).filter((check) => check.state === "failed");
  const pending = pendingOf(decidingOf(view));
  if (bad.length === 0 || (!options.failFast && pending.length > 0)) return null;
  const never = unpaid(view);
  if (never) return never;
  const rest = pending.length > 0 ? `; ${count(pending.length, "check")} still running` : "";
  const check = expected.requiredKnown ? "Required check" : "Check";
  const what = bad.every((one) => one.kind === "suite") ? "Workflow" : check;
  // Several reports may have the name that a rule demands, and GitHub may go by another one.
  const against =
    expected.requiredKnown && isMergeable(view)
      ? `, although GitHub says that it can be merged (${view.pull.mergeState})`
      : "";
  const settle = against === "" ? {} : { settle: { ...TWICE, confirmS: AGAIN_S } };
  const reason = `${what} ${checkNames(bad)} failed${rest}${against}`;
  return { status: "failed", reason, evidence: bad.map(evidenceOf), ...settle };
}

function running(view: View): Verdict | null {
  const all = decidingOf(view);
  const pending = pendingOf(all);
  if (pending.length === 0) return null;
  const done = all.length - pending.length;
  const held = pending.filter((check) => check.cause !== null);
  const begun = view.checks.some((check) => check.state !== "queued");
  // A check that waits for a timer, an app or another run needs no runner yet.
  if (!begun && held.length < pending.length) {
    const free = pending.filter((check) => check.cause === null);
    const reason = `${count(free.length, "check")} queued and none started: no runner takes them (${checkNames(free)})`;
    return {
      status: "waiting",
      reason: `${count(pending.length, "check")} queued${why(held)}`,
      grace: { name: "runner", outcome: "no_runner", reason },
    };
  }
  const active = pending.filter((check) => check.state === "running");
  return {
    status: begun ? "running" : "waiting",
    reason: `${done} of ${count(all.length, "check")} done, waiting for ${checkNames(active.length > 0 ? active : pending)}${why(held)}`,
  };
}

/** Words for the causes of checks that wait. */
function why(held: readonly Check[]): string {
  const words = [...new Set(held.flatMap((check) => (check.cause ? causeWords(check.cause) : [])))];
  if (words.length === 0) return "";
  return `; ${checkNames(held)} ${held.length === 1 ? "waits" : "wait"}: ${words.slice(0, 2).join("; ")}`;
}

function blocked(view: View): Verdict | null {
  const waiting = decidingOf(view).filter((check) => check.state === "blocked");
  if (waiting.length === 0) return null;
  const asked = [...new Set(waiting.map(whoMustAct))];
  return {
    status: "blocked",
    reason: `${checkNames(waiting)} waits for a human: ${asked.slice(0, 2).join("; ")}`,
    evidence: waiting.map(evidenceOf),
  };
}

function whoMustAct({ cause, kind }: Check): string {
  if (cause) return causeWords(cause);
  return kind === "suite"
    ? "a maintainer must approve the workflow run of an outside contributor"
    : "a maintainer must approve or act on it";
}

function cancelled(view: View): Verdict | null {
  const stopped = decidingOf(view).filter((check) => check.state === "cancelled");
  if (stopped.length === 0) return null;
  const settle = { confirmS: CANCEL_CONFIRM_S };
  return {
    status: "cancelled",
    reason: `${checkNames(stopped)} was cancelled`,
    settle,
    evidence: stopped.map(evidenceOf),
  };
}

function missing(view: View): Verdict | null {
  const { expected, checks } = view;
  const byHistory = missingByHistory(view);
  const absent = neverReported(view);
  if (absent.length === 0) return null;
  const others = pendingOf(checks);
  if (others.length > 0)
    return { status: "running", reason: `Waiting for ${names(absent)} to report; ${checkNames(others)} still running` };
  if (isMergeable(view)) return null;
  const refused = whyNotStarted(view);
  if (refused) return { status: "not_started", reason: `Required check ${names(absent)} cannot report. ${refused}` };
  const from =
    byHistory.length > 0 && expected.missing.length === 0
      ? ", which the earlier head had (the rules cannot be read)"
      : "";
  const held = checks.filter(({ state }) => state === "blocked");
  const perhaps = held.length > 0 ? `; ${checkNames(held)} waits for a human, and may bring it` : "";
  const who = "whoever maintains the rules or the workflow must look";
  const reason = `Required check ${names(absent)} never reported${from}: ${who}${perhaps}`;
  return {
    status: "waiting",
    reason: `Waiting for ${names(absent)} to report`,
    grace: { name: "required", outcome: "missing_required", reason, ...sinceTheLastEnd(view) },
  };
}

/**
 * When the last check ended, a replaced one included, if that was after the begin: between two looks it may have run unseen. By the local
 * clock (ms).
 */
function sinceTheLastEnd({ pull, checks, begun, since }: View): { readonly since?: number } {
  const last = Math.max(...[...checks, ...(pull.commit?.checks ?? [])].map(({ endedAt }) => endedAt ?? 0));
  return last > begun ? { since: since + last - begun } : {};
}

function passed(view: View): Verdict | null {
  const { expected, options } = view;
  const all = expected.deciding;
  if (!all.every((check) => hasPassed(check.state))) return null;
  if (!view.rules.complete && agreement(view).is === "contradicts") return hiddenRule(view);
  const against = contradiction(view);
  const confirm = against === "" ? {} : { confirmS: AGAIN_S };
  if (expected.requiredKnown) {
    const red = expected.optional.filter((check) => check.state === "failed" || check.state === "cancelled");
    const others = red.length > 0 ? `; optional ${checkNames(red)} did not` : "";
    const anew = startsAnew(view);
    const again = anew === null ? {} : { notBefore: anew + options.settleS * 1000 };
    const settle = { ...TWICE, ...confirm, ...again };
    const what = all.length === 0 ? "No required check reported" : allPassed(all, "required check");
    const reason = `${what}${others}${against}${hollowWords(view.checks)}${takenOutByHand(view)}`;
    return { status: "succeeded", reason, settle };
  }
  const absent = absentYet(view);
  const late = absent.length > 0 ? ` (${names(absent)} did not report)` : "";
  const reason = `${allPassed(all, "check")}${late}${against}${hollowWords(view.checks)}${takenOutByHand(view)}`;
  return { status: "succeeded", reason, settle: { ...confirm, ...settleByQuiet(view, absent) } };
}

/** When the workflows of a commit with older reports started anew: its pull request was opened or reopened. Null: they did not. */
function startsAnew({ pull, expected, memory }: View): number | null {
  const { openedAt } = pull;
  const before =
    openedAt !== null && expected.deciding.some(({ startedAt }) => startedAt !== null && startedAt < openedAt);
  return memory.reopenedAt ?? (before ? openedAt : null);
}

/** Words for a merge state that contradicts the verdict; empty when none does. */
function contradiction(view: View): string {
  const never = neverReported(view);
  if (never.length > 0) {
    return `; ${names(never)} never reported, and GitHub says that it can be merged (${view.pull.mergeState})`;
  }
  const { pull } = view;
  if (isBehind(view)) return `; it is behind "${pull.base}", and GitHub merges it only when it is up to date`;
  const agrees = agreement(view);
  if (agrees.is === "explained") return `; GitHub blocks the merge: ${agrees.rules.slice(0, 3).join(", ")}`;
  return agrees.is === "contradicts" ? "; GitHub blocks the merge, and nothing that can be read says why" : "";
}

/** The verdict when all known required checks passed, GitHub blocks the merge, and some rules cannot be read. */
function hiddenRule({ checks, expected, pull }: View): Verdict {
  const said = `GitHub blocks the merge although ${checkNames(expected.deciding)} passed, and the rules of "${pull.base}" cannot be read`;
  const others = pendingOf(checks);
  // Any of them may be what the hidden rule demands, or bring it.
  if (others.length > 0) return { status: "running", reason: `${said}; ${checkNames(others)} still running` };
  return {
    status: "waiting",
    reason: said,
    grace: { name: "required", outcome: "missing_required", reason: `${said}: whoever maintains them must look` },
  };
}

/** The verdict on a draft with only skipped jobs, believed after a while because more jobs may come. */
function draft(view: View): Verdict | null {
  const answer = skippedDraft(view);
  return answer && { ...answer, settle: settleByQuiet(view, absentYet(view)) };
}

/**
 * The settle time when no required check is known: some time after the push and after the last new check, longer when checks of the
 * earlier head or the base are absent.
 */
function settleByQuiet({ memory, options, checks, now }: View, absent: readonly string[]) {
  const last = memory.newAt ?? now;
  const first = Math.min(last, ...checks.map((check) => check.startedAt ?? last));
  const pushed = Math.max(memory.freshAt ?? first, first);
  const quiet = Math.max(last, memory.freshAt ?? last) + options.settleS * 1000;
  return { notBefore: absent.length > 0 ? Math.max(quiet, pushed + options.appearS * 1000) : quiet };
}

function unknownRules({ rules, pull }: View): string | undefined {
  if (rules.complete) return undefined;
  return `The rules of "${pull.base}" cannot be read, so which checks are required is unknown: going by GitHub's own marks and by what was seen before`;
}
