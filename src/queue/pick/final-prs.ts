import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { isFinal, type State } from "../../core/states.ts";
import { replaceFile } from "../../store/files.ts";
import type { View } from "../../store/fold.ts";
import { endOf, linesAfter, type Place } from "../../store/follow/lines.ts";
import { isUnreadable } from "../../store/follow/unreadable.ts";
import { parseEvent } from "../../store/parse.ts";
import type { Paths } from "../../store/paths.ts";
import type { Store } from "../../store/store.ts";

/** Endings of a watch that say nothing about the pull request itself: it may well be watched again. */
const WATCH_ONLY = new Set(["superseded", "killed", "unknown", "timed_out"]);

/** `owner/name#42`, case-folded; null for a pull request whose repository is unknown: it matches nothing. */
export function prTag(repo: string | null, pr: number | null): string | null {
  return repo === null || pr === null ? null : `${repo.toLowerCase()}#${pr}`;
}

/** The place up to which the log was read, and the results. */
interface Noted extends Place {
  /** By tag: whether the pull request is final. */
  readonly prs: Readonly<Record<string, boolean | undefined>>;
}

/**
 * Decides which pull requests that items are tagged with are final. Keeps the results beside the queue with their place in
 * `state.jsonl`, so that the next call reads only new rows: the cost depends neither on the length of the history nor on the
 * number of items.
 */
export function finalPrs(tags: ReadonlySet<string>, store: Store): ReadonlySet<string> {
  if (tags.size === 0) return new Set();
  const { paths } = store;
  const noted = load(paths);
  const prs: Record<string, boolean | undefined> = {};
  for (const tag of tags) if (noted.prs[tag] !== undefined) prs[tag] = noted.prs[tag];
  const seen = seenIn(store.read());
  for (const tag of tags) prs[tag] ??= seen.get(tag);
  // Search the whole log once, only for a tag that the fold does not have.
  const unknown = [...tags].filter((tag) => prs[tag] === undefined);
  for (const tag of unknown) prs[tag] = finalInLog(tag, store);
  const lines = linesAfter(paths.state, noted);
  for (const { text } of lines) learn(prs, tags, text);
  const { place } = lines;
  if (place.offset !== noted.offset || Object.keys(prs).some((tag) => prs[tag] !== noted.prs[tag]))
    save(paths, { ...place, prs });
  return new Set(Object.keys(prs).filter((tag) => prs[tag]));
}

/** Whether the last row of a pull request that says so makes it final. */
function finalInLog(tag: string, store: Store): boolean {
  const pr = Number(tag.slice(tag.lastIndexOf("#") + 1));
  for (const event of store.eventsBackwards({ pr })) {
    if (event.type !== "transition" || prTag(event.repo, event.pr) !== tag) continue;
    const final = isFinalPr(event.to_state, event.extra.outcome);
    if (final !== null) return final;
  }
  return false;
}

/** The finality of pull requests in the fold, in which newer waits come later. */
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

/** Reads one line. Lines about other pull requests are not parsed. */
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
    const file: unknown = JSON.parse(readSmallFile(paths.queuePrs, 32 * 1024 * 1024));
    if (isNoted(file) && file.inode === log.inode && file.offset <= log.offset) return file;
  } catch {
    // Missing or torn: start over from the log.
  }
  // Rows before this place are read from the fold, which is read later.
  return { ...log, prs: {} };
}

function isNoted(file: unknown): file is Noted {
  return isObject(file) && typeof file.inode === "number" && typeof file.offset === "number" && isObject(file.prs);
}

function save(paths: Paths, noted: Noted): void {
  try {
    replaceFile(paths.queuePrs, JSON.stringify(noted), { sync: false });
  } catch {
    // A full or read-only disk costs time on the next call only.
  }
}
