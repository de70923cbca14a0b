import type { GitHub } from "../github/client.ts";
import { at, listAt, numberAt, textAt } from "../github/read.ts";
import type { Act } from "./activity.ts";
import { loginOf } from "./read-activity.ts";

/** Who did something on a pull request, without what. */
export type RecentAct = Pick<Act, "in" | "by" | "name">;

/** Number of pull requests that are looked at. */
const LAST = 10;

const BY = "nodes { author { __typename login } }";
const PULL = `number reviews(last: 20) { ${BY} } comments(first: 20) { ${BY} }
  commits(last: 1) { nodes { commit { statusCheckRollup { contexts(first: 50) { nodes { __typename
    ... on CheckRun { name checkSuite { app { slug } } } ... on StatusContext { context } } } } } } }`;

/**
 * Reads who did something on the last ten pull requests into a base, this one left out. One request. It is a hint: what cannot be read is
 * not there.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readRecent(
  github: GitHub,
  repo: string,
  { base, number }: { readonly base: string; readonly number: number },
): Promise<readonly RecentAct[]> {
  const order = "orderBy: { field: CREATED_AT, direction: DESC }";
  const { data } = await github.repository(
    repo,
    `pullRequests(first: ${LAST + 1}, baseRefName: ${JSON.stringify(base)}, ${order}) { nodes { ${PULL} } }`,
  );
  const others = listAt(data, "pullRequests", "nodes").filter((pull) => numberAt(pull, "number") !== number);
  return others.slice(0, LAST).flatMap(actsOf);
}

function actsOf(pull: unknown): RecentAct[] {
  const by = (place: "review" | "comment", field: string) =>
    listAt(pull, field, "nodes").map((node) => ({ in: place, by: loginOf(at(node, "author")), name: "" }));
  const contexts = listAt(pull, "commits", "nodes").flatMap((node) =>
    listAt(node, "commit", "statusCheckRollup", "contexts", "nodes"),
  );
  return [...by("review", "reviews"), ...by("comment", "comments"), ...contexts.map(ofContext)];
}

function ofContext(node: unknown): RecentAct {
  const name = textAt(node, "context");
  if (name !== null) return { in: "status", by: null, name };
  return { in: "check", by: textAt(node, "checkSuite", "app", "slug"), name: textAt(node, "name") ?? "" };
}
