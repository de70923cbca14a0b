import { isObject, type JsonObject } from "../base/json.ts";
import type { Transition } from "../core/events.ts";
import { NOBODY, nextOwner } from "../core/owner.ts";
import type { Wait } from "../core/wait.ts";
import type { WatchDeps } from "../watch/deps.ts";
import { pinJson, pinOf } from "../watch/engine/pin.ts";
import { ensureDriver } from "../watch/owner/start-driver.ts";
import { newWatcherId } from "../watch/register/ids.ts";
import type { Cycle } from "./evaluate.ts";
import type { RedPullRequest } from "./evidence/red-pull-request.ts";

/** The failure that a HEALING row heals, for the evaluator and for a recovery. */
export interface HealMemory extends JsonObject {
  readonly signature: string;
  readonly failures: number;
  readonly confidence: number;
  readonly sha: string;
  /** State before healing. */
  readonly from: string;
}

/** The earlier heals of a wait, oldest first: their failure and their score. */
export function earlierHeals(
  wait: Wait,
  { store }: Pick<WatchDeps, "store">,
): { readonly cycle: Cycle; readonly score: number | null }[] {
  const rows: Transition[] = [];
  let next: Transition | null = null;
  for (const event of store.eventsBackwards()) {
    if (event.type !== "transition" || event.wait_id !== wait.wait_id) continue;
    if (event.to_state === "GREEN" || event.from_state === null) break;
    // Count only heals that made an attempt: one that was killed or refused before its push did not fail to help.
    if (event.to_state === "HEALING" && next !== null && next.attempt > event.attempt) rows.push(event);
    next = event;
  }
  return rows.reverse().flatMap((row) => {
    const memory = row.extra.heal;
    if (!isObject(memory) || typeof memory.signature !== "string") return [];
    return [
      {
        cycle: {
          signature: memory.signature,
          failures: Number(memory.failures ?? 1),
          confidence: Number(memory.confidence ?? 0),
        },
        score: row.evaluator_score,
      },
    ];
  });
}

/** The fields of a verdict that a wait keeps while it heals, in case it returns to it. */
function verdictFields({ extra }: Wait): JsonObject {
  const { outcome, evidence, classification, slow, log, reason } = extra;
  return Object.fromEntries(
    Object.entries({ outcome, evidence, classification, slow, log, reason }).filter(([, value]) => value !== undefined),
  );
}

/** RED_* or ESCALATED → HEALING, owned by this process. Null: another process was first. */
export async function startHealing(
  wait: Wait,
  red: RedPullRequest,
  score: number,
  deps: WatchDeps,
): Promise<Wait | null> {
  const heal: HealMemory = {
    signature: red.found.signature_hash,
    failures: red.found.failures,
    confidence: red.found.confidence,
    sha: red.sha,
    from: wait.state,
  };
  const owner = nextOwner(wait, deps.processes.self(), newWatcherId());
  const row = await deps.store.transition(wait, "HEALING", {
    score,
    owner,
    extra: { ...verdictFields(wait), heal, cause: "heal" },
  });
  return row ? deps.store.find(wait.wait_id) : null;
}

/** HEALING → the previous red, with the reason why nothing was pushed; the driver resumes the slow phase. */
export async function endWithoutPush(wait: Wait, reason: string, deps: WatchDeps): Promise<void> {
  const memory = wait.extra.heal;
  const from = isObject(memory) && memory.from === "RED_CLASSIFIED" ? "RED_CLASSIFIED" : "RED_UNCLASSIFIED";
  await deps.store.transition(wait, from, {
    owner: nextOwner(wait, NOBODY, newWatcherId()),
    score: wait.evaluator_score,
    extra: { ...verdictFields(wait), cause: "heal-refused", heal_problem: reason.slice(0, 500) },
  });
  await ensureDriver(deps);
}

/** HEALING or red → WATCHING: a new cycle on `sha`, looked at by the driver. */
export async function watchAgain(
  wait: Wait,
  sha: string,
  change: { readonly attempt: number; readonly cause: string; readonly reason: string },
  deps: WatchDeps,
): Promise<Wait | null> {
  const moved = wait.sha !== null && wait.sha !== sha;
  const prev_shas = [...(wait.extra.prev_shas ?? []), ...(moved ? [wait.sha!] : [])];
  const pin = { ...pinOf(wait), sha, prev_shas };
  const row = await deps.store.transition(wait, "WATCHING", {
    attempt: change.attempt,
    score: wait.evaluator_score,
    owner: nextOwner(wait, NOBODY, newWatcherId()),
    pin: { ref: wait.ref, pr: wait.pr, repo: wait.repo, sha, extra: { pin: pinJson(pin), prev_shas } },
    extra: {
      cause: change.cause,
      reason: change.reason,
      active_used: 0,
      mode: "background",
      released: false,
      unbound: false,
      ...(moved ? { pushed: deps.clock.now() } : {}),
    },
  });
  if (!row) return null;
  await ensureDriver(deps);
  return deps.store.find(wait.wait_id);
}

/**
 * Returns a wait whose heal died to WATCHING, because only a look at the pull request shows whether it pushed. A push that was
 * about to start counts as an attempt. Null: there is nothing to recover.
 */
export async function recoverHealing(wait: Wait, deps: WatchDeps): Promise<Wait | null> {
  if (wait.state !== "HEALING" || wait.sha === null) return null;
  const pushing = hadBegunToPush(wait, deps);
  return watchAgain(
    wait,
    wait.sha,
    { attempt: wait.attempt + (pushing ? 1 : 0), cause: "heal-recovered", reason: "The heal died before it ended" },
    deps,
  );
}

function hadBegunToPush(wait: Wait, { store }: WatchDeps): boolean {
  for (const event of store.eventsBackwards()) {
    if (event.type === "transition" && event.wait_id === wait.wait_id) return false;
    if (event.type === "heal.push" && event.wait_id === wait.wait_id) return true;
  }
  return false;
}
