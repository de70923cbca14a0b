import { PAGE_FIELDS, pageArguments, readConnection } from "../../github/answer/connection.ts";
import type { PieceAnswer } from "../../github/answer/problem.ts";
import { demandsCodeOwner } from "../../github/branch-rules.ts";
import type { GitHub } from "../../github/client.ts";
import type { OtherRules, PullRequest } from "../../github/pull-request.ts";
import { at, isTrueAt, numberAt, textAt } from "../../github/read.ts";
import type { MergeFacts } from "../facts.ts";
import { isGoodState } from "../merge-state.ts";
import { codeOwners } from "./code-owners.ts";

/** Where the file may be; the first that is there counts. Source: docs.github.com, "About code owners", "CODEOWNERS file location". */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
/** A file must be under 3 MB. Source: the same page, "CODEOWNERS file size". */
const MAX_BYTES = 3_000_000;

/**
 * Reads the code owners of a pull request's files of whom none has approved it. One request, and more for pages of files; none unless a
 * required review is missing and the rules demand a code owner's. Null: there was nothing to read, or it could not be read to its end.
 *
 * @throws {GitHubError} when GitHub cannot be read now.
 */
export async function readCodeOwners(
  github: GitHub,
  repo: string,
  pull: PullRequest,
  rules: OtherRules,
  { opinions, author }: Pick<MergeFacts, "opinions" | "author">,
): Promise<MergeFacts["owners"]> {
  const isMissing = pull.state === "OPEN" && pull.reviewDecision === "REVIEW_REQUIRED" && !isGoodState(pull.mergeState);
  if (!isMissing || opinions === null || !demandsCodeOwner(rules)) return null;
  const files = (after: string | null = null, size?: number) =>
    `pullRequest(number: ${pull.number}) { files(${pageArguments(after, size)}) { ${PAGE_FIELDS} nodes { path } } }`;
  const first = await github.repository(
    repo,
    `${PLACES.map((place) => blobOf(pull.base, place)).join(" ")} ${files()}`,
  );
  const text = textOf(first);
  if (text === null) return null;
  const next = (after: string | null, size: number) => github.repository(repo, files(after, size));
  const { nodes, hole } = await readConnection(first, { path: ["pullRequest", "files"], next });
  if (hole) return null;
  const groups = codeOwners(
    text,
    nodes.flatMap((node) => textAt(node, "path") ?? []),
  );
  const approved = opinions.filter(({ state }) => state === "APPROVED").map((one) => `@${one.author}`.toLowerCase());
  const open = groups?.filter((owners) => !owners.some((owner) => approved.includes(owner.toLowerCase())));
  // A team that the author is of, or that has approved by a member, cannot be told from another.
  return open ? namesOf(open, `@${author}`.toLowerCase()) : null;
}

function blobOf(base: string, place: string): string {
  const expression = JSON.stringify(`refs/heads/${base}:${place}`);
  return `${aliasOf(place)}: object(expression: ${expression}) { ... on Blob { text isTruncated byteSize } }`;
}

function aliasOf(place: string): string {
  return `owners${PLACES.indexOf(place)}`;
}

/** The text of the file that counts; null when there is none, or it is too large for GitHub, or it cannot be read whole. */
function textOf({ data, problems }: PieceAnswer): string | null {
  if (problems.some(({ path }) => !path.length || String(path[0]).startsWith("owners"))) return null;
  const file = PLACES.map((place) => at(data, aliasOf(place))).find((blob) => numberAt(blob, "byteSize") !== null);
  if (file === undefined || (numberAt(file, "byteSize") ?? 0) >= MAX_BYTES || isTrueAt(file, "isTruncated"))
    return null;
  return textAt(file, "text");
}

/** Each owner once; the author only where nobody else owns a file. */
function namesOf(groups: readonly (readonly string[])[], author: string): readonly string[] {
  const others = groups.flatMap((owners) => {
    const rest = owners.filter((owner) => owner.toLowerCase() !== author);
    return rest.length > 0 ? rest : owners;
  });
  return [...new Map(others.map((owner) => [owner.toLowerCase(), owner])).values()];
}
