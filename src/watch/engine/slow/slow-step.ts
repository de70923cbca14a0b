import { parseTimestamp } from "../../../base/clock.ts";
import { isOutcome, type LookContext, type LookResult } from "../../../contract/wait-kind.ts";
import { type State, stateOf } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { reviewPolicyOf } from "../../../reviewers/policy.ts";
import { sameTurn } from "../../../store/store.ts";
import type { WatchDeps } from "../../deps.ts";
import { releaseLease } from "../../owner/lease.ts";
import type { Ending } from "../ending.ts";
import { pinOf } from "../pin.ts";
import { isNews, toldWith } from "./news.ts";

/** A wait with a verdict is no longer watched after this time (contract: 7 days). */
const WEEK_MS = 7 * 86_400_000;

/** What a slow look came to: an end, a new cycle, the end of the slow phase, or nothing. */
export interface SlowStep {
  readonly ending: Ending | null;
  readonly cycle: boolean;
  readonly over: boolean;
}

const NOTHING: SlowStep = { ending: null, cycle: false, over: false };

/**
 * Judges a look at a pull request that has its verdict. Closed or merged ends the wait; another head, a check that runs again
 * or another verdict starts a new cycle, in which the engine looks at its usual pace; otherwise nothing happens.
 */
export async function slowStep(
  wait: Wait,
  result: LookResult,
  context: LookContext,
  deps: WatchDeps,
): Promise<SlowStep> {
  const { status, reason } = result;
  if (status === "merged" || status === "closed") {
    return { ...NOTHING, ending: { outcome: status, cause: "look", reason, look: result } };
  }
  if (result.moved) return newCycle(wait, result, deps);
  if (wait.state === "MERGE_READY") return revoke(wait, result, context, deps);
  const now = deps.clock.now();
  const isNew = result.newsAt === undefined ? differs(wait.state, result) : isNews(wait, result, now);
  if (isNew || isAnother(wait, result)) return newCycle(wait, result, deps);
  if (now - parseTimestamp(wait.ts) > WEEK_MS) return release(wait, deps);
  return NOTHING;
}

/**
 * Whether a look contradicts the verdict that stands. A condition that a grace turned into the verdict (no checks, a missing one,
 * no runner) still holds as long as it is reported.
 */
function differs(state: State, { status, grace }: LookResult): boolean {
  const outcome = isOutcome(status) ? status : grace?.outcome;
  if (outcome === undefined || outcome === "ignore") return true;
  const green = stateOf(outcome) === "GREEN";
  return green !== (state === "GREEN" || state === "MERGE_READY");
}

/** Whether a look has another outcome than the one that is shown: what was told of the head before is shown again, and nobody is woken. */
function isAnother({ extra }: Wait, { status }: LookResult): boolean {
  return isOutcome(status) && status !== extra.outcome;
}

async function newCycle(wait: Wait, result: LookResult, deps: WatchDeps): Promise<SlowStep> {
  // What begins a cycle begins no other, whatever that ends with.
  const told = result.moved || result.newsAt === undefined ? {} : { told: toldWith(wait, result.status, 0, false) };
  const extra = { cause: "new-cycle", reason: result.reason, active_used: 0, ...told };
  const row = await deps.store.transition(wait, "WATCHING", { extra });
  return { ...NOTHING, cycle: row !== null };
}

/** Revokes MERGE_READY when the merge predicate no longer holds for that head. */
async function revoke(wait: Wait, result: LookResult, context: LookContext, deps: WatchDeps): Promise<SlowStep> {
  if (differs(wait.state, result)) return newCycle(wait, result, deps);
  const [{ stillReady, takenBack }, { knownReviewers }, { reviewers }] = await Promise.all([
    import("../../../merge/still-ready.ts"),
    import("../../../reviewers/known.ts"),
    import("../../../../plugins/reviewers/registry.ts"),
  ]);
  const known = await knownReviewers(reviewers, context.config, await context.reviewers());
  const asked = { known, policy: reviewPolicyOf(context.config) };
  const unmet = await stillReady(pinOf(wait), context.github, asked);
  if (unmet === null) return NOTHING;
  await deps.store.transition(wait, "GREEN", {
    extra: { outcome: "succeeded", cause: "look", reason: takenBack(unmet), slow: true, next: whyNotReady(wait) },
  });
  return NOTHING;
}

/** What is done next about a mark that was taken back. */
function whyNotReady({ pr, repo }: Wait): string {
  return `p9 why ${pr ?? ""}${repo ? ` --repo ${repo}` : ""}`;
}

async function release(wait: Wait, deps: WatchDeps): Promise<SlowStep> {
  await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    if (!now || !sameTurn(now, wait)) return [];
    return [{ ...releaseLease(now, "a week passed"), slow: false }];
  });
  return { ...NOTHING, over: true };
}
