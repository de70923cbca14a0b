import {
  type Check,
  completeRules,
  expectedChecks,
  githubNow,
  inLocalTime,
  isPending,
  latestChecks,
  type PullRequest,
  type RequiredCheck,
  readPullRequest,
  readWorkflowRuns,
  type TimeContext,
  textAt,
} from "../../../src/github.ts";
import { isObject, type LookContext, type LookResult } from "../../../src/plugin.ts";
import { compareHead } from "./head.ts";
import { withHistory } from "./history.ts";
import { type Memory, recall, toJson, withChecks } from "./memory.ts";
import { type Verdict, verdict } from "./verdict.ts";
import type { View, ViewOptions } from "./view.ts";
import { itemOf } from "./words.ts";
import { hasWorkflows } from "./workflows.ts";

/** Looks once at a pull request: one request in most cases. */
export async function lookAtPullRequest(context: LookContext): Promise<LookResult> {
  const { pin, github } = context;
  const memory = recall(context);
  const id = textAt(pin.identity, "id") ?? undefined;
  const pull = await readPullRequest(github, pin.repo ?? "", { number: pin.pr ?? 0, id, sha: pin.sha });
  if (pull.state === "OPEN") {
    const other = await otherHead(context, pull, memory);
    if (other) return other;
  }
  const view = await gather(context, pull, { ...memory, confirmed: true, otherSince: undefined });
  context.remember(toJson(view.memory));
  return inLocalTime(frame(view, verdict(view)), timesOf(context));
}

/** The answer when GitHub shows another head than the pinned one; null when it shows that. */
async function otherHead(context: LookContext, pull: PullRequest, memory: Memory): Promise<LookResult | null> {
  const head = await compareHead(context, pull, memory);
  if (head.is === "pinned") return null;
  context.remember(toJson({ ...memory, otherSince: memory.otherSince ?? githubNow(timesOf(context)) }));
  if (head.is === "lag") return { status: "waiting", reason: head.reason, note: head.reason };
  const { pin } = context;
  const earlier = [...(pin.prev_shas ?? []), pin.sha ?? ""].filter((sha) => sha !== head.sha && sha !== "");
  const next = { ...pin, sha: head.sha, prev_shas: [...new Set(earlier)] };
  return { status: "running", reason: head.reason, note: head.reason, pin: next, moved: true };
}

async function gather(context: LookContext, pull: PullRequest, before: Memory): Promise<View> {
  const { pin, since } = context;
  const repo = pin.repo ?? "";
  const sha = pin.sha ?? pull.head;
  const now = githubNow(timesOf(context));
  const checks = latestChecks(await allChecks(context, pull));
  const beyond = await beyondGraphql(context, pull, before);
  const rules = { required: [...pull.rules.required, ...beyond.required], complete: beyond.complete };
  const expected = expectedChecks(checks, rules);
  let memory = withChecks({ ...before, rules: beyond }, checks, now);
  if (pull.state === "OPEN" && checks.length === 0 && memory.workflows === undefined) {
    memory = { ...memory, workflows: await hasWorkflows(context, repo, sha) };
  }
  if (pull.state === "OPEN" && checks.length > 0 && !(expected.requiredKnown && rules.complete) && !memory.seeded) {
    memory = await withHistory(context, pull.base, memory);
  }
  const workflows = memory.workflows ?? null;
  return { pull, sha, checks, expected, rules, memory, workflows, options: viewOptions(context), now, since };
}

/** The checks of the pinned commit, and the runs that have none where suites do not tell of them. */
async function allChecks({ github, pin }: LookContext, { commit, state }: PullRequest): Promise<readonly Check[]> {
  if (!commit) return [];
  if (commit.suitesReadable || state !== "OPEN") return commit.checks;
  const known = new Set(commit.checks.map((check) => check.run));
  const runs = await readWorkflowRuns(github, pin.repo ?? "", commit.sha);
  return [...commit.checks, ...runs.filter(({ run }) => !known.has(run))];
}

/** What REST tells of the base's rules beside GraphQL, asked once per base branch: only that is remembered. */
async function beyondGraphql(
  context: LookContext,
  pull: PullRequest,
  memory: Memory,
): Promise<NonNullable<Memory["rules"]>> {
  if (memory.rules?.base === pull.base) return memory.rules;
  const { required, complete } = await completeRules(context.github, context.pin.repo ?? "", pull.base, pull.rules);
  const same = (rule: RequiredCheck) =>
    pull.rules.required.some((one) => one.name === rule.name && one.appId === rule.appId);
  return { base: pull.base, required: required.filter((rule) => !same(rule)), complete };
}

/** All that is remembered and judged is by the clock of the GitHub that the pull request is at. */
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

/** Everything around the verdict: what was seen check by check, how far it is, when it began and ended. */
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
