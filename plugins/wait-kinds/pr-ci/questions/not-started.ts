import { decidingOf, type View } from "../view.ts";
import { checkNames } from "../words.ts";
import { evidenceOf, type Verdict } from "./answer.ts";

/** Why GitHub starts no workflow for the commit, and who can change that; null when no reason is known. */
export function whyNotStarted({ noRuns, sha, pull }: View): string | null {
  const head = sha.slice(0, 7);
  if (noRuns?.is === "skipped") {
    return `The message of ${head} says "${noRuns.words}", so GitHub starts no workflow for it: who works on #${pull.number} must push a commit without that`;
  }
  if (noRuns?.is !== "disabled") return null;
  return `No workflow starts for ${head}: ${noRuns.what} is disabled in the repository, and an admin must enable it`;
}

/** The verdict when GitHub never started the failed jobs for want of a payment; else null. */
export function unpaid(view: View): Verdict | null {
  if (view.unpaid === null) return null;
  const failed = decidingOf(view).filter((check) => check.state === "failed");
  return {
    status: "not_started",
    reason: `GitHub did not start ${checkNames(failed)}: ${view.unpaid}; the owner of the account must look at its billing, and nothing in the code`,
    evidence: failed.map(evidenceOf),
  };
}

/** The verdict on a draft whose jobs were all skipped (GitHub counts that as passed); else null. */
export function skippedDraft(view: View): Verdict | null {
  const { pull, expected } = view;
  const { deciding, missing } = expected;
  if (!pull.draft || deciding.length === 0 || missing.length > 0) return null;
  if (!deciding.every(({ state }) => state === "skipped")) return null;
  return {
    status: "not_started",
    reason: `#${pull.number} is a draft and every job was skipped (${checkNames(deciding)}): who works on it must mark it ready for review`,
  };
}
