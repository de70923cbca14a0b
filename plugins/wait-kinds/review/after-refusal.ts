import type { ReviewStanding } from "../../../src/github.ts";
import type { Reviewer } from "../../../src/provider.ts";
import { reviewers } from "../../reviewers/registry.ts";

/** What is to be done about a review that was refused. Contains no text from outside: how a reviewer of the policy is asked again, `p9 why` says. */
export async function afterRefusal({ reviewers: all }: ReviewStanding, target: string): Promise<string> {
  const [refused] = all.filter(({ state }) => state === "refused");
  return refused
    ? await askAgain(refused.reviewer, target)
    : `p9 why ${target}: a check passed without doing its work, and that says what to do`;
}

async function askAgain(reviewer: Reviewer, target: string): Promise<string> {
  const { ask, title } = reviewer;
  const again = `which did not review it; then p9 watch review ${target}`;
  const builtIn = await Promise.all(Object.values(reviewers).map((load): Promise<Reviewer> => load()));
  // The words of any other come from the policy or a plugin.
  if (builtIn.includes(reviewer)) {
    if (ask.request) return `Request the review of ${title} again, ${again}`;
    if (ask.comment && /^[\w@/ -]+$/.test(ask.comment)) {
      return `gh pr comment ${target} --body '${ask.comment}' asks ${title} again, ${again}`;
    }
  }
  return `p9 why ${target}: a reviewer did not review it, and that says how to ask again`;
}
