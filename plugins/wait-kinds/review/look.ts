import {
  demandedBy,
  GitHubError,
  githubNow,
  type HeadCheck,
  inLocalTime,
  mergeVerdict,
  type PullRequest,
  type ReviewStanding,
  readMergeFacts,
  readReviewStanding,
  replyPolicyOf,
  resolveEarlyAnswers,
  reviewPolicyOf,
  textAt,
  toGitHubTime,
} from "../../../src/github.ts";
import { type LookContext, type LookResult, oneLine, splitRepo } from "../../../src/plugin.ts";
import { knownReviewers, type Reviewer } from "../../../src/provider.ts";
import { reviewers } from "../../reviewers/registry.ts";
import { otherHead, readPinned, renaming, timesOf } from "../pull-request/read-pinned.ts";
import { readTold, withOpen } from "./conversation.ts";
import { type Memory, recall, toJson } from "./memory.ts";
import { newsAt } from "./news.ts";
import { blocked, type OutcomeFacts, over, reviewAgain, reviewed, unreadable, workOrRefusal } from "./outcome.ts";
import { askedAgain, type Heard } from "./requests.ts";
import { type Settled, settleTimes, whetherSettled } from "./settled.ts";
import { itemOf, list } from "./words.ts";

/** How long after its last sign a verdict is believed: a review and its threads do not appear at one moment. */
const CONFIRM_MS = 10_000;

/**
 * Looks once at the reviews of a pull request's head: in most cases with one request, which other looks of that moment share.
 *
 * @throws {GitHubError} when something that decides could not be read.
 */
export async function lookAtReviews(context: LookContext): Promise<LookResult> {
  const memory = recall(context);
  const known = await knownReviewers(reviewers, context.config, await context.reviewers());
  if (memory.confirmed) await resolveAnswered(context, known);
  const { pull, standing, conversation } = await read(context, memory, known);
  const other = await otherHead(context, pull, memory, (otherSince) =>
    context.remember(toJson({ ...memory, otherSince })),
  );
  if (other) return other;
  const frame = { ...renaming(pull, context), extra: { head: context.pin.sha ?? pull.head, url: pull.url } };
  if (pull.state !== "OPEN") return { ...ended(pull), ...frame };
  const told = await judge(context, { pull, standing, conversation, memory, known });
  const isOutcome = told.status !== "running" && told.status !== "waiting";
  context.remember(
    toJson({
      ...memory,
      confirmed: true,
      otherSince: undefined,
      base: pull.base,
      ofBase: standing.ofBase,
      reactions: standing.activity.reactions,
      threads: conversation.threads,
      outcome: isOutcome ? told.status : memory.outcome,
    }),
  );
  const done = standing.reviewers.filter(({ state }) => state === "done" || state === "refused").length;
  const total = standing.reviewers.length;
  const result = {
    ...told,
    ...frame,
    items: standing.reviewers.map(itemOf),
    // What needs work is not complete, although all have reviewed it.
    progress:
      total === 0 || (isOutcome && told.status !== "succeeded")
        ? null
        : { done, total, percent: Math.floor((100 * done) / total), phase: null },
    newsAt: newsAt(conversation),
    ...(isOutcome
      ? { settle: { looks: 1, notBefore: lastSign(standing, githubNow(timesOf(context))) + CONFIRM_MS } }
      : {}),
  };
  return inLocalTime(result, timesOf(context));
}

/** Resolves the threads that p9 answered on an earlier head. */
async function resolveAnswered(context: LookContext, known: readonly Reviewer[]): Promise<void> {
  const { github, pin, config } = context;
  const [repo, number, head] = [pin.repo ?? "", pin.pr ?? 0, pin.sha ?? ""];
  const deps = {
    github,
    host: splitRepo(repo).host,
    known,
    reply: replyPolicyOf(config),
  };
  await resolveEarlyAnswers(context.dataDir(), { repo, number, head }, deps);
}

/** When a reviewer last gave a sign (ms). An app says itself when its check ended, which may be any time. */
function lastSign({ reviewers: expected }: ReviewStanding, now: number): number {
  const signs = expected.map(({ act }) => act?.at ?? 0);
  return Math.max(1, ...signs.filter((at) => at <= now + CONFIRM_MS));
}

/** Reads all at once when the base is known, so that it is one request. */
async function read(context: LookContext, memory: Memory, known: readonly Reviewer[]) {
  const { github, pin, config } = context;
  const standingOf = (base: string, head: string) =>
    readReviewStanding(github, {
      ...{ repo: pin.repo ?? "", number: pin.pr ?? 0, base, head, headAt: null },
      ...{ known, policy: reviewPolicyOf(config), reactions: memory.reactions },
      ofBase: memory.base === base ? memory.ofBase : undefined,
    });
  const base = memory.base ?? textAt(pin.identity, "base");
  const [pull, early, told] = await Promise.all([
    readPinned(context),
    base === null || !pin.sha ? null : standingOf(base, pin.sha),
    readTold(context),
  ]);
  const standing = early !== null && base === pull.base ? early : await standingOf(pull.base, pin.sha ?? pull.head);
  const checks = standing.activity.acts.flatMap(headCheck);
  // Nothing that a look sees tells of the edits of comments, so slow looks read anew.
  const before = context.slow ? undefined : memory.threads;
  const { requests, ...conversation } = await withOpen(told, context, { known, checks, before });
  const since = standing.activity.headAt ?? 0;
  // A comment is told with the head that it was written about.
  const comments = conversation.comments.filter(({ at }) => at >= since);
  return {
    pull,
    standing,
    conversation: { ...conversation, comments, ...askedAgain(requests, standing.activity.acts) },
  };
}

function headCheck({ check: id, by: app, ...act }: ReviewStanding["activity"]["acts"][number]): HeadCheck[] {
  return id === undefined ? [] : [{ id, app, name: act.name, is: act.is, at: act.at, url: act.url }];
}

/** What a look read. */
interface Seen {
  readonly pull: PullRequest;
  readonly standing: ReviewStanding;
  readonly conversation: Heard;
  readonly memory: Memory;
  readonly known: readonly Reviewer[];
}

async function judge(context: LookContext, seen: Seen): Promise<LookResult> {
  const { pull, standing, conversation, memory } = seen;
  const times = settleTimes(context.config);
  const now = githubNow(timesOf(context));
  const begunAt = Math.max(standing.activity.headAt ?? 0, toGitHubTime(context.since, timesOf(context)));
  const settled = whetherSettled({ standing, conversation, begunAt, now, times });
  const facts = {
    standing,
    conversation,
    target: `${pull.number} --repo ${pull.repo}`,
    reply: replyPolicyOf(context.config),
  };
  const [unread] = conversation.unread;
  if (settled.is === "open" && !context.slow && !unread) return waiting(settled);
  const isOver = !context.slow && now >= begunAt + times.ceiling * 1000;
  const afterS = (now - begunAt) / 1000;
  if (unread && !context.slow && !isOver) throw passing(unread);
  const found = (await workOrRefusal(facts)) ?? reviewAgain(facts);
  if (found) return found;
  if (settled.is === "over" && !unread) return over(facts, afterS);
  try {
    if (unread) throw unread;
    if (isHalfRead(seen)) throw halfRead(standing);
    return await byRules(context, pull, facts, memory);
  } catch (error) {
    if (!(error instanceof GitHubError && isOfPart(error))) throw error;
    if (isOver) return unreadable(error, facts, afterS);
    throw passing(error);
  }
}

/** The error of a part, which is waited for to the ceiling even where it will last: nobody gives up the wait for it. */
function passing({ problem, message, needs }: GitHubError): GitHubError {
  return new GitHubError(problem, message, needs === undefined ? {} : { needs });
}

/** Whether GitHub answered, and withholds a part or shows it in part. */
function isOfPart({ problem }: GitHubError): boolean {
  return problem === "partial" || problem === "forbidden";
}

function halfRead({ activity }: ReviewStanding): GitHubError {
  const what = (activity.unread ?? []).map((name) => oneLine(name, 80)).join(", ");
  return new GitHubError("partial", `GitHub showed only a part of what the reviewers did (${what})`);
}

/** Whether what was not read may be a reviewer that has begun, or found something in its check. */
function isHalfRead({ standing: { policy, activity }, known }: Seen): boolean {
  if (activity.unread?.includes("checks") && known.some(({ findings }) => findings !== undefined)) return true;
  return activity.partial && policy.wait && (policy.reviewers === "auto" || policy.reviewers.length > 0);
}

/** The verdict when the reviews leave nothing to do: the rules of the base may demand a review that nobody has given. */
async function byRules(
  { github, slow }: LookContext,
  pull: PullRequest,
  facts: OutcomeFacts,
  memory: Memory,
): Promise<LookResult> {
  if (isUncertain(pull)) {
    // GitHub computes it anew, at each push to the base for one: what stood still stands.
    if (slow && memory.outcome) return { status: memory.outcome, reason: "GitHub computes whether it may be merged" };
    return { status: "running", reason: "The reviewers are done; GitHub computes whether it may be merged" };
  }
  if (pull.mergeState !== "BLOCKED" || pull.draft) return reviewed(facts);
  const verdict = mergeVerdict(await readMergeFacts(github, pull.repo, pull.number, pull.head));
  const demanded = demandedBy(verdict);
  if (demanded.by === "people") return blocked(demanded.unmet, 0, facts);
  if (demanded.by === "nothing") return reviewed(facts);
  // While checks run there is something left to wait for; what stands is told then.
  if (slow && memory.outcome) return { status: memory.outcome, reason: "Its checks run" };
  return {
    status: "running",
    reason: "The reviewers are done; whether a person has to approve it is told when its checks have ended",
  };
}

/** Whether it may be that a required review holds it up, and GitHub does not say yet. */
function isUncertain({ mergeState, reviewDecision, draft }: PullRequest): boolean {
  return mergeState === "UNKNOWN" && reviewDecision === "REVIEW_REQUIRED" && !draft;
}

function waiting({ missing, inS }: Extract<Settled, { is: "open" }>): LookResult {
  if (missing.length === 0)
    return { status: "running", reason: `No reviewer is missing; ends in ${Math.ceil(inS)} s if nobody writes` };
  const titles = (state: string) => missing.filter((one) => one.state === state).map(({ reviewer }) => reviewer.title);
  const [running, silent] = [titles("running"), titles("silent")];
  const parts = [
    ...(running.length > 0 ? [`${list(running)} reviews it`] : []),
    ...(silent.length > 0 ? [`${list(silent)} has not begun`] : []),
  ];
  return { status: running.length > 0 ? "running" : "waiting", reason: parts.join("; ") };
}

function ended({ state }: PullRequest): LookResult {
  return state === "MERGED"
    ? { status: "merged", reason: "The pull request was merged" }
    : { status: "closed", reason: "The pull request was closed without merging" };
}
