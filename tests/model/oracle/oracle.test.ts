import { describe, expect, test } from "vitest";
import type { JobSpec, PrWorld, RuleSpec, RunSpec } from "../world.ts";
import { Oracle } from "./mod.ts";

// Small pull requests by hand, each with the page or the report that says what is right.

function world(parts: Partial<Omit<PrWorld, "pull">> & { pull?: Partial<PrWorld["pull"]> } = {}): PrWorld {
  const { pull, ...rest } = parts;
  return {
    seed: 0,
    features: [],
    asked: { start: 0, by: "number", clone: "own", until: 0 },
    pull: {
      branch: "feature",
      fork: null,
      exists: true,
      appears: 0,
      mergeable: [],
      draft: [],
      ends: [],
      queue: null,
      reviews: [],
      threads: [],
      ...pull,
    },
    heads: [head(0)],
    runs: [],
    statuses: [],
    checks: [],
    rules: [],
    workflows: true,
    actionsEnabled: true,
    strangers: [],
    trouble: { skew: 0, holes: [], faults: [], refused: [] },
    ...rest,
  };
}

function head(at: number, more: Partial<PrWorld["heads"][number]> = {}): PrWorld["heads"][number] {
  return { at, label: `head at ${at}`, force: false, message: null, lag: 0, checksLag: 0, ...more };
}

function job(name: string, ends: number | null, more: Partial<JobSpec> = {}): JobSpec {
  return { name, appears: 0, starts: 0, ends, conclusion: "SUCCESS", again: [], ...more };
}

function run(jobs: JobSpec[], more: Partial<RunSpec> = {}): RunSpec {
  return {
    head: 0,
    workflow: "CI",
    event: "pull_request",
    created: 1,
    jobs,
    group: null,
    reruns: [],
    broken: false,
    ...more,
  };
}

function rule(more: Partial<RuleSpec> & { checks?: (string | [string, string])[] } = {}): RuleSpec {
  const { checks = [], ...rest } = more;
  const required = checks.map((item) =>
    typeof item === "string" ? { context: item, app: null } : { context: item[0], app: item[1] },
  );
  return {
    source: "ruleset",
    required,
    approvals: 0,
    conversations: false,
    workflows: [],
    scans: [],
    deployments: [],
    ...rest,
  };
}

const word = (of: PrWorld, t: number) => new Oracle(of).at(t).word;
const also = (of: PrWorld, t: number) => new Oracle(of).at(t).also;
const ready = (of: PrWorld, t: number) => new Oracle(of).readyAt(t).ready;

describe("conclusions", () => {
  // "Troubleshooting required status checks": "Successful check statuses are: success, skipped, and neutral."
  test.each(["SUCCESS", "SKIPPED", "NEUTRAL"])("%s is a success", (conclusion) => {
    expect(word(world({ runs: [run([job("a", 9, { conclusion })])] }), 10)).toBe("green");
  });

  // "Status checks", table of conclusions.
  test.each([
    ["FAILURE", "failed"],
    ["TIMED_OUT", "failed"],
    ["STALE", "failed"],
    ["CANCELLED", "cancelled"],
    ["ACTION_REQUIRED", "blocked"],
  ])("%s is %s", (conclusion, wanted) => {
    expect(word(world({ runs: [run([job("a", 9, { conclusion })])] }), 10)).toBe(wanted);
  });

  test("while something runs there is no verdict, unless something has failed already", () => {
    const runs = [run([job("a", 100), job("b", 20, { conclusion: "FAILURE" })])];
    expect([10, 30].map((t) => word(world({ runs }), t))).toEqual(["running", "failed"]);
  });

  test("a workflow that could not start has failed", () => {
    expect(word(world({ runs: [run([], { broken: true })] }), 5)).toBe("failed");
  });
});

describe("what is required", () => {
  const runs = [run([job("build", 10), job("docs", 20, { conclusion: "FAILURE" }), job("slow", 900)])];

  // "About protected branches": only required checks keep from merging.
  test("decides alone", () => {
    expect(word(world({ runs, rules: [rule({ checks: ["build"] })] }), 30)).toBe("green");
    expect(word(world({ runs }), 30)).toBe("failed");
  });

  // "About rulesets", "About rule layering": all rules apply together.
  test("adds up over rulesets and classic protection", () => {
    const rules = [rule({ checks: ["build"] }), rule({ source: "protection", checks: ["docs"] })];
    expect(word(world({ runs, rules }), 30)).toBe("failed");
  });

  // REST, "Create a commit status": the context is case-insensitive. Names of check runs are not said to be.
  test("is compared without case for statuses and exactly for check runs", () => {
    const rules = [rule({ checks: ["CI/Build"] })];
    const statuses: PrWorld["statuses"] = [{ head: 0, context: "ci/build", app: null, states: [[5, "SUCCESS"]] }];
    expect(word(world({ statuses, rules }), 10)).toBe("green");
    expect(word(world({ runs: [run([job("ci/build", 5)])], rules }), 10)).toBe("running");
  });

  // "Troubleshooting required status checks": "both the check and the status are required".
  test("means the check and the status of that name", () => {
    const rules = [rule({ checks: ["build"] })];
    const statuses: PrWorld["statuses"] = [
      {
        head: 0,
        context: "build",
        app: null,
        states: [
          [5, "PENDING"],
          [60, "FAILURE"],
        ],
      },
    ];
    const both = world({ runs: [run([job("build", 10)])], statuses, rules });
    expect([30, 61].map((t) => word(both, t))).toEqual(["running", "failed"]);
  });

  // "Required status checks from unexpected sources".
  test("of a named app takes no other's report", () => {
    const rules = [rule({ checks: [["build", "vercel"]] })];
    const of = world({ runs: [run([job("build", 10)])], rules });
    expect([30, 30 + 900].map((t) => word(of, t))).toEqual(["running", "missing_required"]);
  });

  // "Handling skipped but required checks": checks of a workflow that is skipped by a path filter "will remain in a Pending state".
  test("and never reported is said after fifteen minutes, when nothing else goes on", () => {
    const of = world({ runs: [run([job("build", 100)])], rules: [rule({ checks: ["build", "security"] })] });
    expect([50, 150, 101 + 899, 101 + 901].map((t) => word(of, t))).toEqual([
      "running",
      "running",
      "running",
      "missing_required",
    ]);
  });
});

describe("a required check that never reported", () => {
  // "Reviewing deployments" tells what becomes of the job that waits, and of no other.
  test("may be missing, and may still come, where all that goes on waits for a reviewer", () => {
    const environment = { name: "prod", by: "reviewers", released: null } as const;
    const jobs = (more: JobSpec[]) => [run([job("build", 10), job("deploy", 20, { environment }), ...more])];
    const of = (more: JobSpec[]) => world({ runs: jobs(more), rules: [rule({ checks: ["build", "license"] })] });
    expect([word(of([]), 1000), also(of([]), 1000)]).toEqual(["missing_required", ["running"]]);
    expect(word(of([job("slow", 2000)]), 1000)).toBe("running");
  });

  test("beside a run that waits for approval may be due to a workflow that could not start", () => {
    const runs = [run([job("build", 10)], { approved: null }), run([], { workflow: "Docs", broken: true })];
    const of = world({ runs, rules: [rule({ checks: ["build"] })] });
    expect([word(of, 20), also(of, 20)]).toEqual(["blocked", ["failed"]]);
  });

  test("beside a run that waits for approval may come with another run that goes on", () => {
    const runs = [run([job("build", 10)], { approved: null }), run([job("docs", 90)], { workflow: "Docs" })];
    const of = world({ runs, rules: [rule({ checks: ["build"] })] });
    expect([word(of, 20), also(of, 20).includes("running"), also(of, 200).includes("running")]).toEqual([
      "blocked",
      true,
      false,
    ]);
  });
});

describe("what replaces what", () => {
  const e2e = (ends: number, more: Partial<JobSpec> = {}) => job("e2e", ends, more);

  // cozystack/cozystack#3587, jetstack/jetstack-secure#837; "Control the concurrency": by default runs go on side by side.
  test("a run that goes on is replaced by nothing, whatever a newer one says", () => {
    const of = world({ runs: [run([e2e(600)]), run([job("label", 3)], { created: 20 })] });
    expect([40, 602].map((t) => word(of, t))).toEqual(["running", "green"]);
    const required = { ...of, rules: [rule({ checks: ["e2e"] })] };
    expect([40, 602].map((t) => word(required, t))).toEqual(["running", "green"]);
  });

  test("nor by a newer run that skips the job", () => {
    const skips = run([e2e(0, { conclusion: "SKIPPED" })], { created: 20 });
    const of = world({ runs: [run([e2e(600)]), skips] });
    expect([40, 602].map((t) => word(of, t))).toEqual(["running", "green"]);
    const required = { ...of, rules: [rule({ checks: ["e2e"] })] };
    expect([40, 602].map((t) => word(required, t))).toEqual(["running", "green"]);
  });

  test("a run that is over is replaced job by job", () => {
    const of = world({ runs: [run([e2e(10, { conclusion: "FAILURE" })]), run([e2e(30)], { created: 20 })] });
    expect([15, 25, 60].map((t) => word(of, t))).toEqual(["failed", "running", "green"]);
  });

  test("a run goes on while a job of it is still to come", () => {
    const of = world({ runs: [run([job("build", 5), job("deploy", 30, { appears: 20, starts: 20 })])] });
    expect([10, 40].map((t) => word(of, t))).toEqual(["running", "green"]);
  });

  // "Control the concurrency of workflows and jobs": a pending one is cancelled by a newer one, with cancel-in-progress a running one too.
  const group = { name: "ci", cancelInProgress: true };
  test("what a concurrency group stopped counts no more, also what it skipped", () => {
    const jobs = [e2e(100), job("deploy", 200, { appears: 100, starts: 100 })];
    const runs = [run(jobs, { group }), run(jobs, { group, created: 30 })];
    const of = world({ runs, rules: [rule({ checks: ["deploy"] })] });
    expect([40, 100, 231].map((t) => word(of, t))).toEqual(["running", "running", "green"]);
  });

  test("what a concurrency group kept from its first job is skipped, and a success when the run that took over ends without it", () => {
    const group = { name: "ci", cancelInProgress: true };
    const runs = [
      run([job("build", 100), job("label", 200, { appears: 90 })], { group }),
      run([job("build", 50)], { created: 20, group }),
    ];
    const of = world({ runs, rules: [rule({ checks: ["build", "label"] })] });
    expect([word(of, 60), word(of, 71)]).toEqual(["running", "green"]);
  });

  test("what a person stopped counts until the same job is done again", () => {
    const of = world({ runs: [run([e2e(100)], { cancelled: 20 }), run([e2e(30)], { created: 60 })] });
    expect([30, 70, 100].map((t) => word(of, t))).toEqual(["cancelled", "running", "green"]);
  });

  // "Re-run workflows and jobs".
  test("a re-run replaces the failed jobs of its run", () => {
    const again = [{ ends: 30, conclusion: "SUCCESS" }];
    const jobs = [e2e(10, { conclusion: "FAILURE", again }), job("build", 5)];
    const of = world({ runs: [run(jobs, { reruns: [{ at: 50, which: "failed" }] })] });
    expect([20, 60, 81].map((t) => word(of, t))).toEqual(["failed", "running", "green"]);
  });

  test("jobs of one name in one run, and of one name under another event, each count", () => {
    const twice = world({ runs: [run([e2e(10), e2e(20, { conclusion: "FAILURE" })])] });
    expect(word(twice, 30)).toBe("failed");
    const events = world({ runs: [run([e2e(10, { conclusion: "FAILURE" })], { event: "push" }), run([e2e(20)])] });
    expect(word(events, 30)).toBe("failed");
  });
});

describe("what something waits for", () => {
  const held = (by: "timer" | "rule" | "reviewers", released: number | null) =>
    world({ runs: [run([job("deploy", 5, { environment: { name: "prod", by, released } })])] });

  // "Deployments and environments": reviewers are asked, a timer and a custom rule are not people.
  test("only reviewers are people who must act", () => {
    expect(word(held("reviewers", null), 60)).toBe("blocked");
    expect(word(held("timer", 120), 60)).toBe("running");
    expect(word(held("rule", null), 3000)).toBe("running");
    expect(word(held("timer", 120), 130)).toBe("green");
  });

  // "Status checks": pending: "the group-based concurrency limit has been reached". benc-uk/workflow-dispatch#97.
  test("a concurrency group is no missing runner, however long it takes", () => {
    const group = { name: "deploy", cancelInProgress: false };
    const of = world({
      runs: [run([job("deploy", 3000)], { group }), run([job("e2e", 10)], { workflow: "E2E", created: 2, group })],
    });
    expect([1200, 3020].map((t) => word(of, t))).toEqual(["running", "green"]);
  });

  // "Approving workflow runs from public forks".
  test("a first-time contributor's run waits for a maintainer", () => {
    const of = world({ runs: [run([job("build", 10)], { approved: 600 })] });
    expect([30, 620].map((t) => word(of, t))).toEqual(["blocked", "green"]);
  });

  test("all queued and nothing starts is a missing runner after fifteen minutes", () => {
    const of = world({ runs: [run([job("build", null, { starts: null })])] });
    expect([600, 902].map((t) => word(of, t))).toEqual(["running", "no_runner"]);
  });
});

describe("what was never started", () => {
  // "Skip workflow runs".
  test("by the message of the commit", () => {
    const rules = [rule({ checks: ["build"] })];
    for (const message of ["Fix [skip ci]", "[no ci] Fix", "Fix\n\n\nskip-checks: true\n"]) {
      expect(word(world({ heads: [head(0, { message })], rules }), 30)).toBe("not_started");
    }
  });

  // gabrielkoerich/orch#2526, qf-studio/pilot#4591: the text of the annotation.
  test("because somebody has to pay", () => {
    const of = (jobs: JobSpec[]) => world({ runs: [run(jobs)] });
    expect(word(of([job("build", 2, { refused: "billing", conclusion: "FAILURE" })]), 10)).toBe("not_started");
    const both = of([
      job("build", 2, { refused: "locked", conclusion: "FAILURE" }),
      job("lint", 5, { conclusion: "FAILURE" }),
    ]);
    expect([word(both, 10), also(both, 10)]).toEqual(["failed", ["not_started"]]);
  });

  test("nothing at all reports: three minutes, ten where workflows exist", () => {
    expect([170, 181].map((t) => word(world({ workflows: false }), t))).toEqual(["running", "no_checks"]);
    expect([590, 601].map((t) => word(world(), t))).toEqual(["running", "no_checks"]);
  });
});

describe("the pull request", () => {
  const runs = [run([job("build", 10)])];

  // "Events that trigger workflows", pull_request: "Workflows will not run … if the pull request has a merge conflict."
  test("that conflicts is blocked", () => {
    expect(word(world({ pull: { mergeable: [[0, "CONFLICTING"]] } }), 5)).toBe("blocked");
  });

  test("is over when it is merged or closed, until it is reopened", () => {
    const of = world({
      runs,
      pull: {
        ends: [
          [20, "close"],
          [40, "reopen"],
          [60, "merge"],
        ],
      },
    });
    expect([15, 30, 50, 70].map((t) => word(of, t))).toEqual(["green", "closed", "green", "merged"]);
  });

  // "Merging a pull request with a merge queue", "Understanding why your pull request was removed"; OpenMetadata#30752.
  test("in a merge queue goes on until the queue lets it go, and why is the verdict", () => {
    const queue = { enqueued: 20, groupEnds: 80, unmergeable: null } as const;
    const thrown = world({ runs, pull: { queue: { ...queue, leaves: [85, "failed_checks"] } } });
    expect([15, 50, 90].map((t) => word(thrown, t))).toEqual(["green", "running", "ejected"]);
    const taken = world({ runs, pull: { queue: { ...queue, leaves: [85, "manual"] } } });
    expect(word(taken, 90)).toBe("green");
    const merged = world({ runs, pull: { queue: { ...queue, leaves: [85, "merged"] } } });
    expect(word(merged, 90)).toBe("merged");
  });

  // supabitapp/supacode#39, cli/cli#5914: a branch is a repository and a name.
  test("of a stranger is not mine", () => {
    const strangers = [{ number: 50, fork: "stranger", passes: true }];
    expect(word(world({ runs, pull: { exists: false }, strangers }), 60)).toBe("no_pr");
  });

  // "Required check needs to succeed against the latest commit SHA".
  test("is judged by its last commit, and by the pushed one where that is known", () => {
    const heads = [head(0), head(100, { lag: 20 })];
    const of = world({ heads, runs: [run([job("build", 10)]), run([job("build", 300)], { head: 1, created: 105 })] });
    expect([90, 110, 125].map((t) => word(of, t))).toEqual(["green", "green", "running"]);
    const told: PrWorld = { ...of, asked: { ...of.asked, start: 101, by: "push" } };
    expect(word(told, 110)).toBe("running");
  });
});

describe("rules beyond status checks", () => {
  const build = run([job("build", 10)]);
  const of = (more: Partial<RuleSpec>, runs = [build]) =>
    world({ runs, rules: [rule({ checks: ["build"], ...more })] });

  // "Available rules for rulesets", "Require workflows to pass before merging".
  test("a required workflow must have passed", () => {
    const gate = (conclusion: string) => run([job("gate", 30, { conclusion })], { workflow: "Gate" });
    expect(word(of({ workflows: ["Gate"] }, [build, gate("FAILURE")]), 60)).toBe("failed");
    expect(word(of({ workflows: ["Gate"] }, [build, gate("SUCCESS")]), 60)).toBe("green");
    expect([60, 1000].map((t) => word(of({ workflows: ["Gate"] }), t))).toEqual(["running", "missing_required"]);
  });

  // The same page, "Require code scanning results" and "Require deployments to succeed before merging".
  test("results of code scanning and deployments must be there", () => {
    const scans = [{ tool: "CodeQL", at: 50, alerts: false }];
    expect([30, 60].map((t) => word(of({ scans }), t))).toEqual(["running", "green"]);
    expect(word(of({ scans: [{ tool: "CodeQL", at: 50, alerts: true }] }), 60)).toBe("failed");
    const deployments = [{ environment: "staging", at: 50 }];
    expect([30, 60].map((t) => word(of({ deployments }), t))).toEqual(["running", "green"]);
  });
});

describe("what a token may not read", () => {
  const refusing = (what: "rules" | "actions", more: Partial<PrWorld>) =>
    world({ ...more, trouble: { skew: 0, holes: [], faults: [], refused: [what] } });

  // GraphQL `isRequired` tells of what reports, and of nothing that has yet to.
  test("rules: where nothing required reports everything may decide, and is never green for that", () => {
    const jobs = [job("docs", 10, { conclusion: "FAILURE" })];
    const of = refusing("rules", { runs: [run(jobs)], rules: [rule({ checks: ["build"] })] });
    expect([word(of, 20), also(of, 20)]).toEqual(["running", ["failed"]]);
    const passed = refusing("rules", { runs: [run([job("docs", 10)])], rules: [rule({ checks: ["build"] })] });
    expect([word(passed, 20), also(passed, 20)]).toEqual(["running", []]);
  });

  test("rules: where something required reports only that decides", () => {
    const jobs = [job("build", 5), job("docs", 10, { conclusion: "FAILURE" })];
    const of = refusing("rules", { runs: [run(jobs)], rules: [rule({ checks: ["build"] })] });
    expect([word(of, 20), also(of, 20)]).toEqual(["green", []]);
  });

  test("Actions: which run replaces which is not shown, so everything may count", () => {
    const runs = [run([job("build", 5, { conclusion: "FAILURE" })]), run([job("build", 5)], { created: 20 })];
    expect([word(world({ runs }), 30), also(world({ runs }), 30)]).toEqual(["green", []]);
    expect(also(refusing("actions", { runs }), 30)).toEqual(["failed"]);
  });
});

describe("when a verdict is due", () => {
  const since = (of: PrWorld, t: number) => new Oracle(of).since(t);

  test("a failure at once; a cancelled job, and one that waits for a reviewer, when nothing else goes on", () => {
    const due = (more: Partial<JobSpec>) => since(world({ runs: [run([job("a", 10, more), job("b", 300)])] }), 400);
    expect(due({ conclusion: "FAILURE" })).toBe(11);
    expect(due({ conclusion: "CANCELLED" })).toBe(301);
    expect(due({ environment: { name: "prod", by: "reviewers", released: null } })).toBe(301);
  });
});

describe("a part that cannot be read", () => {
  const hole = { of: "checks", what: "RESOURCE_LIMITS_EXCEEDED", from: 0, to: null } as const;
  const many = [...Array(120).keys()].map((index) => job(`shard ${index}`, 10));

  // GitHub changelog 2025-09-01; "Rate limits and query limits for the GraphQL API", "Other resource limits".
  test("is no empty list: never green, but red where what can be read is", () => {
    const holes = [{ ...hole, page: 2 }];
    const passes = world({ runs: [run(many)], trouble: { skew: 0, holes, faults: [], refused: [] } });
    expect([word(passes, 30), also(passes, 30)]).toEqual(["unreadable", ["running"]]);
    const fails = { ...passes, runs: [run([job("build", 5, { conclusion: "FAILURE" }), ...many])] };
    expect(also(fails, 30)).toContain("failed");
    expect(word({ ...passes, runs: [run(many.slice(0, 90))] }, 30)).toBe("green");
  });

  // fwouts/prmonitor#1042.
  test("may be the pull request itself", () => {
    const holes = [{ ...hole, of: "pull", what: "saml", to: 60 } as const];
    const of = world({ runs: [run([job("build", 5)])], trouble: { skew: 0, holes, faults: [], refused: [] } });
    expect([30, 61].map((t) => word(of, t))).toEqual(["unreadable", "green"]);
  });
});

describe("rules and runs that have yet to tell", () => {
  // "Workflow syntax", `continue-on-error`: "Prevents a workflow run from failing when a job fails."
  test("a failed job of a required workflow may be waited for until its run ends", () => {
    const runs = [run([job("a", 10, { conclusion: "FAILURE" }), job("b", 300)])];
    const of = world({ runs, rules: [rule({ workflows: ["CI"] })] });
    expect([word(of, 20), also(of, 20)]).toEqual(["failed", ["running"]]);
    expect(also(of, 302)).toEqual([]);
    const named = world({ runs, rules: [rule({ workflows: ["CI"], checks: ["a"] })] });
    expect(also(named, 20)).toEqual([]);
  });

  test("a runner is missing also while the pull request is closed for a moment", () => {
    const runs = [run([job("build", null, { starts: null })])];
    const of = world({
      runs,
      pull: {
        ends: [
          [100, "close"],
          [140, "reopen"],
        ],
      },
    });
    expect([120, 902].map((t) => word(of, t))).toEqual(["closed", "no_runner"]);
  });

  test("a runner is missing from the creation of runs on that would bring a required check", () => {
    const runs = [run([job("build", null, { appears: 50, starts: null })])];
    expect(word(world({ runs, rules: [rule({ checks: ["build"] })] }), 902)).toBe("no_runner");
  });
});

describe("ready to merge", () => {
  const build = [run([job("build", 10)])];
  const rules = [rule({ checks: ["build"] })];
  const of = (pull: Partial<PrWorld["pull"]>, more: Partial<PrWorld> = {}) =>
    world({ runs: build, rules, ...more, pull });
  const review = (state: "APPROVED" | "CHANGES_REQUESTED", canWrite: boolean) => ({
    at: 5,
    author: `${canWrite}`,
    state,
    canWrite,
  });

  test("when everything required has passed and nothing is in the way", () => {
    expect([5, 20].map((t) => ready(of({}), t))).toEqual([false, true]);
    expect(ready(of({ draft: [[0, true]] }), 20)).toBe(false);
    expect(ready(of({ threads: [[0, null]] }), 20)).toBe(false);
    expect(ready(of({ mergeable: [[0, "UNKNOWN"]] }), 20)).toBe(false);
  });

  // angular/github-robot#20; GraphQL, `latestOpinionatedReviews(writersOnly:)`.
  test("by the opinions of those who may push", () => {
    expect(ready(of({ reviews: [review("CHANGES_REQUESTED", false)] }), 20)).toBe(true);
    expect(ready(of({ reviews: [review("CHANGES_REQUESTED", true)] }), 20)).toBe(false);
    const approvals = [rule({ checks: ["build"], approvals: 1 })];
    expect(ready(of({ reviews: [review("APPROVED", false)] }, { rules: approvals }), 20)).toBe(false);
    expect(ready(of({ reviews: [review("APPROVED", true)] }, { rules: approvals }), 20)).toBe(true);
  });

  test("or not, where nothing is required and the run that took over lacks what its group cancelled", () => {
    const group = { name: "ci", cancelInProgress: true };
    const runs = [run([job("a", 50), job("b", 50)], { group }), run([job("a", 50)], { group, created: 20 })];
    expect(ready(world({ runs }), 100)).toBe(null);
    expect(ready(world({ runs, rules: [rule({ checks: ["a"] })] }), 100)).toBe(true);
  });

  test("or not, where a newer run skips what failed in an older one", () => {
    const skip = { conclusion: "SKIPPED" };
    const runs = [run([job("a", 50, { conclusion: "FAILURE" })]), run([job("a", 0, skip)], { created: 20 })];
    const of = world({ runs, rules: [rule({ checks: ["a"] })] });
    expect([word(of, 60), also(of, 60), ready(of, 60)]).toEqual(["green", ["failed"], null]);
  });

  test("not with failing checks where none is required", () => {
    const fails = [run([job("build", 10, { conclusion: "FAILURE" })])];
    expect(ready(of({}, { rules: [], runs: fails }), 20)).toBe(false);
    expect(ready(of({}, { rules: [] }), 20)).toBe(true);
  });
});

test("what is queued beside a job that waits for an app goes on, or lacks a runner", () => {
  const held = { ...job("deploy", 60), environment: { name: "prod", by: "rule", released: null } } as const;
  const of = world({ runs: [run([job("build", null, { starts: null }), held])] });
  expect([word(of, 2_000), also(of, 2_000)]).toEqual(["running", ["no_runner"]]);
});
