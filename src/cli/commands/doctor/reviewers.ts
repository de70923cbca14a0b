import { oneLine } from "../../../base/text.ts";
import type { ExpectedReviewer } from "../../../reviewers/expected.ts";
import type { Context } from "../../program/context.ts";
import type { PrTarget } from "../../program/pr-target.ts";
import { type Finding, warned, well } from "./check.ts";

/** How a reviewer stands to the head of a pull request: an entry of `reviewers` in the document. Texts are from outside. */
export interface ReviewerRow {
  readonly name: string;
  readonly title: string;
  /** `silent`: it has said nothing about the head. */
  readonly state: ExpectedReviewer["state"];
  /** Why it is expected: the policy names it, it reports here, or it did on the last pull requests of the base. */
  readonly expected: ExpectedReviewer["why"];
  readonly pr: number;
  readonly repo: string;
  readonly head: string;
  /** Sha of the earlier head that it reviewed last, as far as it named one. */
  readonly earlier: string | null;
  readonly said: string | null;
  readonly url: string | null;
}

/** The table of reviewers of a pull request; empty where nobody is expected. @throws when GitHub cannot be read. */
export async function reviewerRows(target: PrTarget, context: Context): Promise<readonly ReviewerRow[]> {
  const [{ readPullRequest }, { readReviewStanding }, { reviewersHere }] = await Promise.all([
    import("../../../github/read-pull-request.ts"),
    import("../../../reviewers/standing.ts"),
    import("../merge/reviewers-here.ts"),
  ]);
  const { repo, pr } = target;
  const github = await context.github();
  const { head, base } = await readPullRequest(github, repo, { number: pr });
  const question = { ...(await reviewersHere(context)), repo, number: pr, head, headAt: null, base };
  const { reviewers } = await readReviewStanding(github, question);
  return reviewers.map(({ reviewer, state, why, act, earlier }) => ({
    name: reviewer.name,
    title: reviewer.title,
    state,
    expected: why,
    ...target,
    head,
    earlier,
    said: act?.text ? oneLine(act.text, 200) : null,
    url: act?.url ?? null,
  }));
}

/** The rows for people. */
export function reviewerFindings(rows: readonly ReviewerRow[]): readonly Finding[] {
  return rows.map((row) => {
    const detail = `${row.title} ${WORDS[row.state]} ${row.head.slice(0, 7)} of #${row.pr}`;
    const isFine = row.state === "done" || row.state === "running";
    return isFine ? well("reviewer", detail) : warned("reviewer", detail, `p9 why ${row.pr} says more`);
  });
}

const WORDS: Readonly<Record<ReviewerRow["state"], string>> = {
  done: "has reviewed",
  running: "is reviewing",
  refused: "did not review",
  silent: "has not reviewed",
};
