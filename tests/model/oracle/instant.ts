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

const RED: readonly string[] = ["failed", "cancelled", "not_started", "blocked"];

/** The verdict of an instant. */
export function rawAt(world: PrWorld, spans: Map<RunSpec, Span>, t: number): Raw {
  if (!world.pull.exists) return says("no_pr", "nobody opened a pull request of this branch");
  if (t < world.pull.appears) return says("running", "GitHub does not show it yet");
  const state = stateAt(world, t);
  if (state !== "open") return says(state, `it was ${state}`);
  const head = headIndex(world, t, true);
  const queue = queueAt(world, t);
  const seen = headAt(world, spans, head, t);
  const rules = rulesAt(world, spans, head, t);
  const judged = judgeOrLess(world, seen, rules, head);
  if (queue === "ejected") {
    // What is red on its own head is as true; nothing shows that a head without any report is the one thrown out.
    const red = [judged.word, ...judged.also].filter((word): word is Word => RED.includes(word));
    if (seen.all.length === 0) red.push("running", "no_checks");
    return says("ejected", "the merge queue threw it out: the checks of its group failed", red);
  }
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

/** What a head is judged by. */
interface Matter {
  /** What decides: what is required when anything is, else everything. */
  readonly mine: readonly Report[];
  /** Whether a check is required by its own name, and not as a job of a required workflow. */
  readonly named: (report: Report) => boolean;
  /** What is required and not there. */
  readonly missing: readonly string[];
  /** Whether anything is required, and whether checks are. */
  readonly known: boolean;
  readonly demanded: boolean;
  /** Whether no run is started for this head at all. */
  readonly skips: boolean;
  /** Whether it is a draft whose jobs were all skipped. */
  readonly draft: boolean;
  /** What may be said as well while something is missing. */
  readonly perhaps: readonly Word[];
}

function matterOf(world: PrWorld, seen: HeadState, rules: readonly RuleState[], head: number): Matter {
  const demands = demandsOf(world);
  const known = demands.length > 0 || rules.length > 0;
  const named = (report: Report) => isDemanded(world, report);
  const decides = (report: Report) => named(report) || isOfRequiredWorkflow(world, report, seen);
  const mine = known ? seen.counting.filter(decides) : seen.counting;
  const unmet = demands.filter((demand) => !seen.counting.some((report) => meets(report, demand)));
  const missing = [
    ...unmet.map(({ context }) => context),
    ...rules.filter((rule) => rule.state === "missing").map(({ what }) => what),
  ];
  const perhaps: Word[] = [];
  // A workflow that could not start may be the one that what is missing would come from.
  if (seen.counting.some(({ state, name }) => state === "failed" && name === null)) perhaps.push("failed");
  if (seen.leftBehind) perhaps.push("cancelled");
  const skips = SKIP.test(world.heads[head]?.message ?? "") || !world.actionsEnabled;
  const draft = allSkipped(mine) && world.pull.draft.some(([, is]) => is);
  return {
    named,
    mine,
    missing,
    known,
    demanded: unmet.length > 0,
    skips,
    draft,
    perhaps: missing.length > 0 ? perhaps : [],
  };
}

/**
 * The verdict, and what is as right for whoever may not read something. Green is never as right.
 *
 * - Without the rules, where no report is a required one, nothing shows that a check may be ignored: all of them decide.
 * - Without Actions, which workflow and run a check belongs to is not shown: nothing is replaced.
 */
function judgeOrLess(world: PrWorld, seen: HeadState, rules: readonly RuleState[], head: number): Raw {
  const { refused } = world.trouble;
  const whole = judge(world, seen, rules, matterOf(world, seen, rules, head));
  const shown = refused.includes("actions") ? { ...seen, counting: seen.all } : seen;
  const matter = matterOf(world, shown, rules, head);
  const blind = refused.includes("rules") && !matter.mine.some(matter.named);
  // A hidden rule that is unmet shows only by the merge that GitHub blocks: "missing", whatever it is.
  if (
    refused.includes("rules") &&
    !blind &&
    RED.includes(whole.word) &&
    redOf(matter.mine.filter(matter.named), []) === null
  )
    return or(whole, ["missing_required", "running"]);
  if (!blind && shown === seen) return whole;
  const nothingKnown = { mine: shown.counting, missing: [], known: false, demanded: false, perhaps: [] };
  const less = blind ? judge(world, shown, [], { ...matter, ...nothingKnown }) : judge(world, shown, rules, matter);
  return or(whole, wordsOf(less));
}

/** All that may be said of it but green, before its grace and after it. */
function wordsOf({ word, also }: Raw): Word[] {
  const own: Record<Lasting["word"], Word[]> = {
    missing: ["running"],
    queued: ["running", "no_runner"],
    empty: ["running"],
  };
  const words = word === "missing" || word === "queued" || word === "empty" ? own[word] : [word];
  return [...words, ...also].filter((one) => one !== "green");
}

function workflowOf(run: RunSpec | null): string {
  return `workflow ${run?.workflow}`;
}

function isDemanded(world: PrWorld, report: Report): boolean {
  return demandsOf(world).some((demand) => meets(report, demand));
}

function judge(world: PrWorld, seen: HeadState, rules: readonly RuleState[], matter: Matter): Raw {
  const { mine, missing, known, perhaps } = matter;
  // A workflow that could not start is as true beside whatever else is red.
  const broken: Word[] = seen.counting.some(({ state, name }) => state === "failed" && name === null) ? ["failed"] : [];
  const worst = redOf(mine, rules);
  const red = worst && or(worst, broken);
  // Alerts of code scanning are no failed job: whoever waits for the rest first says nothing wrong.
  if (red && mine.some(goesOn) && !redOf(mine, [])) {
    // What is queued may still find no runner.
    const queued: Word[] = mine.filter(goesOn).every(({ state }) => state === "queued") ? ["no_runner"] : [];
    return says("running", red.why, [red.word, ...red.also, ...queued]);
  }
  // "continue-on-error" keeps a failed job from failing its run (Workflow syntax): the run of a required workflow tells when it ends.
  const sure = mine.filter(
    ({ run }) => !rules.some(({ what, state }) => state === "pending" && what === workflowOf(run)),
  );
  if (red && !redOf([...sure, ...mine.filter(matter.named)], rules)) return or(red, ["running"]);
  // What never reported is as true as a rule that failed.
  if (red) {
    // Whoever counts a failure that a skip replaced tells that.
    const skipped: Word[] = seen.skippedOver ? ["failed"] : [];
    return or(red, matter.demanded && !mine.some(isRed) ? [...skipped, "missing_required", "running"] : skipped);
  }
  const pending = mine.filter(goesOn);
  // The run of a first-time contributor stands in the way of whatever it would report.
  const approval = seen.counting.some(({ state, name }) => state === "approval" && name === null);
  if (approval && (missing.length > 0 || !known)) {
    // A run that goes on may bring what is missing: whoever waits for that first says nothing wrong.
    const going = pending.length > 0 || (missing.length > 0 && seen.counting.some(goesOn));
    return says("blocked", "a maintainer must approve the run", going ? ["running", ...perhaps] : perhaps);
  }
  // Whoever counts a failure that a skip replaced tells it at once.
  if (pending.length > 0)
    return or(waiting(pending, seen, missing), seen.skippedOver ? [...perhaps, "failed"] : perhaps);
  if (missing.length > 0) return unreported(matter, seen);
  if (seen.all.length === 0 && demandsOf(world).length === 0) {
    return matter.skips
      ? says("not_started", "no run was started", ["no_checks"])
      : { word: "empty", why: "nothing reports on it", also: [] };
  }
  if (!known && seen.alive) return says("running", "a run goes on that may bring more jobs");
  const also: Word[] = matter.draft ? ["not_started", "blocked"] : [];
  if (seen.leftBehind) also.push("cancelled");
  if (seen.skippedOver) also.push("failed");
  return says("green", "all that decides has passed", also);
}

/** Something required is not there, and nothing that decides goes on. */
function unreported({ missing, skips, draft, perhaps }: Matter, seen: HeadState): Raw {
  const [first] = missing;
  const going = seen.counting.filter(goesOn);
  if (seen.held && going.length > 0 && going.every(({ waits }) => waits === "reviewers")) {
    // Whether what is missing comes when the person has decided is not written anywhere: "Reviewing deployments" tells only of the job itself.
    return {
      word: "missing",
      why: `${first} never reported, and a person is waited for`,
      also: ["running", ...perhaps],
    };
  }
  if (seen.all.length > 0 && seen.all.every(({ state }) => state === "queued")) {
    // "All queued and nothing starts" holds for the runs that would bring what is missing, from their creation on.
    return { word: "queued", why: `nothing has started that may bring ${first}`, also: ["running", ...perhaps] };
  }
  if (seen.alive || going.length > 0) {
    return says("running", `${first} may still come`, draft ? [...perhaps, "not_started"] : perhaps);
  }
  if (skips) {
    const also: Word[] = ["missing_required", "no_checks", "running"];
    return says("not_started", `no run was started: ${first} will never come`, also);
  }
  const also: Word[] = seen.all.length === 0 ? ["no_checks"] : draft ? [...perhaps, "not_started"] : [...perhaps];
  // Whoever counts a failure that a skip replaced tells it at once.
  if (seen.skippedOver) also.push("failed");
  return { word: "missing", why: `${first} never reported`, also };
}

const goesOn = ({ state }: Report) => ["queued", "running", "waiting"].includes(state);

function or<T extends Raw>(raw: T, more: readonly Word[]): T {
  return { ...raw, also: [...raw.also, ...more] };
}

function isRed({ state }: Report): boolean {
  return ["failed", "refused", "cancelled", "approval"].includes(state);
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
  // Only a failure is told at once; who is cancelled or waits for a person may also wait for what else goes on.
  if (worst[0] !== "failed" && mine.some((report) => goesOn(report) && report.waits !== "reviewers"))
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
  if (!queued || others) {
    // What is queued beside jobs that wait for a timer, an app or another run may lack a runner, or not.
    const idle =
      pending.some(({ state }) => state === "queued") && !seen.counting.some(({ state }) => state === "running");
    return says("running", `${pending[0]?.name ?? "a run"} goes on`, idle ? ["no_runner"] : []);
  }
  // "All queued and nothing starts": where something of the head has run, whether the rest is short of runners is open.
  const some = seen.all.some(({ state }) => state !== "queued");
  return {
    word: "queued",
    why: `${pending[0]?.name ?? "a run"} is queued`,
    also: some || missing.length > 0 ? ["running"] : [],
  };
}
