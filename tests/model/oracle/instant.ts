import type { PrWorld, RunSpec } from "../world.ts";
import { type HeadState, headAt } from "./counting.ts";
import { demandsOf, meets } from "./demands.ts";
import { headIndex, queueAt, stateAt, valueAt } from "./pull.ts";
import type { Report } from "./reports.ts";
import { isOfRequiredWorkflow, type RuleState, rulesAt } from "./rules.ts";
import type { Span } from "./runs.ts";
import { says, type Verdict, type Word } from "./words.ts";

/** What becomes a verdict only when it lasts. */
export interface Lasting {
  readonly word: "missing" | "queued" | "empty";
  readonly why: string;
  readonly also: readonly Word[];
}

/** What is so at one instant, before any grace. */
export type Raw = Verdict | Lasting;

/** Skip instructions. Source: docs.github.com, "Skip workflow runs". */
const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|\n\n\nskip-checks: ?true\s*$/;

/** The verdict of an instant. */
export function rawAt(world: PrWorld, spans: Map<RunSpec, Span>, t: number): Raw {
  if (!world.pull.exists) return says("no_pr", "nobody opened a pull request of this branch");
  if (t < world.pull.appears) return says("running", "GitHub does not show it yet");
  const state = stateAt(world, t);
  if (state !== "open") return says(state, `it was ${state}`);
  const head = headIndex(world, t, true);
  const queue = queueAt(world, t);
  if (queue === "ejected") return says("ejected", "the merge queue threw it out: the checks of its group failed");
  const seen = headAt(world, spans, head, t);
  const rules = rulesAt(world, spans, head, t);
  const judged = judge(world, seen, rules, head);
  if (queue === "unmergeable") return says("blocked", "its entry in the merge queue is UNMERGEABLE");
  if (queue === "queued") return says("running", "it is in the merge queue: the merge is the end");
  // "Workflows will not run on pull_request activity if the pull request has a merge conflict." (Events that trigger workflows)
  if (valueAt(world.pull.mergeable, t, "MERGEABLE") === "CONFLICTING") {
    const red: Word[] = ["failed", "cancelled", "not_started"];
    return says(
      "blocked",
      "it conflicts with its base",
      red.filter((word) => word === judged.word),
    );
  }
  return judged;
}

/** What decides of a head: what is required when anything is, else everything. */
function judge(world: PrWorld, seen: HeadState, rules: readonly RuleState[], head: number): Raw {
  const demands = demandsOf(world);
  const known = demands.length > 0 || rules.length > 0;
  const mine = known
    ? seen.counting.filter(
        (report) => demands.some((demand) => meets(report, demand)) || isOfRequiredWorkflow(world, report),
      )
    : seen.counting;
  const red = redOf(mine, rules);
  if (red) return red;
  const missing = [
    ...demands.filter((demand) => !seen.counting.some((report) => meets(report, demand))).map(({ context }) => context),
    ...rules.filter((rule) => rule.state === "missing").map(({ what }) => what),
  ];
  const skipped = SKIP.test(world.heads[head]?.message ?? "") || !world.actionsEnabled;
  const pending = mine.filter(({ state }) => ["queued", "running", "waiting"].includes(state));
  // The run of a first-time contributor stands in the way of whatever it would report.
  const approval = seen.counting.find(({ state, name }) => state === "approval" && name === null);
  if (approval && (missing.length > 0 || !known)) {
    return says("blocked", "a maintainer must approve the run", pending.length > 0 ? ["running"] : []);
  }
  // A workflow that could not start may be the one that what is missing would come from.
  const broken = seen.counting.some(({ state, name }) => state === "failed" && name === null);
  const perhaps: Word[] = broken && missing.length > 0 ? ["failed"] : [];
  if (seen.leftBehind && missing.length > 0) perhaps.push("cancelled");
  if (pending.length > 0) return or(waiting(pending, seen, missing), perhaps);
  if (missing.length > 0) {
    if (seen.alive || seen.counting.some(({ state }) => ["queued", "running", "waiting"].includes(state))) {
      return says("running", `${missing[0]} may still come`, perhaps);
    }
    return skipped
      ? says("not_started", `no run was started: ${missing[0]} will never come`, [
          "missing_required",
          "no_checks",
          "running",
        ])
      : { word: "missing", why: `${missing[0]} never reported`, also: seen.all.length === 0 ? ["no_checks"] : perhaps };
  }
  if (demands.length === 0 && seen.all.length === 0) {
    return skipped
      ? says("not_started", "no run was started", ["no_checks"])
      : { word: "empty", why: "nothing reports on it", also: [] };
  }
  if (!known && seen.alive) return says("running", "a run goes on that may bring more jobs");
  const draft = allSkipped(mine) && world.pull.draft.some(([, is]) => is);
  const also: Word[] = draft ? ["not_started", "blocked"] : [];
  return says("green", "all that decides has passed", seen.leftBehind ? [...also, "cancelled"] : also);
}

function or<T extends Raw>(raw: T, more: readonly Word[]): T {
  return { ...raw, also: [...raw.also, ...more] };
}

function allSkipped(reports: readonly Report[]): boolean {
  return reports.length > 0 && reports.every(({ state }) => state === "skipped");
}

/** The worst that decides, if anything is bad; other bad things beside it are as true. */
function redOf(mine: readonly Report[], rules: readonly RuleState[]): Verdict | null {
  const found: [Word, string][] = [];
  const add = (word: Word, list: readonly { name?: string | null; what?: string }[]) => {
    const [first] = list;
    if (first) found.push([word, first.name ?? first.what ?? "a run"]);
  };
  add(
    "failed",
    mine.filter(({ state }) => state === "failed"),
  );
  add(
    "failed",
    rules.filter(({ state }) => state === "failed"),
  );
  add(
    "not_started",
    mine.filter(({ state }) => state === "refused"),
  );
  add(
    "cancelled",
    mine.filter(({ state }) => state === "cancelled"),
  );
  add(
    "blocked",
    mine.filter(({ state, waits }) => state === "approval" || waits === "reviewers"),
  );
  add(
    "blocked",
    rules.filter(({ state }) => state === "approval"),
  );
  const [worst, ...rest] = found;
  if (!worst) return null;
  const also = new Set(rest.map(([word]) => word));
  // Alerts of code scanning are a matter for whoever reads them: red or blocked.
  if (rules.some(({ what, state }) => state === "failed" && what.startsWith("results"))) also.add("blocked");
  // Who waits for a person may also wait for what else is going on first.
  if (worst[0] === "blocked" && mine.some(({ state }) => state === "running" || state === "queued"))
    also.add("running");
  return says(
    worst[0],
    `${worst[1]} is ${worst[0]}`,
    [...also].filter((word) => word !== worst[0]),
  );
}

function waiting(pending: readonly Report[], seen: HeadState, missing: readonly string[]): Raw {
  const queued = pending.every(({ state }) => state === "queued");
  const others = seen.counting.some(({ state }) => state === "running" || state === "waiting");
  if (!queued || others) return says("running", `${pending[0]?.name ?? "a run"} goes on`);
  // "All queued and nothing starts": where something of the head has run, whether the rest is short of runners is open.
  const some = seen.all.some(({ state }) => state !== "queued");
  return {
    word: "queued",
    why: `${pending[0]?.name ?? "a run"} is queued`,
    also: some || missing.length > 0 ? ["running"] : [],
  };
}
