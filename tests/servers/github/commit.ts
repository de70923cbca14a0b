import { Check, type Status, Suite, statusAt } from "./checks.ts";
import type { CheckPlan, StatusPlan, SuitePlan } from "./plan.ts";
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
      suite.checks.push(new Check(this.repo.world.ids.next(), plan, suite, this.pushedAt, 1));
    }
    return this;
  }

  /** Ends every check that still runs: a test says itself when what it waits for is over. */
  endChecks(conclusion?: string): void {
    const now = this.repo.world.now();
    const running = this.shownChecks().filter((check) => check.at(now).status !== "COMPLETED");
    for (const { plan, epoch } of running) {
      plan.ends = (now - epoch) / 1000;
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

  /** Re-runs the failed checks of one workflow run, as `rerun-failed-jobs` does. */
  rerunFailed(suite: Suite): void {
    const now = this.repo.world.now();
    suite.attempt += 1;
    for (const check of suite.latest(now)) {
      const { status, conclusion } = check.at(now);
      if (status !== "COMPLETED" || conclusion === "SUCCESS" || conclusion === "SKIPPED") continue;
      const again = { ends: 5, conclusion: "SUCCESS", log: undefined, ...check.plan.rerun?.[suite.attempt - 2] };
      const plan = { ...check.plan, appears: 0, starts: 0, ...again };
      suite.checks.push(new Check(this.repo.world.ids.next(), plan, suite, now, suite.attempt));
    }
  }

  /** Check runs that the roll-up shows now. */
  shownChecks(): Check[] {
    const now = this.repo.world.now();
    return this.suites.flatMap((suite) => suite.latest(now));
  }

  /** Statuses that the roll-up shows now. */
  shownStatuses(): Status[] {
    const now = this.repo.world.now();
    return this.statuses.filter((status) => statusAt(status, now) !== null);
  }

  #suite(plan: CheckPlan): Suite {
    const key = keyOf(plan);
    const found = this.suites.find(
      (suite) =>
        !suite.fixed &&
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
    return new Suite(ids.next(), key, { runId: ids.next(), runNumber: plan?.run ?? 1, createdAt, fixed });
  }
}

function keyOf(plan: Pick<SuitePlan, "app" | "workflow" | "event">) {
  const app = plan.app ?? "github-actions";
  const workflow = plan.workflow === undefined ? (app === "github-actions" ? "CI" : null) : plan.workflow;
  return { app, workflow, event: plan.event ?? "pull_request" };
}
