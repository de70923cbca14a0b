import { parseTimestamp } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import { oneLine, quote } from "../base/text.ts";
import { isPullRequest } from "../core/traits.ts";
import type { Wait } from "../core/wait.ts";
import type { MergeFacts, OptionalRed } from "./facts.ts";
import { isEjection, isMerge } from "./queue-removal.ts";
import type { Watched } from "./standing.ts";
import type { MergeVerdict } from "./verdict.ts";

/**
 * Words the verdict in lines: each unmet condition and who must act, then the queue, auto-merge, optional checks and p9's waits for the
 * pull request, each with its kind.
 */
export function explain(
  facts: MergeFacts,
  verdict: MergeVerdict,
  waits: readonly (Watched & Pick<Wait, "kind">)[],
  now: number,
): string[] {
  const title = oneLine(facts.title, 80) && quote(facts.title, 80);
  const name = `PR #${facts.pr} (${facts.repo})${title && ` ${title}`}`;
  return [
    `${name} is ${verdict.ready ? "ready to merge" : "not ready to merge"} at ${facts.head.slice(0, 7)}`,
    ...(verdict.ready
      ? [`  ${verdict.reason}`]
      : verdict.unmet.flatMap(({ detail, who }) => [`  - ${withoutMove(detail, who)}`, `      ${who}`])),
    ...asides(facts).map((line) => `  ${line}`),
    ...watchedLines(facts, verdict, waits, now).map((line) => `  ${line}`),
  ];
}

/** A detail without the move at its end, which stands in the line below it. */
function withoutMove(detail: string, who: string): string {
  const move = `: ${who.replace(/^you: /, "")}`;
  return detail.endsWith(move) ? detail.slice(0, -move.length) : detail;
}

function asides({ state, queue, removal, autoMergeBy, optionalRed, rules, base }: MergeFacts): string[] {
  if (state !== "OPEN") return [];
  const byHand = removal !== null && !isEjection(removal) && !isMerge(removal.reason);
  return [
    ...(byHand ? ["It was in the merge queue, and was taken out by hand"] : []),
    ...(rules.queue && !queue ? [`Merges into ${oneLine(base, 60)} go through a merge queue`] : []),
    ...(queue
      ? [`It is in the merge queue at position ${queue.position} (${oneLine(queue.state, 30).toLowerCase()})`]
      : []),
    ...(autoMergeBy
      ? [`GitHub merges it by itself when all is met (auto-merge, turned on by ${oneLine(autoMergeBy, 40)})`]
      : []),
    ...(optionalRed.length > 0
      ? [
          `Not in the way: ${names(optionalRed)} ${became(optionalRed)} and ${optionalRed.length === 1 ? "is" : "are"} not required`,
        ]
      : []),
  ];
}

function became(checks: readonly OptionalRed[]): string {
  if (checks.every(({ state }) => state === "failed")) return "failed";
  if (!checks.every(({ state }) => state === "cancelled")) return "did not pass";
  return checks.length === 1 ? "was cancelled" : "were cancelled";
}

function names(list: readonly OptionalRed[]): string {
  const shown = list.slice(0, 5).map(({ name }) => quote(name));
  return list.length > 5 ? `${shown.join(", ")} and ${list.length - 5} more` : shown.join(", ");
}

function watchedLines(
  facts: MergeFacts,
  verdict: MergeVerdict,
  waits: readonly (Watched & Pick<Wait, "kind">)[],
  now: number,
): string[] {
  const command = `p9 watch ${facts.pr} --repo ${facts.repo}`;
  const lines = waits.flatMap((wait) => waitLines(facts, wait, now));
  const checks = waits.find(isPullRequest);
  if (checks === undefined) return [...(facts.state === "OPEN" ? [`p9 does not watch it: ${command}`] : []), ...lines];
  const isRedHere = isRed(checks.state) && (checks.sha === null || checks.sha === facts.head);
  return [
    ...lines,
    ...(isRedHere && verdict.ready ? [remedy(checks.extra.outcome, command)] : []),
    ...(verdict.ready ? nextLines(facts, checks, command) : []),
  ];
}

/** The next command about a ready pull request; nothing where the lines before say it. */
function nextLines({ pr, repo, head }: MergeFacts, { state, sha }: Watched, command: string): string[] {
  if (sha !== null && sha !== head) return [`next: ${command}, because only a watched head is marked`];
  if (state === "GREEN") return [`next: p9 merge-ready ${pr} --repo ${repo}`];
  if (state === "MERGE_READY") return [`next: gh pr merge ${pr} --repo ${repo}, if you may`];
  return state === "WATCHING" ? [`next: ${command}`] : [];
}

function waitLines(facts: MergeFacts, { kind, state, sha, ts, extra }: Watched & Pick<Wait, "kind">, now: number) {
  const has = `p9 (${oneLine(kind, 30)}) has it as ${state}`;
  if (sha !== null && sha !== facts.head) return [`${has} at ${sha.slice(0, 7)}, which is no longer the head`];
  const line = `${has} for ${formatDuration(Math.max(0, (now - parseTimestamp(ts)) / 1000))}`;
  if (!isRed(state)) return [line];
  const outcome = extra.outcome ? ` (${extra.outcome})` : "";
  return [`${line}${outcome}${extra.reason ? `: ${oneLine(extra.reason, 300)}` : ""}`];
}

/** What has to happen before a ready pull request can be marked, although p9's watch of it ended red. */
function remedy(outcome: string | undefined, command: string): string {
  const policy = outcome === "no_checks" ? "set ci_watch.no_checks: green in the policy, then " : "";
  return `p9 merge-ready only marks what p9 has as GREEN: ${policy}${command}`;
}

function isRed(state: Watched["state"]): boolean {
  return state === "RED_CLASSIFIED" || state === "RED_UNCLASSIFIED" || state === "ESCALATED";
}
