import type { View } from "../view.ts";
import type { Verdict } from "./answer.ts";
import { whyNotStarted } from "./not-started.ts";
import { leftQueue } from "./queue.ts";

/** GitHub starts its workflows within this time after a push. */
const START_MS = 15_000;

/** The verdict when there is no check, none is known to come, and no rule has failed; else null. */
export function nothing(view: View): Verdict | null {
  const { checks, expected, options, noRuns, pull, since, begun } = view;
  const known =
    expected.missing.length > 0 || expected.deciding.some(({ kind, state }) => kind !== "rule" || state === "failed");
  if (checks.length > 0 || known || leftQueue(view)) return null;
  const outcome = options.noChecks === "green" ? "succeeded" : options.noChecks === "ignore" ? "ignore" : "no_checks";
  const refused = whyNotStarted(view);
  const settle = { notBefore: begun + START_MS };
  if (refused && outcome !== "ignore") {
    return { status: outcome === "no_checks" ? "not_started" : outcome, reason: refused, settle };
  }
  const reason = `No check reported on ${view.sha.slice(0, 7)}: ${whyNothing(view)}`;
  if (noRuns?.is === "filtered" && outcome !== "ignore") return { status: outcome, reason, settle };
  const name = noRuns?.is === "none" ? "appear" : "appear_with_workflows";
  return {
    status: "waiting",
    reason: pull.draft ? "No checks yet (it is a draft)" : "No checks yet",
    grace: { name, outcome, reason, since },
  };
}

function whyNothing({ noRuns, pull }: View): string {
  if (noRuns?.is === "none") return "the commit has no workflow";
  if (noRuns?.is === "filtered") {
    return `no workflow starts for what #${pull.number} changes, by their filters of paths or branches`;
  }
  return `no workflow started${pull.draft ? " (it is a draft)" : ""}`;
}
