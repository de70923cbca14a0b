import { expect, test } from "vitest";
import { type Check, statusAt } from "../servers/github/checks.ts";
import { manualClock } from "../servers/github/mod.ts";
import { mergeState } from "../servers/github/rules/merge-state.ts";
import { World } from "../servers/github/world.ts";
import { apply } from "./apply.ts";
import { generate } from "./generator/mod.ts";
import { headAt } from "./oracle/counting.ts";
import { Oracle } from "./oracle/mod.ts";
import { headIndex } from "./oracle/pull.ts";
import type { Report } from "./oracle/reports.ts";

const SEEDS = process.env.P9_SOAK ? 10_000 : 150;

// The oracle reads the plan of a world, the server plays it: both must come to the same checks, or p9 would be judged by a world that it cannot see.
test("the oracle and the GitHub of the tests see the same of every pull request at every instant", {
  timeout: 600_000,
}, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = generate(seed);
    if (!world.pull.exists) continue;
    const oracle = new Oracle(world);
    const clock = manualClock();
    const github = new World(clock);
    apply({ ...world, trouble: { ...world.trouble, holes: [], faults: [], refused: [] } }, github);
    for (const at of oracle.changes) {
      clock.advance(at - github.elapsed());
      github.settle();
      const pull = github.repo("octo/app").pull(42);
      const head = headIndex({ ...world, asked: { ...world.asked, by: "number" } }, at, true);
      const commit = pull.shownHead;
      // GitHub shows the reports of a new head some seconds late; the oracle counts them from the first.
      commit.lag = 0;
      const now = github.now();
      const shown = [
        ...commit.shownChecks().map((check) => `${check.plan.name}: ${stateOf(check, now)}`),
        ...commit
          .shownStatuses()
          .map((status) => `${status.plan.context}: ${words[statusAt(status, now)?.state ?? ""] ?? "failed"}`),
      ];
      const state = headAt(world, oracle.spans, head, at);
      const known = state.all.filter(({ name }) => name !== null);
      const told = known.map((report) => `${report.name}: ${wordOf(report)}`);
      expect(told.sort(), `seed ${seed} at ${at} s`).toEqual(shown.sort());
      const alive = commit.shownSuites().some((suite) => suite.workflow && suite.at(now).status !== "COMPLETED");
      const approval = state.all.some((report) => report.name === null && report.state === "approval");
      if (!approval) expect(state.alive, `seed ${seed} at ${at} s: a run goes on`).toBe(alive);
      if (!oracle.readyAt(at).ready) continue;
      expect(["CLEAN", "UNSTABLE"], `seed ${seed} at ${at} s: ready`).toContain(mergeState(pull));
    }
  }
});

const words: Record<string, string> = {
  QUEUED: "queued",
  IN_PROGRESS: "running",
  WAITING: "waiting",
  SUCCESS: "passed",
  NEUTRAL: "passed",
  SKIPPED: "skipped",
  CANCELLED: "cancelled",
  ACTION_REQUIRED: "approval",
  PENDING: "running",
};

function stateOf(check: Check, now: number): string {
  const { status, conclusion } = check.at(now);
  return words[conclusion ?? status] ?? "failed";
}

function wordOf({ state }: Report): string {
  return state === "refused" ? "failed" : state;
}
