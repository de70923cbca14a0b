import type { PrWorld, RunSpec } from "../world.ts";
import { type HeadState, headAt } from "./counting.ts";
import { demandsOf, meets } from "./demands.ts";
import { reviewHoleAt } from "./holes.ts";
import { headIndex, stateAt, valueAt } from "./pull.ts";
import type { Report } from "./reports.ts";
import { rulesAt } from "./rules.ts";
import type { Span } from "./runs.ts";
import type { Verdict } from "./words.ts";

/**
 * Whether it may be merged, by the contract's sentence and GitHub's rules: open, no draft, no conflict, everything required passed, nothing of
 * the base's rules unmet, no change requested by somebody who may push, no open thread.
 */
export function readyAt(
  world: PrWorld,
  seen: HeadState,
  t: number,
  spans: Map<RunSpec, Span>,
  verdict: Verdict,
): { ready: boolean | null; why: string } {
  const no = (why: string) => ({ ready: false, why });
  if (!world.pull.exists || t < world.pull.appears) return no("there is none");
  if (stateAt(world, t) !== "open") return no("it is not open");
  if (verdict.word === "unreadable" || reviewHoleAt(world, t)) return no("not all could be read");
  if (valueAt(world.pull.draft, t, false)) return no("it is a draft");
  if (valueAt(world.pull.mergeable, t, "MERGEABLE") !== "MERGEABLE") return no("it conflicts, or that is not known");
  const opinions = opinionsAt(world, t);
  if (opinions.some(({ state }) => state === "CHANGES_REQUESTED")) return no("changes are requested");
  const wanted = Math.max(0, ...world.rules.map((rule) => rule.approvals));
  if (opinions.filter(({ state }) => state === "APPROVED").length < wanted) return no("approvals are missing");
  if (world.pull.threads.some(([opened, resolved]) => t >= opened && (resolved === null || t < resolved)))
    return no("a thread is open");
  if (rulesAt(world, spans, headIndex(world, t, true), t).some(({ state }) => state !== "met"))
    return no("a rule is unmet");
  if (verdict.word === "ejected") {
    // The event names no head: without any report nothing tells whether it is about this one.
    return seen.all.length === 0 ? { ready: null, why: "of an ejection" } : no("the merge queue threw it out");
  }
  const checks = nothingAt(world, seen, spans, t) ?? checksReady(world, seen);
  // A young head may still get the checks that an earlier one had; how long they are waited for is p9's.
  if (checks.ready && demandsOf(world).length === 0 && isYoung(world, spans, t)) {
    return { ready: null, why: "checks of an earlier head are not there yet" };
  }
  // To GitHub a skip is a success; whoever counts the failure that it replaced is as right.
  if (checks.ready && seen.skippedOver) return { ready: null, why: "a skip replaced a failure" };
  // Without Actions nothing is seen to be replaced.
  if (checks.ready && world.trouble.refused.includes("actions") && !seen.all.every(good)) {
    return { ready: null, why: "what is replaced cannot be read" };
  }
  // In the queue it is merged by GitHub, after it was thrown out it may be queued again: the contract's sentence says nothing of either.
  return checks.ready && world.pull.queue && t >= world.pull.queue.enqueued
    ? { ready: null, why: "of the queue" }
    : checks;
}

/** A head on which nothing reported may be merged where there is no CI: no workflow starts, and no earlier head had a report. Null: something did. */
function nothingAt(world: PrWorld, seen: HeadState, spans: Map<RunSpec, Span>, t: number) {
  if (seen.all.length > 0 || world.rules.some(({ required, workflows }) => required.length + workflows.length > 0))
    return null;
  const before = headIndex(world, t, true) - 1;
  const earlier = before >= 0 && headAt(world, spans, before, t).all.length > 0;
  return world.workflows || earlier
    ? { ready: false, why: "nothing reports on it, and something may" }
    : { ready: true, why: "there is no CI" };
}

/** Seconds for which a check of an earlier head may be waited for, from the first report on. */
const YOUNG_S = 200;

function isYoung(world: PrWorld, spans: Map<RunSpec, Span>, t: number): boolean {
  const head = headIndex(world, t, true);
  const at = (second: number) => headAt(world, spans, head, second).all;
  const names = new Set(at(t).map(({ name }) => name));
  const absent = world.heads
    .slice(0, head)
    .some((_, earlier) => headAt(world, spans, earlier, t).all.some(({ name }) => name !== null && !names.has(name)));
  return absent && !at(t - YOUNG_S).some(({ state }) => state !== "queued" && state !== "waiting");
}

/** Of everybody who may push the latest opinion. Source: GraphQL, `latestOpinionatedReviews(writersOnly:)`. */
function opinionsAt(world: PrWorld, t: number) {
  const latest = new Map<string, PrWorld["pull"]["reviews"][number]>();
  for (const review of world.pull.reviews) {
    if (t >= review.at && review.state !== "COMMENTED") latest.set(review.author, review);
  }
  return [...latest.values()].filter(({ canWrite }) => canWrite);
}

const good = ({ state }: Report) => state === "passed" || state === "skipped";

function checksReady(world: PrWorld, seen: HeadState): { ready: boolean | null; why: string } {
  const demands = demandsOf(world);
  const unmet = (reports: readonly Report[]) =>
    demands.some((demand) => {
      const mine = reports.filter((report) => meets(report, demand));
      return mine.length === 0 || !mine.every(good);
    });
  const strict = unmet(seen.counting);
  // GitHub itself takes the newest report of a name, also while an older run goes on; which one that is of two of one second is open.
  const newest = [newestOf(seen.all, 1), newestOf(seen.all, -1)];
  if (newest.some((reports) => unmet(reports) !== strict))
    return { ready: null, why: "an older run goes on, or names meet" };
  if (strict) return { ready: false, why: "a required check has not passed" };
  const clean = seen.counting.every(good) && !seen.alive;
  // GitHub goes on showing as cancelled what the run that took over does not have: UNSTABLE for GitHub, nothing for who knows the group.
  if (demands.length === 0 && clean && seen.leftBehind)
    return { ready: null, why: "a cancelled check was left behind" };
  const unstable = demands.length === 0 && newest.some((reports) => !reports.every(good));
  if (clean && unstable) return { ready: null, why: "unstable by its newest reports" };
  if (demands.length > 0 || clean) return { ready: true, why: "all that is required passed" };
  // UNSTABLE with nothing required is not ready. That an older run's check is replaced may make it CLEAN.
  return newest.some((reports) => reports.every(good))
    ? { ready: null, why: "clean by its newest reports" }
    : { ready: false, why: "unstable, and nothing is required" };
}

/** Of each name the newest report. `ties`: 1 or -1, which one is taken of two runs of one second. */
function newestOf(reports: readonly Report[], ties: 1 | -1): Report[] {
  const isLater = (other: Report, one: Report) => {
    const seconds = (other.run?.created ?? 0) - (one.run?.created ?? 0);
    if (seconds !== 0 || other.run === one.run) return seconds > 0;
    return (reports.indexOf(other) - reports.indexOf(one)) * ties > 0;
  };
  const isSame = (one: Report, other: Report) =>
    other.kind === one.kind && other.app === one.app && other.name === one.name;
  return reports.filter(
    (one) => one.name !== null && !reports.some((other) => isSame(one, other) && isLater(other, one)),
  );
}
