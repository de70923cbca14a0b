import { hasPassed, isEjection, isMerge } from "../../../../src/github.ts";
import { oneLine } from "../../../../src/plugin.ts";
import type { View } from "../view.ts";
import { checkNames } from "../words.ts";
import { evidenceOf, type Verdict } from "./answer.ts";

/** A pull request leaves the merge queue some seconds before it shows as merged. */
const LEAVING_S = 15;
const LEAVING_MS = 60_000;

/** The verdict on a pull request in the merge queue, where the merge group's checks decide and not the head's; else null. */
export function queued({ pull, expected }: View): Verdict | null {
  if (!pull.queue) return null;
  if (pull.queue.state === "UNMERGEABLE") {
    return {
      status: "blocked",
      reason: `The merge queue cannot merge #${pull.number}: who works on the branch must look`,
    };
  }
  const position = pull.queue.position === null ? "" : ` at position ${pull.queue.position}`;
  const { deciding, missing } = expected;
  const passed = deciding.length > 0 && missing.length === 0 && deciding.every(({ state }) => hasPassed(state));
  const before = passed ? "The checks passed; " : "";
  return { status: "running", reason: `${before}#${pull.number} is in the merge queue${position}` };
}

/** The verdict after the merge queue removed the pull request, unless a person did it or it is being merged. */
export function leftQueue({ pull, removal, memory, now }: View): Verdict | null {
  if (removal && isEjection(removal)) {
    const failed = removal.failed.length > 0 ? `: ${checkNames(removal.failed)} failed on its merge group` : "";
    return {
      status: "ejected",
      reason: `The merge queue took #${pull.number} out (${word(removal.reason)})${failed}; who works on it must look and queue it again`,
      evidence: removal.failed.map(evidenceOf),
      settle: { confirmS: LEAVING_S },
    };
  }
  const leaving = memory.leftQueueAt !== undefined && now - memory.leftQueueAt < LEAVING_MS;
  const said = removal !== null && !isMerge(removal.reason);
  return leaving && !said ? { status: "running", reason: `#${pull.number} has left the merge queue` } : null;
}

/** Words for a removal from the merge queue by a person; empty when there was none. */
export function takenOutByHand({ removal }: View): string {
  if (removal === null || isMerge(removal.reason) || isEjection(removal)) return "";
  return "; it was in the merge queue, and a person took it out";
}

/** `failed_checks` as `failed checks`. */
function word(reason: string): string {
  return oneLine(reason, 60).toLowerCase().replaceAll("_", " ") || "without a reason";
}
