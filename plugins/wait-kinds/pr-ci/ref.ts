import { parseRepo, RefError } from "../../../src/plugin.ts";

/** What a reference names: a pull request by number, or whatever pull request a branch has. */
export type PullRequestRef =
  | { readonly number: number; readonly repo: string | null }
  | { readonly branch: string; readonly repo: null };

/** Numbers are GraphQL's `Int`. */
const MAX_NUMBER = 2 ** 31 - 1;

/**
 * Reads `42`, `#42`, `owner/name#42`, a pull request's URL on any host, or a branch.
 *
 * @throws {RefError} when the text can be none of them.
 */
export function parseRef(text: string): PullRequestRef {
  const ref = text.trim();
  const url = /^https?:\/\/[^/]+\/(.+)\/pull\/(\d+)(?:[/?#].*)?$/.exec(ref);
  const named = /^(?:([^\s#]+\/[^\s#]+)#|#)?(\d+)$/.exec(ref);
  const [, owner, digits] = url ?? named ?? [];
  if (digits) {
    const number = Number(digits);
    const repo = owner ? parseRepo(owner) : null;
    if (number >= 1 && number <= MAX_NUMBER && (!owner || repo)) return { number, repo };
  } else if (isBranchName(ref)) return { branch: ref, repo: null };
  throw new RefError(`Cannot watch ${JSON.stringify(text)}: wanted the number or URL of a pull request, or a branch`);
}

/** git's own rules for the name of a branch (`git check-ref-format`), as far as a typed word can break them. */
function isBranchName(name: string): boolean {
  return !/^$|[\s~^:?*[\\\u0000-\u001f\u007f]|\.\.|@\{|\/\/|^[/.-]|[/.]$|\.lock$/.test(name);
}
