import type { CheckPlan, StatusPlan, SuitePlan } from "./plan.ts";

/** A check run as it stands at one instant. */
export interface CheckState {
  status: string;
  conclusion: string | null;
  startedAt: number | null;
  completedAt: number | null;
}

/** One check run of one attempt. */
export class Check {
  readonly id: number;
  readonly plan: CheckPlan;
  readonly attempt: number;
  /** Plan times count from here (ms). */
  readonly epoch: number;
  readonly suite: Suite;

  constructor(id: number, plan: CheckPlan, suite: Suite, epoch: number, attempt: number) {
    this.id = id;
    this.plan = plan;
    this.suite = suite;
    this.epoch = epoch;
    this.attempt = attempt;
  }

  /** Whether the API shows it at that instant. */
  visible(now: number): boolean {
    return now >= this.epoch + (this.plan.appears ?? 0) * 1000;
  }

  /** Its state at that instant. */
  at(now: number): CheckState {
    const appears = this.plan.appears ?? 0;
    const starts = this.plan.starts === undefined ? appears : this.plan.starts;
    const ends = this.plan.ends === undefined ? starts : this.plan.ends;
    const reached = (second: number | null) => second !== null && now >= this.epoch + second * 1000;
    const time = (second: number | null) => (reached(second) ? this.epoch + (second ?? 0) * 1000 : null);
    if (reached(ends)) {
      const conclusion = this.plan.conclusion ?? "SUCCESS";
      return { status: "COMPLETED", conclusion, startedAt: time(starts), completedAt: time(ends) };
    }
    const status = this.plan.status ?? (reached(starts) ? "IN_PROGRESS" : "QUEUED");
    return { status, conclusion: null, startedAt: time(starts), completedAt: null };
  }
}

/** One check suite; for GitHub Actions also the workflow run that it belongs to. */
export class Suite {
  readonly id: number;
  readonly app: string;
  readonly workflow: string | null;
  readonly event: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly createdAt: number;
  readonly checks: Check[] = [];
  /** Set for suites without check runs. */
  readonly fixed: SuitePlan | null;
  attempt = 1;

  constructor(
    id: number,
    key: Required<Pick<SuitePlan, "app" | "event">> & Pick<SuitePlan, "workflow">,
    more: {
      runId: number;
      runNumber: number;
      createdAt: number;
      fixed: SuitePlan | null;
    },
  ) {
    this.id = id;
    this.app = key.app;
    this.workflow = key.workflow ?? null;
    this.event = key.event;
    this.runId = more.runId;
    this.runNumber = more.runNumber;
    this.createdAt = more.createdAt;
    this.fixed = more.fixed;
  }

  /** The check runs that are shown: of each name the latest attempt. */
  latest(now: number): Check[] {
    const shown = this.checks.filter((check) => check.visible(now));
    const newer = (one: Check, other: Check) => one.plan.name === other.plan.name && one.attempt > other.attempt;
    return shown.filter((check) => !shown.some((other) => newer(other, check)));
  }

  /** Whether the API shows the suite at that instant. */
  visible(now: number): boolean {
    return this.fixed ? now >= this.createdAt : this.checks.some((check) => check.visible(now));
  }

  /** Status and conclusion of the whole. */
  at(now: number): { status: string; conclusion: string | null } {
    if (this.fixed) return { status: this.fixed.status, conclusion: this.fixed.conclusion ?? null };
    const states = this.latest(now).map((check) => check.at(now));
    if (states.every((state) => state.status === "COMPLETED")) {
      return { status: "COMPLETED", conclusion: worst(states.map((state) => state.conclusion ?? "SUCCESS")) };
    }
    const waiting = states.find((state) => state.status === "WAITING");
    const running = states.some((state) => state.status === "IN_PROGRESS" || state.status === "COMPLETED");
    return { status: waiting ? "WAITING" : running ? "IN_PROGRESS" : "QUEUED", conclusion: null };
  }
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
export function statusAt(status: Status, now: number): { state: string; at: number } | null {
  const reached = status.plan.states.filter(([second]) => now >= status.epoch + second * 1000).at(-1);
  return reached ? { state: reached[1], at: status.epoch + reached[0] * 1000 } : null;
}
