import { readFileSync } from "node:fs";
import { isObject } from "../../base/json.ts";
import { isFinal, type State } from "../../core/states.ts";
import { replaceFile } from "../../store/files.ts";
import type { View } from "../../store/fold.ts";
import { endOf, linesAfter, type Place, START } from "../../store/follow/lines.ts";
import { isUnreadable } from "../../store/follow/unreadable.ts";
import { parseEvent } from "../../store/parse.ts";
import type { Paths } from "../../store/paths.ts";

/** Endings of a watch that say nothing about the pull request itself: it may well be watched again. */
const WATCH_ONLY = new Set(["superseded", "killed", "unknown", "timed_out"]);

/** `owner/name#42`, case-folded; null for a pull request whose repository is unknown: it matches nothing. */
export function prTag(repo: string | null, pr: number | null): string | null {
  return repo === null || pr === null ? null : `${repo.toLowerCase()}#${pr}`;
}

/** The log that was read, up to where, and what was learnt. */
interface Noted extends Place {
  /** By tag: whether the pull request is final. */
  readonly prs: Readonly<Record<string, boolean | undefined>>;
}

/**
 * Which pull requests that items are tagged with are final. What was learnt is noted beside the queue with the place in
 * `state.jsonl` up to which it holds, so that the next question reads only what is new there: the cost depends neither on the
 * length of the history nor on the number of items.
 *
 * @param read gives the fold of the log; a tag that is new and open there needs no search.
 */
export function finalPrs(tags: ReadonlySet<string>, paths: Paths, read: () => View): ReadonlySet<string> {
  if (tags.size === 0) return new Set();
  const noted = load(paths);
  const prs: Record<string, boolean | undefined> = {};
  for (const tag of tags) if (noted.prs[tag] !== undefined) prs[tag] = noted.prs[tag];
  const seen = seenIn(read());
  for (const tag of tags) prs[tag] ??= seen.get(tag);
  // Only a tag of which the fold knows nothing asks for a search from the start, once.
  const searched = [...tags].every((tag) => prs[tag] !== undefined);
  const { lines, place } = linesAfter(paths.state, searched ? noted : START);
  for (const { text } of lines) learn(prs, tags, text);
  for (const tag of tags) prs[tag] ??= false;
  if (place.offset !== noted.offset || Object.keys(prs).some((tag) => prs[tag] !== noted.prs[tag]))
    save(paths, { ...place, prs });
  return new Set(Object.keys(prs).filter((tag) => prs[tag]));
}

/** What the fold says of pull requests: newer waits come later in it. */
function seenIn(view: View): ReadonlyMap<string, boolean> {
  const seen = new Map<string, boolean>();
  for (const wait of view.waits.values()) {
    const tag = prTag(wait.repo, wait.pr);
    const final = isFinalPr(wait.state, wait.extra.outcome);
    if (tag && final !== null) seen.set(tag, final);
  }
  return seen;
}

/** Whether a state of a wait makes its pull request final; null when it says nothing about that. */
function isFinalPr(state: State, outcome: string | undefined): boolean | null {
  if (state === "ABANDONED" && WATCH_ONLY.has(outcome ?? "")) return null;
  return isFinal(state);
}

const PR = /"pr": ?(\d+)[,}]/;

/** Takes one line in. Most lines are about other pull requests: they are not parsed. */
function learn(prs: Record<string, boolean | undefined>, tags: ReadonlySet<string>, line: string): void {
  const number = PR.exec(line)?.[1];
  if (number === undefined) return;
  const event = parseEvent(line);
  if (isUnreadable(event) || event.type !== "transition") return;
  const tag = prTag(event.repo, event.pr);
  if (tag === null || !tags.has(tag)) return;
  prs[tag] = isFinalPr(event.to_state, event.extra.outcome) ?? prs[tag];
}

function load(paths: Paths): Noted {
  const log = endOf(paths.state);
  try {
    const file: unknown = JSON.parse(readFileSync(paths.queuePrs, "utf8"));
    if (isNoted(file) && file.inode === log.inode && file.offset <= log.offset) return file;
  } catch {
    // Not there yet, or not whole: the log tells everything.
  }
  // What lies before this place is asked of the fold, which is read after this.
  return { ...log, prs: {} };
}

function isNoted(file: unknown): file is Noted {
  return isObject(file) && typeof file.inode === "number" && typeof file.offset === "number" && isObject(file.prs);
}

function save(paths: Paths, noted: Noted): void {
  try {
    replaceFile(paths.queuePrs, JSON.stringify(noted), { sync: false });
  } catch {
    // A full or read-only disk costs time on the next question, nothing else.
  }
}
