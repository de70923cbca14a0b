import { skipsRuns } from "./actions/skip.ts";
import { Check, type Status, Suite, statusAt } from "./checks.ts";
import type { CheckPlan, RunPlan, StatusPlan, SuitePlan } from "./plan.ts";
import type { Repo } from "./repo.ts";

/** One commit, with everything that reports on it. */
export class Commit {
  readonly repo: Repo;
  readonly sha: string;
  readonly message: string;
  readonly parents: string[];
  /** When it was pushed (ms): plan times count from here. */
  readonly pushedAt: number;
  /** Branch that it was first pushed to. */
  branch: string | null = null;
  /** Repository that it was first pushed to, `owner/name`; `null` = the one it is in. */
  headRepository: string | null = null;
  /** Seconds after the push for which the API shows nothing that reports on it: checks of a new head appear late. */
  lag = 0;
  /** What code scanning says of it, by tool. */
  readonly scans = new Map<string, "clean" | "alerts" | "pending">();
  readonly suites: Suite[] = [];
  readonly statuses: Status[] = [];

  constructor(repo: Repo, sha: string, more: { message: string; parents: string[]; pushedAt: number }) {
    this.repo = repo;
    this.sha = sha;
    this.message = more.message;
    this.parents = more.parents;
    this.pushedAt = more.pushedAt;
  }

  /** Adds check runs. A bare name passes at once. */
  checks(...plans: (CheckPlan | string)[]): this {
    for (const item of plans) {
      const plan = typeof item === "string" ? { name: item } : item;
      const suite = this.#suite(plan);
      this.#add(suite, plan, { epoch: this.pushedAt, attempt: 1, job: suite.checks.length });
    }
    return this;
  }

  /** Ends every check that still runs: a test says itself when what it waits for is over. */
  endChecks(conclusion?: string): void {
    const now = this.repo.world.now();
    const running = this.shownChecks().filter((check) => check.at(now).status !== "COMPLETED");
    for (const { plan, epoch } of running) {
      plan.ends = (now - (epoch ?? now)) / 1000;
      if (conclusion !== undefined) plan.conclusion = conclusion;
    }
  }

  /** Adds commit statuses. */
  status(...plans: StatusPlan[]): this {
    for (const plan of plans) this.statuses.push({ id: this.repo.world.ids.next(), plan, epoch: this.pushedAt });
    return this;
  }

  /** Adds a suite that has no check run. */
  suite(plan: SuitePlan): this {
    this.suites.push(this.#newSuite(keyOf(plan), plan));
    return this;
  }

  /**
   * Adds a workflow run of its own, with its number, its concurrency group and its jobs.
   * Where GitHub would start none (Actions disabled, a message that skips it) it is refused: the world would be none of GitHub's.
   */
  run(plan: RunPlan): Suite {
    const event = plan.event ?? "pull_request";
    if (!this.repo.actionsEnabled)
      throw new Error(`GitHub starts no run in ${this.repo.fullName}: Actions is disabled`);
    if (skipsRuns(this.message, event))
      throw new Error(`GitHub starts no run of ${event}: the message is "${this.message}"`);
    const workflow = plan.workflow ?? "CI";
    const { ids } = this.repo.world;
    const suite = new Suite(ids.next(), {
      repo: this.repo,
      app: "github-actions",
      workflow,
      event,
      runId: ids.next(),
      runNumber: plan.number ?? this.repo.nextRun(workflow),
      createdAt: this.pushedAt + (plan.appears ?? 0) * 1000,
      run: plan,
    });
    for (const job of plan.jobs) this.#add(suite, job, { epoch: null, attempt: 1, job: suite.checks.length });
    this.suites.push(suite);
    return suite;
  }

  /** Re-runs the failed checks of one workflow run, as `rerun-failed-jobs` does. */
  rerunFailed(suite: Suite): void {
    this.#rerun(suite, (conclusion, plan) => {
      // What was skipped because another job failed or the run was stopped is tried again too. Source: "Re-run failed jobs in a workflow".
      if (conclusion === "SKIPPED") return plan.conclusion !== "SKIPPED";
      return conclusion !== "SUCCESS";
    });
  }

  /** Re-runs all checks of one workflow run, as `rerun` does. */
  rerunAll(suite: Suite): void {
    this.#rerun(suite, () => true);
  }

  /** Suites that the API shows now. */
  shownSuites(): Suite[] {
    const now = this.repo.world.now();
    return this.#late(now) ? [] : this.suites.filter((suite) => suite.visible(now));
  }

  /** Check runs that the roll-up shows now. */
  shownChecks(): Check[] {
    const now = this.repo.world.now();
    return this.#late(now) ? [] : this.suites.flatMap((suite) => suite.latest(now));
  }

  /** Statuses that the roll-up shows now. */
  shownStatuses(): Status[] {
    const now = this.repo.world.now();
    return this.#late(now) ? [] : this.statuses.filter((status) => statusAt(status, now) !== null);
  }

  #late(now: number): boolean {
    return now < this.pushedAt + this.lag * 1000;
  }

  #add(suite: Suite, plan: CheckPlan, of: ConstructorParameters<typeof Check>[3]): void {
    suite.checks.push(new Check(this.repo.world.ids.next(), plan, suite, of));
  }

  #rerun(suite: Suite, wanted: (conclusion: string, plan: CheckPlan) => boolean): void {
    const now = this.repo.world.now();
    suite.attempt += 1;
    for (const check of suite.latest(now)) {
      const { status, conclusion } = check.at(now);
      if (status !== "COMPLETED" || !wanted(conclusion ?? "", check.plan)) continue;
      const again = { ends: 5, conclusion: "SUCCESS", log: undefined, ...check.plan.rerun?.[suite.attempt - 2] };
      const plan = { ...check.plan, appears: 0, starts: 0, annotations: undefined, ...again };
      this.#add(suite, plan, { epoch: now, attempt: suite.attempt, job: check.job });
    }
  }

  #suite(plan: CheckPlan): Suite {
    const key = keyOf(plan);
    const found = this.suites.find(
      (suite) =>
        !suite.fixed &&
        !suite.run &&
        suite.app === key.app &&
        suite.workflow === key.workflow &&
        suite.event === key.event &&
        suite.runNumber === (plan.run ?? 1),
    );
    if (found) return found;
    const suite = this.#newSuite(key, null, plan);
    this.suites.push(suite);
    return suite;
  }

  #newSuite(key: ReturnType<typeof keyOf>, fixed: SuitePlan | null, plan: CheckPlan | SuitePlan | null = fixed): Suite {
    const createdAt = this.pushedAt + (plan?.appears ?? 0) * 1000;
    const { ids } = this.repo.world;
    const { repo } = this;
    return new Suite(ids.next(), { repo, ...key, runId: ids.next(), runNumber: plan?.run ?? 1, createdAt, fixed });
  }
}

function keyOf(plan: Pick<SuitePlan, "app" | "workflow" | "event">) {
  const app = plan.app ?? "github-actions";
  const workflow = plan.workflow === undefined ? (app === "github-actions" ? "CI" : null) : plan.workflow;
  return { app, workflow, event: plan.event ?? "pull_request" };
}
