import { type Span, spanOf } from "./actions/concurrency.ts";
import { releaseOf } from "./actions/environment.ts";
import type { RunPlan } from "./actions/plan.ts";
import type { AnnotationPlan, CheckPlan, StatusPlan, SuitePlan } from "./plan.ts";
import type { Repo } from "./repo.ts";

/** A check run as it stands at one instant. */
export interface CheckState {
  status: string;
  conclusion: string | null;
  startedAt: number | null;
  completedAt: number | null;
}

/** How far the ids of check runs of two successive seconds lie apart, and for how long they rise: GraphQL's are 32 bits. */
const IDS_PER_SECOND = 10_000;
const RISING_S = 200_000;

/** One check run of one attempt. */
export class Check {
  readonly #number: number;
  readonly plan: CheckPlan;
  readonly attempt: number;
  /** Which job of its run it is an attempt of. */
  readonly job: number;
  readonly suite: Suite;
  readonly #epoch: number | null;
  #released: number | null = null;

  constructor(id: number, plan: CheckPlan, suite: Suite, of: { epoch: number | null; attempt: number; job: number }) {
    this.#number = id;
    this.plan = plan;
    this.suite = suite;
    this.attempt = of.attempt;
    this.job = of.job;
    this.#epoch = of.epoch;
  }

  /** Its id, which is higher than those of all check runs that were created before it. */
  get id(): number {
    if (this.epoch === null) return this.#number;
    const created = this.epoch + (this.plan.appears ?? 0) * 1000;
    const second = Math.floor(this.suite.repo.world.elapsedAt(created));
    return (second % RISING_S) * IDS_PER_SECOND + this.#number;
  }

  /** Plan times count from here (ms); `null` while its run may not start. */
  get epoch(): number | null {
    return this.#epoch ?? this.suite.span().start;
  }

  /** Whether the API shows it at that instant. */
  visible(now: number): boolean {
    if (this.epoch === null) return false;
    const stopped = this.suite.stoppedAt(this.attempt);
    return this.#appeared(now) || (stopped !== null && now >= stopped);
  }

  /** Its state at that instant. What a stopped run had not begun is cancelled, what it had not even created is skipped. */
  at(now: number): CheckState {
    const stopped = this.suite.stoppedAt(this.attempt);
    if (stopped === null || now < stopped) return this.#planned(now);
    const before = this.#planned(stopped);
    if (before.status === "COMPLETED") return before;
    const conclusion = this.#appeared(stopped) ? "CANCELLED" : "SKIPPED";
    return { status: "COMPLETED", conclusion, startedAt: before.startedAt ?? stopped, completedAt: stopped };
  }

  /** Lets it go on to its environment. */
  release(now: number): void {
    this.#released = now;
  }

  /**
   * What is written on it now. A job that was cancelled says by what.
   * Source: the texts as users quote them (opencode and others: "Canceling since a higher priority waiting request for … exists").
   */
  annotations(now: number): AnnotationPlan[] {
    const own = this.plan.annotations ?? [];
    if (this.at(now).conclusion !== "CANCELLED") return own;
    const { by } = this.suite.span();
    const group = this.suite.run?.concurrency?.group;
    const message =
      by === "group"
        ? `Canceling since a higher priority waiting request for ${group} exists`
        : by === "person"
          ? "The run was canceled by @octocat."
          : null;
    return message === null ? own : [...own, { path: ".github", line: 1, message }];
  }

  #appeared(now: number): boolean {
    return this.epoch !== null && now >= this.epoch + (this.plan.appears ?? 0) * 1000;
  }

  /** As its plan says, whatever becomes of the run. With an environment, `starts` and `ends` count from the release. */
  #planned(now: number): CheckState {
    const { epoch, plan } = this;
    const waiting = { status: plan.status ?? "QUEUED", conclusion: null, startedAt: null, completedAt: null };
    if (epoch === null) return waiting;
    const appears = plan.appears ?? 0;
    if (!plan.environment) return this.#timed(now, epoch, appears);
    const release = releaseOf(plan.environment);
    const planned = release === null ? null : epoch + (appears + release) * 1000;
    const released = this.#released ?? planned;
    if (released === null || now < released) return { ...waiting, status: "WAITING" };
    return this.#timed(now, released, 0);
  }

  #timed(now: number, from: number, appears: number): CheckState {
    const { plan } = this;
    const starts = plan.starts === undefined ? appears : plan.starts;
    const ends = plan.ends === undefined ? starts : plan.ends;
    const reached = (second: number | null) => second !== null && now >= from + second * 1000;
    const time = (second: number | null) => (reached(second) ? from + (second ?? 0) * 1000 : null);
    if (reached(ends)) {
      const conclusion = plan.conclusion ?? "SUCCESS";
      return { status: "COMPLETED", conclusion, startedAt: time(starts), completedAt: time(ends) };
    }
    const status = plan.status ?? (reached(starts) ? "IN_PROGRESS" : "QUEUED");
    return { status, conclusion: null, startedAt: time(starts), completedAt: null };
  }
}

/** What a suite is made of. */
export interface SuiteOptions {
  repo: Repo;
  app: string;
  workflow: string | null;
  event: string;
  runId: number;
  runNumber: number;
  createdAt: number;
  /** Set for suites without check runs. */
  fixed?: SuitePlan | null;
  /** Set for workflow runs that were planned as such. */
  run?: RunPlan | null;
}

/** One check suite; for GitHub Actions also the workflow run that it belongs to. */
export class Suite {
  readonly id: number;
  readonly repo: Repo;
  readonly app: string;
  readonly workflow: string | null;
  readonly path: string;
  readonly event: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly createdAt: number;
  readonly checks: Check[] = [];
  readonly fixed: SuitePlan | null;
  readonly run: RunPlan | null;
  attempt = 1;
  readonly #stops = new Map<number, number>();
  #approved: number | null = null;

  constructor(id: number, options: SuiteOptions) {
    this.id = id;
    this.repo = options.repo;
    this.app = options.app;
    this.workflow = options.workflow;
    this.path = options.run?.path ?? `.github/workflows/${options.workflow}.yml`;
    this.event = options.event;
    this.runId = options.runId;
    this.runNumber = options.runNumber;
    this.createdAt = options.createdAt;
    this.fixed = options.fixed ?? null;
    this.run = options.run ?? null;
  }

  /** When it needs no approval (any more); `null` = never. */
  get approvedAt(): number | null {
    if (this.run?.approved === undefined) return this.createdAt;
    if (this.#approved !== null) return this.#approved;
    return this.run.approved === null ? null : this.createdAt + this.run.approved * 1000;
  }

  /** When a person cancelled its first attempt. */
  get cancelledAt(): number | null {
    const asked = this.#stops.get(1);
    if (asked !== undefined) return asked;
    return this.run?.cancelled === undefined ? null : this.createdAt + this.run.cancelled * 1000;
  }

  /** A maintainer lets it run. */
  approve(now: number): void {
    this.#approved = now;
  }

  /** A person cancels its latest attempt. */
  cancel(now: number): void {
    this.#stops.set(this.attempt, now);
  }

  /** When it started and was stopped. Suites that are no planned run start when they are made. */
  span(): Span {
    if (this.run) return spanOf(this);
    const stopped = this.cancelledAt;
    return { start: this.createdAt, stopped, by: stopped === null ? null : "person" };
  }

  /** When one of its attempts was stopped. */
  stoppedAt(attempt: number): number | null {
    return attempt === 1 ? this.span().stopped : (this.#stops.get(attempt) ?? null);
  }

  /** How long its first attempt takes by plan, in ms; `null` = for ever. */
  length(): number | null {
    let longest = 0;
    for (const { plan } of this.checks.filter((check) => check.attempt === 1)) {
      const from = plan.environment ? releaseOf(plan.environment) : 0;
      const starts = plan.starts === undefined ? (plan.environment ? 0 : (plan.appears ?? 0)) : plan.starts;
      const ends = plan.ends === undefined ? starts : plan.ends;
      if (from === null || ends === null) return null;
      longest = Math.max(longest, (from + ends + (plan.environment ? (plan.appears ?? 0) : 0)) * 1000);
    }
    return longest;
  }

  /** The check runs that are shown: of each job the latest attempt. */
  latest(now: number): Check[] {
    return newest(this.checks.filter((check) => check.visible(now)));
  }

  /** Whether the API shows the suite at that instant. */
  visible(now: number): boolean {
    return this.fixed || this.run ? now >= this.createdAt : this.checks.some((check) => check.visible(now));
  }

  /**
   * Status and conclusion of the whole. A workflow run goes on while a job is still to come, and shows no job while it waits for its
   * concurrency group (`pending`) or for a maintainer (`action_required`).
   * Sources: docs.github.com, "Status checks", table of statuses; "Approve a workflow run for a fork pull request"; REST, workflow runs.
   */
  at(now: number): { status: string; conclusion: string | null } {
    if (this.fixed) return { status: this.fixed.status, conclusion: this.fixed.conclusion ?? null };
    if (this.run && this.attempt === 1) {
      const { start, stopped } = this.span();
      if (stopped !== null && now >= stopped) return { status: "COMPLETED", conclusion: "CANCELLED" };
      if (this.approvedAt === null || now < this.approvedAt) {
        return { status: "COMPLETED", conclusion: "ACTION_REQUIRED" };
      }
      if (start === null || now < start) return { status: "PENDING", conclusion: null };
    }
    const jobs = this.workflow === null ? this.latest(now) : newest(this.checks);
    const states = jobs.map((check) => check.at(now));
    if (states.every((state) => state.status === "COMPLETED")) {
      return { status: "COMPLETED", conclusion: worst(states.map((state) => state.conclusion ?? "SUCCESS")) };
    }
    const running = states.some((state) => state.status === "IN_PROGRESS");
    const waits = this.latest(now).some((check) => check.at(now).status === "WAITING");
    if (!running && waits) return { status: "WAITING", conclusion: null };
    const begun = running || states.some((state) => state.status === "COMPLETED");
    return { status: begun ? "IN_PROGRESS" : "QUEUED", conclusion: null };
  }
}

/** Of each job the latest attempt. */
function newest(checks: readonly Check[]): Check[] {
  return checks.filter((check) => !checks.some((other) => other.job === check.job && other.attempt > check.attempt));
}

const severity = ["ACTION_REQUIRED", "FAILURE", "TIMED_OUT", "STARTUP_FAILURE", "CANCELLED", "STALE", "SUCCESS"];

function worst(conclusions: string[]): string {
  return severity.find((value) => conclusions.includes(value)) ?? conclusions[0] ?? "SUCCESS";
}

/** One commit status context. */
export interface Status {
  readonly id: number;
  readonly plan: StatusPlan;
  readonly epoch: number;
}

/** The state of a status at that instant; `null` before its first. */
export function statusAt(
  status: Status,
  now: number,
): { state: string; at: number; description: string | null } | null {
  const reached = status.plan.states.filter(([second]) => now >= status.epoch + second * 1000).at(-1);
  if (!reached) return null;
  const [second, state, description = status.plan.description ?? null] = reached;
  return { state, at: status.epoch + second * 1000, description };
}
