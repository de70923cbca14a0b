import { oneLine } from "../base/text.ts";
import { isPullRequest, type OfWait, traitsOf } from "./traits.ts";
import type { Wait } from "./wait.ts";

/** What a wait is called by: of a wait, of a row of the log, or of a line about one. */
export type Named = OfWait & Pick<Wait, "ref" | "repo"> & { readonly pr?: number | null };

/** What people call a wait, on one line: `PR #42 (o/r)`, `build npm test`. */
export function waitName(wait: Named, max = 160): string {
  // A number means nothing without its repository; other references stand for themselves.
  return `${shortWaitName(wait, max)}${isPullRequest(wait) ? inRepo(wait) : ""}`;
}

/** The same without its repository, for where room is scarce: `PR #42`. */
export function shortWaitName(wait: Named, max = 80): string {
  return `${nounOf(wait)} ${numberOf(wait) ?? oneLine(wait.ref, max)}`;
}

/** The same in a sentence for a model: `quote` shows a reference, which is text from outside. */
export function quotedWaitName(wait: Named, quote: (ref: string) => string): string {
  const number = numberOf(wait);
  if (number !== null) return `${nounOf(wait)} ${number}${inRepo(wait)}`;
  const unbound = isPullRequest(wait) ? traitsOf(wait).unbound : undefined;
  return `${unbound ?? nounOf(wait)} ${quote(wait.ref)}${inRepo(wait)}`;
}

function nounOf(wait: OfWait): string {
  return traitsOf(wait).noun ?? oneLine(wait.kind, 30);
}

/** The number of a pull request says more than the reference, and it is no text from outside. */
function numberOf(wait: Named): string | null {
  const { pr = null } = wait;
  return pr === null || !isPullRequest(wait) ? null : `#${pr}`;
}

function inRepo({ repo }: Named): string {
  return repo ? ` (${repo})` : "";
}
