import { oneLine } from "../base/text.ts";
import { isPullRequest, type OfWait, traitsOf } from "./traits.ts";
import type { Wait } from "./wait.ts";

/** The fields that a wait's name is made of, from a wait, a row of the log, or a line about one. */
export type Named = OfWait & Pick<Wait, "ref" | "repo"> & { readonly pr?: number | null };

/** The name of a wait for people, on one line: `PR #42 (o/r)`, `build npm test`. */
export function waitName(wait: Named, max = 160): string {
  // A pull request's number needs its repository; other references do not.
  return `${shortWaitName(wait, max)}${isPullRequest(wait) || numberOf(wait) !== null ? inRepo(wait) : ""}`;
}

/** The name without its repository, for narrow output: `PR #42`. */
export function shortWaitName(wait: Named, max = 80): string {
  return `${nounOf(wait)} ${numberOf(wait) ?? oneLine(wait.ref, max)}`;
}

/** The name in a sentence for a model; `quote` shows a reference, which is text from outside. */
export function quotedWaitName(wait: Named, quote: (ref: string) => string): string {
  const number = numberOf(wait);
  if (number !== null) return `${nounOf(wait)} ${number}${inRepo(wait)}`;
  const { unbound } = traitsOf(wait);
  return `${unbound ?? nounOf(wait)} ${quote(wait.ref)}${inRepo(wait)}`;
}

/** Whether a wait is about a pull request: it is the one of it, or is named by its number, as that of its reviews is. */
export function isOfPullRequest(wait: Named): boolean {
  return numberOf(wait) !== null;
}

function nounOf(wait: OfWait): string {
  return traitsOf(wait).noun ?? oneLine(wait.kind, 30);
}

/** The number of a pull request that a wait is, or is named by: clearer than the reference, and no text from outside. */
function numberOf(wait: Named): string | null {
  const { pr = null, ref } = wait;
  return pr !== null && (isPullRequest(wait) || ref === `#${pr}`) ? `#${pr}` : null;
}

function inRepo({ repo }: Named): string {
  return repo ? ` (${repo})` : "";
}
