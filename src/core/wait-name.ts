import { oneLine } from "../base/text.ts";
import type { Wait } from "./wait.ts";

/** What a wait is called by: of a wait, of a row of the log, or of a line about one. */
export type Named = Pick<Wait, "kind" | "ref" | "repo"> & { readonly pr?: number | null };

/** The words that a kind is called by. */
interface KindLabel {
  /** Stands before the reference: `PR #42`, `build npm test`. */
  readonly noun: string;
  /** The kind is about one pull request, whose number says more than the reference: what stands before a reference without one. */
  readonly unbound?: string;
}

/** The label of a kind: its own name, unless people call it something else. */
function labelOf(kind: string): KindLabel {
  return kind === "pr-ci" ? { noun: "PR", unbound: "the pull request of branch" } : { noun: oneLine(kind, 30) };
}

/** What people call a wait, on one line: `PR #42 (o/r)`, `build npm test`. */
export function waitName(wait: Named, max = 160): string {
  // A number means nothing without its repository; other references stand for themselves.
  return `${shortWaitName(wait, max)}${labelOf(wait.kind).unbound === undefined ? "" : inRepo(wait)}`;
}

/** The same without its repository, for where room is scarce: `PR #42`. */
export function shortWaitName(wait: Named, max = 80): string {
  return `${labelOf(wait.kind).noun} ${numberOf(wait) ?? oneLine(wait.ref, max)}`;
}

/** The same in a sentence for a model: `quote` shows a reference, which is text from outside. */
export function quotedWaitName(wait: Named, quote: (ref: string) => string): string {
  const { noun, unbound = noun } = labelOf(wait.kind);
  const number = numberOf(wait);
  return `${number === null ? `${unbound} ${quote(wait.ref)}` : `${noun} ${number}`}${inRepo(wait)}`;
}

function numberOf({ kind, pr = null }: Named): string | null {
  return pr === null || labelOf(kind).unbound === undefined ? null : `#${pr}`;
}

function inRepo({ repo }: Named): string {
  return repo ? ` (${repo})` : "";
}
