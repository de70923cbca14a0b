import { parseRepo, RefError } from "../../../src/plugin.ts";

/** A parsed reference: a pull request by number, or the pull request of a branch (of an owner's fork). */
export type PullRequestRef =
  | { readonly number: number; readonly repo: string | null }
  | { readonly branch: string; readonly owner: string | null; readonly repo: null };

/** Largest `Int` of GraphQL. */
const MAX_NUMBER = 2 ** 31 - 1;

/**
 * Reads `42`, `#42`, `[host/]owner/name#42`, a pull request's URL on any host, a branch, or `owner:branch` as gh writes a fork's.
 *
 * @throws {RefError} when the text can be none of them.
 */
export function parseRef(text: string): PullRequestRef {
  const ref = text.trim();
  const url = /^(https?:\/\/[^/]+\/.+)\/pull\/(\d+)(?:[/?#].*)?$/i.exec(ref);
  const named = /^(?:([^\s#]+\/[^\s#]+)#|#)?(\d+)$/.exec(ref);
  const [, place, digits] = url ?? named ?? [];
  const [, owner = null, branch = ref] = /^([A-Za-z0-9][\w-]*):([^/:][^:]*)$/.exec(ref) ?? [];
  if (digits) {
    const number = Number(digits);
    const repo = place ? parseRepo(place) : null;
    if (number >= 1 && number <= MAX_NUMBER && (!place || repo)) return { number, repo };
  } else if (isBranchName(branch)) return { branch, owner, repo: null };
  throw new RefError(`Cannot watch ${JSON.stringify(text)}: wanted the number or URL of a pull request, or a branch`);
}

/** Whether a typed word is a valid branch name by git's rules (`git check-ref-format`). */
function isBranchName(name: string): boolean {
  return !/^$|[\s~^:?*[\\\u0000-\u001f\u007f]|\.\.|@\{|\/\/|^[/.-]|[/.]$|\.lock$/.test(name);
}
