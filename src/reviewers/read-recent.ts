import { holeOf, isWithheld } from "../github/answer/hole.ts";
import type { GitHub } from "../github/client.ts";
import { listAt, numberAt } from "../github/read.ts";
import type { Act } from "./activity.ts";
import { CHECKS, COMMENT, checkAct, commentAct, REVIEW, reviewActs } from "./read-activity.ts";

/** Number of pull requests that are looked at. */
const LAST = 10;

/** Bots are early: what they write stands among the first comments. */
const PULL = `number reviews(last: 20) { nodes { ${REVIEW} } } comments(first: 10) { nodes { ${COMMENT} } }
  commits(last: 1) { nodes { commit { statusCheckRollup { contexts(first: 50) { nodes { ${CHECKS} } } } } } }`;

/**
 * Reads what was done on the last ten pull requests into a base, this one left out. One request. It is a hint: what GitHub withholds from
 * this login is not there. `partial`: a part is missing for another reason, and may be there the next time.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readRecent(
  github: GitHub,
  repo: string,
  { base, number }: { readonly base: string; readonly number: number },
): Promise<{ readonly acts: readonly Act[]; readonly partial: boolean }> {
  const order = "orderBy: { field: CREATED_AT, direction: DESC }";
  const { data, problems } = await github.repository(
    repo,
    `pullRequests(first: ${LAST + 1}, baseRefName: ${JSON.stringify(base)}, ${order}) { nodes { ${PULL} } }`,
  );
  const others = listAt(data, "pullRequests", "nodes").filter((pull) => numberAt(pull, "number") !== number);
  const partial = problems.some((problem) => !isWithheld(holeOf(problem)));
  return { acts: others.slice(0, LAST).flatMap(actsOf), partial };
}

function actsOf(pull: unknown): Act[] {
  const contexts = listAt(pull, "commits", "nodes").flatMap((node) =>
    listAt(node, "commit", "statusCheckRollup", "contexts", "nodes"),
  );
  return [
    ...listAt(pull, "reviews", "nodes").flatMap(reviewActs),
    ...listAt(pull, "comments", "nodes").map(commentAct),
    ...contexts.map((node) => checkAct(node, "")),
  ];
}
