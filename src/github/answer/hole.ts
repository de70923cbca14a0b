import { oneLine } from "../../base/text.ts";
import { GitHubError } from "../errors.ts";
import type { FieldProblem } from "./problem.ts";
import { causeOf, refused } from "./refusal.ts";

/** A part of an answer that is missing, and what GitHub said of it. Not the same as a part that is empty. */
export interface Hole {
  readonly why: string;
  /** GitHub's own entry in `errors`, when there is one. */
  readonly problem: FieldProblem | null;
}

/** A hole without a word of GitHub's. */
export function hole(why: string): Hole {
  return { why, problem: null };
}

/** The hole that one of GitHub's messages tells of. */
export function holeOf(problem: FieldProblem): Hole {
  return { why: oneLine(problem.message, 160), problem };
}

/** Whether GitHub withholds it from this login: asking again brings nothing. */
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

/** The observation error that a hole is: `what` names the whole, `needs` what grants it. */
export function holeError(found: Hole, what: string, needs?: string): GitHubError {
  if (found.problem && isWithheld(found))
    return refused({ message: found.problem.message, status: 200 }, { what, needs });
  return new GitHubError("partial", `GitHub showed only a part of ${what}: ${found.why}`);
}
