import { type Check, hasPassed } from "../../../src/github.ts";
import type { Evidence, LookResult, Settle } from "../../../src/plugin.ts";
import { absentYet, missingByHistory, pendingOf, type View } from "./view.ts";
import { checkNames, count, names } from "./words.ts";

/** What the whole of the checks says; the frame (items, progress, times) is added around it. */
export type Verdict = Pick<LookResult, "status" | "reason" | "grace" | "settle" | "note"> & {
  readonly evidence?: readonly Evidence[];
};

/** A newer run that replaces a cancelled one shows up within so many seconds. */
const CANCEL_CONFIRM_S = 10;

/** A verdict is believed when two looks agree on it; merged and closed are facts. */
const TWICE: Settle = { looks: 2, confirmS: 1 };
const final = (status: string) => status === "merged" || status === "closed";

/** The questions, in the order in which they are asked; the first that has an answer decides. */
const QUESTIONS: readonly ((view: View) => Verdict | null)[] = [
  ended,
  conflicted,
  nothing,
  failed,
  running,
  blocked,
  cancelled,
  missing,
  queued,
  passed,
];

/** The verdict on the pinned commit. Pure and total: every view has one. */
export function verdict(view: View): Verdict {
  for (const question of QUESTIONS) {
    const answer = question(view);
    if (answer) return final(answer.status) ? answer : { settle: TWICE, note: unknownRules(view), ...answer };
  }
  return { status: "running", reason: "The checks say nothing that p9 understands" };
}

function ended({ pull }: View): Verdict | null {
  if (pull.state === "MERGED") return { status: "merged", reason: `#${pull.number} was merged` };
  return pull.state === "CLOSED" ? { status: "closed", reason: `#${pull.number} was closed` } : null;
}

/** GitHub starts no `pull_request` run for a conflicted pull request, so nothing that is awaited can come. */
function conflicted({ pull }: View): Verdict | null {
  if (pull.mergeable !== "CONFLICTING") return null;
  const who = "who works on the branch must merge or rebase";
  return {
    status: "blocked",
    reason: `#${pull.number} conflicts with "${pull.base}": GitHub runs no checks until it is solved; ${who}`,
  };
}

function nothing(view: View): Verdict | null {
  const { checks, expected, options, pull, workflows } = view;
  if (checks.length > 0 || expected.requiredKnown) return null;
  const outcome = options.noChecks === "green" ? "succeeded" : options.noChecks === "ignore" ? "ignore" : "no_checks";
  const why =
    workflows === false ? "the commit has no workflow" : `no workflow started${pull.draft ? " (it is a draft)" : ""}`;
  const name = workflows === false ? "appear" : "appear_with_workflows";
  const reason = `No check reported on ${view.sha.slice(0, 7)}: ${why}`;
  return { status: "waiting", reason: "No checks yet", grace: { name, outcome, reason, since: view.since } };
}

function failed(view: View): Verdict | null {
  const { expected, options } = view;
  const bad = deciding(view).filter((check) => check.state === "failed");
  const pending = pendingOf(deciding(view));
  if (bad.length === 0 || (!options.failFast && pending.length > 0)) return null;
  const rest = pending.length > 0 ? `; ${count(pending.length, "check")} still running` : "";
  const check = expected.requiredKnown ? "Required check" : "Check";
  const what = bad.every((one) => one.kind === "suite") ? "Workflow" : check;
  return { status: "failed", reason: `${what} ${checkNames(bad)} failed${rest}`, evidence: bad.map(evidenceOf) };
}

/** The suites of runs that could not start matter as long as something required is missing: it is theirs. */
function deciding({ expected, checks }: View): readonly Check[] {
  if (!expected.requiredKnown) return expected.deciding;
  const bare = expected.missing.length > 0 ? checks.filter((check) => check.kind === "suite") : [];
  return [...expected.deciding, ...bare.filter((check) => !expected.deciding.includes(check))];
}

function running(view: View): Verdict | null {
  const all = deciding(view);
  const pending = pendingOf(all);
  if (pending.length === 0) return null;
  const done = all.length - pending.length;
  const begun = view.checks.some((check) => check.state !== "queued");
  if (!begun) {
    const reason = `${count(pending.length, "check")} queued and none started: no runner takes them (${checkNames(pending)})`;
    return {
      status: "waiting",
      reason: `${count(pending.length, "check")} queued`,
      grace: { name: "runner", outcome: "no_runner", reason },
    };
  }
  const active = pending.filter((check) => check.state === "running");
  return {
    status: "running",
    reason: `${done} of ${count(all.length, "check")} done, waiting for ${checkNames(active.length > 0 ? active : pending)}`,
  };
}

function blocked(view: View): Verdict | null {
  const waiting = deciding(view).filter((check) => check.state === "blocked");
  if (waiting.length === 0) return null;
  const environment = waiting.some((check) => check.raw === "WAITING");
  const who = environment ? "a reviewer of the environment must approve it" : "a maintainer must approve or act on it";
  return {
    status: "blocked",
    reason: `${checkNames(waiting)} waits for a human: ${who}`,
    evidence: waiting.map(evidenceOf),
  };
}

function cancelled(view: View): Verdict | null {
  const stopped = deciding(view).filter((check) => check.state === "cancelled");
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
  const absent = [...expected.missing.map((rule) => rule.name), ...byHistory];
  if (absent.length === 0) return null;
  const others = pendingOf(checks);
  if (others.length > 0)
    return { status: "running", reason: `Waiting for ${names(absent)} to report; ${checkNames(others)} still running` };
  const why =
    byHistory.length > 0 && expected.missing.length === 0
      ? ", which the earlier head had (the rules cannot be read)"
      : "";
  const reason = `Required check ${names(absent)} never reported${why}: whoever maintains the rules or the workflow must look`;
  return {
    status: "waiting",
    reason: `Waiting for ${names(absent)} to report`,
    grace: { name: "required", outcome: "missing_required", reason },
  };
}

/** In the merge queue the checks of the merge group decide; GitHub merges the pull request or takes it out. */
function queued({ pull }: View): Verdict | null {
  if (!pull.queue) return null;
  if (pull.queue.state === "UNMERGEABLE") {
    return {
      status: "blocked",
      reason: `The merge queue cannot merge #${pull.number}: who works on the branch must look`,
    };
  }
  const position = pull.queue.position === null ? "" : ` at position ${pull.queue.position}`;
  return { status: "running", reason: `The checks passed; #${pull.number} is in the merge queue${position}` };
}

function passed(view: View): Verdict | null {
  const { expected } = view;
  const all = expected.deciding;
  if (!all.every((check) => hasPassed(check.state))) return null;
  const red = expected.optional.filter((check) => check.state === "failed" || check.state === "cancelled");
  const others = red.length > 0 ? `; optional ${checkNames(red)} did not` : "";
  if (expected.requiredKnown) {
    return {
      status: "succeeded",
      reason: `All ${count(all.length, "required check")} passed${others}`,
    };
  }
  const absent = absentYet(view);
  const late = absent.length > 0 ? ` (${names(absent)} did not report)` : "";
  return {
    status: "succeeded",
    reason: `All ${count(all.length, "check")} passed${late}`,
    settle: calm(view, absent),
  };
}

/**
 * With no required check known: some time since the push and since the last new check; longer when the earlier head or the
 * base had checks that have not come up here.
 */
function calm({ memory, options, checks, now }: View, absent: readonly string[]) {
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

function evidenceOf(check: Check): Evidence {
  const text = `${check.name}: ${check.raw}${check.description ? ` (${check.description})` : ""}`;
  return { job: check.name, text, ...(check.url ? { url: check.url } : {}) };
}
