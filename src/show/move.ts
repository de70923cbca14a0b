import { counted, oneLine } from "../base/text.ts";
import { isUnbound, type Wait } from "../core/wait.ts";
import { nextAction, nextForPeople } from "../inbox/report.ts";
import type { StatusRow } from "./status-row.ts";

/** Whose move it is. */
export interface Move {
  /**
   * `target`: what is watched (checks, a build) has to get on. `p9`: p9 does something. `you`: the next action is yours. `others`: the
   * reason names who. `nobody`: nothing is left to do.
   */
  readonly who: "target" | "p9" | "you" | "others" | "nobody";
  /** A few words: what they have to do, or do. */
  readonly what: string;
}

/** Whose move it is in a wait, and what is to be done next. `missing`: what has still to happen. */
export function moveOf(
  wait: Wait,
  row: StatusRow,
  missing: readonly string[],
): { readonly move: Move; readonly next: string | null } {
  const next = oneLine(nextAction(wait), 400);
  const move = (who: Move["who"], what: string) => ({ move: { who, what }, next });
  if (row.needs !== null) return move("you", `needs ${oneLine(row.needs, 200)}`);
  if (row.queued !== null) return move("p9", "queued for a slot");
  if (isUnbound(wait)) return move("target", "has still to appear");
  if (wait.state === "HEALING") return move("p9", "repairs it");
  if (wait.state === "WATCHING") {
    if (row.unwatched !== null) return move("p9", row.unwatched);
    if (typeof wait.extra.stuck_since === "string") return move("you", "nothing moves any more");
    return move("target", missing.length > 0 ? `${counted(missing.length, "part")} to go` : "runs");
  }
  const forPeople = nextForPeople({ next_action: next });
  if (forPeople !== null) return { move: { who: "you", what: oneLine(forPeople, 200) }, next: forPeople };
  if (wait.state === "GREEN") return { move: { who: "nobody", what: "done" }, next: null };
  return { move: { who: "others", what: "the reason says who" }, next: null };
}
