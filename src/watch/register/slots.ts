import type { NewEvent } from "../../core/events.ts";
import { nextOwner } from "../../core/owner.ts";
import { sameRepo } from "../../core/repo.ts";
import { isPullRequest } from "../../core/traits.ts";
import type { Wait } from "../../core/wait.ts";
import type { View } from "../../store/fold.ts";
import { nextRow } from "../../store/store.ts";
import type { WatchDeps } from "../deps.ts";
import { lookOfCycle } from "../engine/look-file.ts";
import { isHeld, livenessOf } from "../owner/liveness.ts";

/** Slots for pull requests that are watched at once, and the scope they are counted in. */
export interface Slots {
  readonly max: number;
  /** `repo`: of one session in one repository. `global`: over all repositories. */
  readonly scope: "repo" | "global";
}

type SlotDeps = Pick<WatchDeps, "processes" | "clock" | "env" | "store">;

/** The wait that needs a slot. */
export type Applicant = Pick<Wait, "wait_id" | "kind" | "session_id" | "repo" | "extra">;

/**
 * Waits that hold a slot which `applicant` would need: live WATCHING and HEALING pull requests in its scope, never its own, and none
 * that only sits out a grace.
 */
export function holdersOf(view: View, applicant: Applicant, slots: Slots, deps: SlotDeps): readonly Wait[] {
  if (!isPullRequest(applicant)) return [];
  return [...view.waits.values()].filter(
    (wait) =>
      isPullRequest(wait) &&
      wait.wait_id !== applicant.wait_id &&
      wait.session_id === applicant.session_id &&
      isInScope(wait, applicant, slots) &&
      (wait.state === "WATCHING" || wait.state === "HEALING") &&
      isHeld(livenessOf(wait, deps)) &&
      !sitsOut(wait, deps),
  );
}

/** Whether two waits of a session take slots from the same ones. Those without a repository share theirs. */
function isInScope(a: Pick<Wait, "repo">, b: Pick<Wait, "repo">, { scope }: Slots): boolean {
  return scope === "global" || sameRepo(a.repo, b.repo) || (a.repo === null && b.repo === null);
}

/** A grace that holds for so long (active seconds) is sat out; most end sooner, with the first check that runs. */
const SITTING_S = 60;

/** Whether nothing runs for a watched wait, and its watch only sits out a grace: for checks that do not come, or a runner. */
function sitsOut(wait: Wait, { store }: SlotDeps): boolean {
  if (wait.state !== "WATCHING") return false;
  const look = lookOfCycle(store.paths.looks, wait);
  return look !== null && Object.values(look.graces).some((since) => look.active_used - since >= SITTING_S);
}

/** The slots that were configured when the wait was registered. */
export function slotsOf(wait: Wait): Slots {
  const max = wait.extra.ceiling_max;
  return { max: typeof max === "number" ? max : 1, scope: wait.extra.ceiling_scope === "global" ? "global" : "repo" };
}

/**
 * Why a queued wait is not watched, in words: `queued: PR #43 (o/r) holds the only slot (ci_watch.max_concurrent_prs: 1)`. `nameOf`
 * names the waits that hold the slots.
 */
export function queuedWords(wait: Wait, nameOf: (holder: Wait) => string, deps: SlotDeps, from = ""): string {
  const { max, scope } = slotsOf(wait);
  const names = holdersOf(deps.store.read(), wait, { max, scope }, deps).map(nameOf);
  const setting = `ci_watch.max_concurrent_prs: ${max}${from === "" ? "" : `, ${from}`}`;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const who = `${names.slice(0, NAMED).join(", ")}${more}`;
  const slots = max === 1 ? "the only slot" : `all ${max} slots`;
  // The one that held the slot has just ended.
  if (names.length === 0) return `queued for a free slot (${setting})`;
  return `queued: ${who} ${names.length === 1 ? "holds" : "hold"} ${slots} (${setting})`;
}

/** So many are named. */
const NAMED = 3;

/**
 * The rows that give free slots to queued waits, oldest first. `leaving`: the wait whose ending is written in the same commit.
 */
export function promotions(view: View, leaving: string | null, deps: SlotDeps): readonly NewEvent[] {
  const rows: NewEvent[] = [];
  const promoted: Wait[] = [];
  for (const wait of view.waits.values()) {
    if (wait.state !== "PUSHED" || wait.extra.unbound === true) continue;
    const slots = slotsOf(wait);
    const holders = holdersOf(view, wait, slots, deps).filter(({ wait_id }) => wait_id !== leaving);
    const same = promoted.filter(
      (other) =>
        isPullRequest(other) &&
        isPullRequest(wait) &&
        other.session_id === wait.session_id &&
        isInScope(other, wait, slots),
    );
    if (holders.length + same.length >= slots.max) continue;
    promoted.push(wait);
    rows.push(
      nextRow(wait, "WATCHING", {
        owner: nextOwner(wait),
        extra: { cause: "slot-free", reason: "A slot became free" },
      }),
    );
  }
  return rows;
}
