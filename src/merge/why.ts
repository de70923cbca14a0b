import { parseTimestamp } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import { oneLine } from "../base/text.ts";
import type { Wait } from "../core/wait.ts";
import type { MergeFacts } from "./facts.ts";
import type { MergeVerdict } from "./verdict.ts";

/** p9's wait for the pull request, or null. */
export type Watched = Pick<Wait, "state" | "sha" | "ts"> | null;

/** Words the verdict in lines: each unmet condition and who must act, then the queue, auto-merge, optional checks and p9's wait. */
export function explain(facts: MergeFacts, verdict: MergeVerdict, watched: Watched, now: number): string[] {
  const title = oneLine(facts.title, 80);
  const name = `PR #${facts.pr} (${facts.repo})${title ? ` "${title}"` : ""}`;
  return [
    `${name} is ${verdict.ready ? "ready to merge" : "not ready to merge"} at ${facts.head.slice(0, 7)}`,
    ...(verdict.ready
      ? [`  ${verdict.reason}`]
      : verdict.unmet.flatMap(({ detail, who }) => [`  - ${detail}`, `      ${who}`])),
    ...asides(facts).map((line) => `  ${line}`),
    `  ${watchedLine(facts, watched, now)}`,
  ];
}

function asides({ queue, autoMergeBy, optionalRed, rules, base }: MergeFacts): string[] {
  return [
    ...(rules.queue && !queue ? [`Merges into ${oneLine(base, 60)} go through a merge queue`] : []),
    ...(queue
      ? [`It is in the merge queue at position ${queue.position} (${oneLine(queue.state, 30).toLowerCase()})`]
      : []),
    ...(autoMergeBy
      ? [`GitHub merges it by itself when all is met (auto-merge, turned on by ${oneLine(autoMergeBy, 40)})`]
      : []),
    ...(optionalRed.length > 0
      ? [`Not in the way: ${names(optionalRed)} failed and ${optionalRed.length === 1 ? "is" : "are"} not required`]
      : []),
  ];
}

function names(list: readonly string[]): string {
  const shown = list.slice(0, 5).map((name) => `"${oneLine(name, 60)}"`);
  return list.length > 5 ? `${shown.join(", ")} and ${list.length - 5} more` : shown.join(", ");
}

function watchedLine(facts: MergeFacts, watched: Watched, now: number): string {
  if (!watched) return `p9 does not watch it: p9 watch ${facts.pr} --repo ${facts.repo}`;
  if (watched.sha !== null && watched.sha !== facts.head) {
    return `p9 has it as ${watched.state} at ${watched.sha.slice(0, 7)}, which is no longer the head`;
  }
  return `p9 has it as ${watched.state} for ${formatDuration(Math.max(0, (now - parseTimestamp(watched.ts)) / 1000))}`;
}
