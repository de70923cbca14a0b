import { oneLine } from "../../base/text.ts";
import { GitHubError } from "../errors.ts";
import type { FieldProblem } from "./problem.ts";
import { causeOf, refused } from "./refusal.ts";

/** A missing part of an answer, with GitHub's message about it. A missing part is not an empty one. */
export interface Hole {
  readonly why: string;
  /** GitHub's own entry in `errors`, when there is one. */
  readonly problem: FieldProblem | null;
}

/** Makes a hole without a message of GitHub's. */
export function hole(why: string): Hole {
  return { why, problem: null };
}

/** Makes a hole from a message of GitHub's. */
export function holeOf(problem: FieldProblem): Hole {
  return { why: oneLine(problem.message, 160), problem };
}

/** Whether GitHub withholds the part from this login, so that asking again is useless. */
export function isWithheld({ problem }: Hole): boolean {
  if (!problem) return false;
  const { type, message } = problem;
  return (
    type === "FORBIDDEN" ||
    type === "INSUFFICIENT_SCOPES" ||
    causeOf({ message })?.needs !== undefined ||
    /not accessible by|must have .*(?:access|scope|permission)/i.test(message)
  );
}

/** Makes an observation error from a hole. `what` names the whole, `needs` the right that grants it. */
export function holeError(found: Hole, what: string, needs?: string): GitHubError {
  if (found.problem && isWithheld(found))
    return refused({ message: found.problem.message, status: 200 }, { what, needs });
  return new GitHubError("partial", `GitHub showed only a part of ${what}: ${found.why}`);
}
