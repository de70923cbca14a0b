import type { Act } from "./activity.ts";
import type { Reviewer } from "./describe/reviewer.ts";
import { isHollowText } from "./hollow-text.ts";
import { isBy } from "./judge.ts";

/** A check or status that passed, and whose text says that its work was not done. Text from outside. */
export interface HollowCheck {
  readonly name: string;
  readonly text: string;
}

const PASSED = ["success", "neutral", "skipped"];

/** Checks and statuses that passed and did nothing, but for those of known reviewers, whose own signals say more. */
export function hollowChecks(acts: readonly Act[], known: readonly Reviewer[]): readonly HollowCheck[] {
  const others = acts.filter((act) => act.in === "status" || act.in === "check");
  return others
    .filter(({ is, text }) => PASSED.includes(is) && isHollowText(text))
    .filter((act) => !known.some((reviewer) => isBy(reviewer, act)))
    .map(({ name, text }) => ({ name, text }));
}
