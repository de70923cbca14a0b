import { type ExpectedReviewer, isFindingId } from "../../../src/github.ts";
import type { Evidence, LookItem } from "../../../src/plugin.ts";
import { oneLine, quote } from "../../../src/plugin.ts";
import type { OpenThread, Said } from "./conversation.ts";

/** Characters that are quoted of what somebody wrote. */
const MAX_QUOTED = 240;

/** `3 review threads are open (coderabbitai 2, ann)`, and the findings in checks apart: `2 findings are in a check (cursor 2)`. */
export function openThreads(open: readonly OpenThread[]): string {
  const findings = open.filter(({ id }) => isFindingId(id));
  const threads = open.filter(({ id }) => !isFindingId(id));
  const parts = [
    threads.length > 0 ? counted(threads, "review thread", "open") : null,
    findings.length > 0 ? counted(findings, "finding", "in a check") : null,
  ];
  return parts.filter((part) => part !== null).join("; ");
}

/** The same of threads that are no work. */
export function openOutside(open: readonly OpenThread[]): string {
  return `${openThreads(open)}, which nobody of the repository began`;
}

function counted(threads: readonly OpenThread[], what: string, where: string): string {
  const by = new Map<string, number>();
  for (const { author } of threads) by.set(author, (by.get(author) ?? 0) + 1);
  const names = [...by].map(([author, count]) => `${oneLine(author, 40)}${count > 1 ? ` ${count}` : ""}`);
  const { length } = threads;
  return `${length === 1 ? `1 ${what} is` : `${length} ${what}s are`} ${where} (${list(names)})`;
}

/** Joins names; of more than three the rest is counted. */
export function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** A thread as evidence: its place, and the begin of what it says as a quotation. */
export function threadEvidence({ author, path, line, text, url, trusted, replied, id }: OpenThread): Evidence {
  const who = `${oneLine(author, 40)}${trusted ? "" : " (not of this repository)"}`;
  const mark = replied ? " (answered, not resolved)" : "";
  return {
    file: oneLine(path, 200),
    ...(line === null ? {} : { line }),
    text: `${who}${mark} says ${quote(text, MAX_QUOTED)} [${oneLine(id, 60)}]`,
    url,
  };
}

/** A comment or a change request as evidence. */
export function saidEvidence({ author, text, url }: Said, verb: string): Evidence {
  return { text: `${oneLine(author, 40)} ${verb} ${quote(text, MAX_QUOTED)}`, url };
}

const STATES = { running: "running", silent: "queued", done: "succeeded", refused: "blocked" } as const;
const DETAILS = { running: "reviews", silent: "has not begun", done: "is done", refused: "did not review it" } as const;

/** A reviewer as an item of the wait. */
export function itemOf({ reviewer, state, act }: ExpectedReviewer): LookItem {
  return {
    name: oneLine(reviewer.title, 80),
    state: STATES[state],
    detail: DETAILS[state],
    ...(act?.url ? { url: act.url } : {}),
  };
}
