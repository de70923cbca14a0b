import { oneLine } from "../../base/text.ts";
import type { MergeFacts, RequiredCheck, RequiredState } from "../facts.ts";
import { isGoodState } from "../merge-state.ts";
import { list, name, quoted, type Unmet, unmet, word } from "./unmet.ts";

const CONDITION = "required_checks";

/** What is said of a check, workflow run or rule in each state, and whose move it is. */
export const CHECK_STATES: Readonly<Record<Exclude<RequiredState, "passed">, readonly [text: string, who: string]>> = {
  failed: ["failed", "the author: p9 heal, or push a fix"],
  cancelled: ["was cancelled", "the author: run it again"],
  pending: ["is not finished", "CI: wait"],
  missing: ["never reported on this commit", "whoever runs it: start it, or an admin: drop the requirement"],
  blocked: ["waits for an approval", "a maintainer: approve the run"],
  unknown: ["reports a state that p9 does not know", "you: look at it"],
};

/** Lists the checks that stand in the way: required ones, and those that nothing says may be ignored. */
export function checkConditions(facts: MergeFacts): Unmet[] {
  const { required, unrequired, mergeState } = facts;
  if (required === null) return [unmet(CONDITION, "The checks could not be read", "you: see p9 doctor")];
  const free = required.length === 0;
  const found = [
    ...unrequired.flatMap((check) => unrequiredCheck(check, free)),
    ...required.flatMap((check) => requiredCheck(check, isGoodState(mergeState))),
  ];
  return found.length === 0 && free && mergeState === "UNSTABLE" ? [unstable(facts)] : found;
}

function requiredCheck(check: RequiredCheck, isMergeable: boolean): Unmet[] {
  if (check.state === "missing" && isMergeable) {
    const detail = `Required check "${name(check.name)}" never reported on this commit, although GitHub says that it can be merged`;
    return [unmet(CONDITION, detail, "an admin: compare the rule's name and app with the check's")];
  }
  return stands(check, "Required check");
}

/** The condition for a check that no rule names. `free`: nothing at all is known to be required. */
function unrequiredCheck(check: RequiredCheck, free: boolean): Unmet[] {
  const [found] = stands(check, check.workflow ? "Workflow" : "Check");
  if (!found) return [];
  if (!free || (check.state !== "failed" && check.state !== "cancelled")) return [found];
  return [
    {
      ...found,
      detail: `${found.detail}, and no check is known to be required: nothing says that it may be ignored`,
      who: `${found.who}; or an admin: require the checks that count`,
    },
  ];
}

/** The condition for a check by its state, with the person who was asked to approve it; empty when it passed. */
function stands({ name: check, state, detail, approvers = [] }: RequiredCheck, what: string): Unmet[] {
  if (state === "passed") return [];
  const [text, who] = CHECK_STATES[state];
  const why = detail && state !== "cancelled" ? ` (${said(detail)})` : "";
  const asked = state === "blocked" && approvers.length > 0 ? `${list(approvers.map(name))}: approve it` : who;
  return [unmet(CONDITION, `${what} "${name(check)}" ${text}${why}`, asked)];
}

/** The condition when GitHub counts a check as not passed and p9 finds none that did not. */
function unstable({ shadowed }: MergeFacts): Unmet {
  if (shadowed.length > 0) {
    const detail = `GitHub still counts an older run of ${quoted(shadowed)}, which a newer one replaced`;
    return unmet(CONDITION, detail, "the author: re-run the older run, or push again");
  }
  return unmet(
    CONDITION,
    "GitHub says that a check did not pass, and none is known to be required: nothing says that it may be ignored",
    "you: look at the checks, or an admin: require those that count",
  );
}

/** Makes plain words of a constant of GitHub's; keeps a sentence as it is. */
function said(text: string): string {
  return /^[A-Z_]+$/.test(text) ? word(text) : oneLine(text, 160);
}
