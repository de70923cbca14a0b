// needs: gh
import { describe, expect, test } from "vitest";
import { notStarted } from "../mod.ts";
import { lab } from "./lab.ts";

const suites = `pullRequest(number:42){commits(last:1){nodes{commit{checkSuites(first:10){nodes{status conclusion
  workflowRun{databaseId runNumber event file{path} workflow{name}} checkRuns(first:10){nodes{name status conclusion annotations(first:5){nodes{message}}}}}}}}}}`;

interface Suite {
  status: string;
  conclusion: string | null;
  workflowRun: { databaseId: number; runNumber: number; event: string };
  checkRuns: {
    nodes: { name: string; status: string; conclusion: string | null; annotations: { nodes: { message: string }[] } }[];
  };
}

async function world() {
  const all = await lab();
  const { head } = all.repo.pull(42);
  const read = async (): Promise<Suite[]> =>
    (await all.ask(suites)).repository.pullRequest.commits.nodes[0].commit.checkSuites.nodes;
  const states = async () => (await read()).map((suite) => `${suite.status} ${suite.conclusion}`);
  return { ...all, head, read, states };
}

describe("runs of one workflow on one head", () => {
  test("each has its number and a suite with a status of its own", async () => {
    const { head, clock, read } = await world();
    head.run({
      jobs: [
        { name: "build", ends: 5 },
        { name: "e2e", ends: 600 },
      ],
    });
    head.run({ appears: 2, jobs: [{ name: "label", ends: 3 }] });
    clock.advance(10);
    const [first, second] = await read();
    expect(first).toMatchObject({ status: "IN_PROGRESS", conclusion: null, workflowRun: { runNumber: 1 } });
    expect(second).toMatchObject({ status: "COMPLETED", conclusion: "SUCCESS", workflowRun: { runNumber: 2 } });
  });

  test("a run goes on while a job of it is still to come", async () => {
    const { head, clock, states } = await world();
    head.run({
      jobs: [
        { name: "build", ends: 5 },
        { name: "deploy", appears: 20, ends: 30 },
      ],
    });
    clock.advance(10);
    expect(await states()).toEqual(["IN_PROGRESS null"]);
    clock.advance(30);
    expect(await states()).toEqual(["COMPLETED SUCCESS"]);
  });

  test("two jobs of one name are both there, and a re-run of the failed one leaves the other", async () => {
    const { head, clock, rest } = await world();
    const run = head.run({ jobs: [{ name: "test" }, { name: "test", conclusion: "FAILURE" }] });
    await rest(`actions/runs/${run.runId}/rerun-failed-jobs`, "-X", "POST");
    clock.advance(6);
    const { jobs } = await rest(`actions/runs/${run.runId}/jobs`);
    expect(jobs.map((job: { run_attempt: number; conclusion: string }) => [job.run_attempt, job.conclusion])).toEqual([
      [1, "success"],
      [2, "success"],
    ]);
  });

  test("a run that goes on cannot be re-run: 403, and GitHub says why", async () => {
    const { head, gh } = await world();
    const run = head.run({
      jobs: [
        { name: "a", conclusion: "FAILURE" },
        { name: "b", ends: 600 },
      ],
    });
    const { code, stdout } = await gh(
      "api",
      "-X",
      "POST",
      `repos/octo/app/actions/runs/${run.runId}/rerun-failed-jobs`,
    );
    expect([code, JSON.parse(stdout).message]).toEqual([1, "This workflow is already running"]);
  });

  test("a re-run of all jobs replaces those that passed too", async () => {
    const { head, rest } = await world();
    const run = head.run({ jobs: [{ name: "a" }, { name: "b", conclusion: "FAILURE" }] });
    await rest(`actions/runs/${run.runId}/rerun`, "-X", "POST");
    const { jobs } = await rest(`actions/runs/${run.runId}/jobs`);
    expect(jobs.map((job: { run_attempt: number }) => job.run_attempt)).toEqual([2, 2]);
  });
});

describe("a concurrency group", () => {
  const group = { group: "ci-42" };

  test("one runs, one is pending without a job, and a newer one takes the place of the pending one", async () => {
    const { head, clock, states } = await world();
    const job = (name: string) => [{ name, ends: 100 }];
    head.run({ concurrency: group, jobs: job("one") });
    head.run({ concurrency: { group: "CI-42" }, appears: 10, jobs: job("two") });
    head.run({ concurrency: group, appears: 20, jobs: job("three") });
    clock.advance(15);
    expect(await states()).toEqual(["IN_PROGRESS null", "PENDING null"]);
    clock.advance(10);
    expect(await states()).toEqual(["IN_PROGRESS null", "COMPLETED CANCELLED", "PENDING null"]);
    clock.advance(100);
    expect(await states()).toEqual(["COMPLETED SUCCESS", "COMPLETED CANCELLED", "IN_PROGRESS null"]);
  });

  test("with cancel-in-progress the running one is cancelled: what it did not begin is skipped, and the job says what stopped it", async () => {
    const { head, clock, read } = await world();
    const jobs = [
      { name: "lint", ends: 5 },
      { name: "e2e", ends: 100 },
      { name: "deploy", appears: 100, ends: 110 },
    ];
    head.run({ concurrency: { ...group, cancelInProgress: true }, jobs });
    head.run({ concurrency: { ...group, cancelInProgress: true }, appears: 20, jobs });
    clock.advance(21);
    const [first] = await read();
    expect(first?.conclusion).toBe("CANCELLED");
    expect(first?.checkRuns.nodes.map((check) => check.conclusion)).toEqual(["SUCCESS", "CANCELLED", "SKIPPED"]);
    expect(first?.checkRuns.nodes[1]?.annotations.nodes[0]?.message).toBe(
      "Canceling since a higher priority waiting request for ci-42 exists",
    );
  });

  test("what a person cancelled says so", async () => {
    const { head, clock, read, rest } = await world();
    const run = head.run({ jobs: [{ name: "e2e", ends: 100 }] });
    await rest(`actions/runs/${run.runId}/cancel`, "-X", "POST");
    clock.advance(1);
    const [suite] = await read();
    expect(suite?.conclusion).toBe("CANCELLED");
    expect(suite?.checkRuns.nodes[0]?.annotations.nodes[0]?.message).toBe("The run was canceled by @octocat.");
  });
});

describe("a job that waits for its environment", () => {
  const requests = `pullRequest(number:42){commits(last:1){nodes{commit{checkSuites(first:1){nodes{status workflowRun{
    pendingDeploymentRequests(first:5){nodes{waitTimer currentUserCanApprove environment{name} reviewers(first:5){totalCount}}}}}}}}}}`;
  const waiting = async ({ ask }: Awaited<ReturnType<typeof world>>) => {
    const [suite] = (await ask(requests)).repository.pullRequest.commits.nodes[0].commit.checkSuites.nodes;
    return { status: suite.status, requests: suite.workflowRun.pendingDeploymentRequests.nodes };
  };

  test("a timer lets it go by itself", async () => {
    const all = await world();
    all.head.run({ jobs: [{ name: "deploy", ends: 5, environment: { name: "staging", waitTimer: 1 } }] });
    const request = {
      waitTimer: 1,
      currentUserCanApprove: false,
      environment: { name: "staging" },
      reviewers: { totalCount: 0 },
    };
    expect(await waiting(all)).toEqual({ status: "WAITING", requests: [request] });
    all.clock.advance(66);
    expect(await waiting(all)).toEqual({ status: "COMPLETED", requests: [] });
  });

  test("a custom rule shows neither timer nor reviewer", async () => {
    const all = await world();
    all.head.run({ jobs: [{ name: "deploy", environment: { name: "prod", customRule: "gate", released: 30 } }] });
    expect((await waiting(all)).requests).toMatchObject([{ waitTimer: 0, reviewers: { totalCount: 0 } }]);
  });

  test("a reviewer is named, and lets it go", async () => {
    const all = await world();
    const run = all.head.run({
      jobs: [{ name: "deploy", ends: 5, environment: { name: "prod", reviewers: ["octocat"] } }],
    });
    const path = `actions/runs/${run.runId}/pending_deployments`;
    const [pending] = await all.rest(path);
    expect(pending).toMatchObject({ current_user_can_approve: true, reviewers: [{ reviewer: { login: "octocat" } }] });
    await all.rest(path, "-X", "POST", "-F", `environment_ids[]=${pending.environment.id}`, "-f", "state=approved");
    all.clock.advance(6);
    expect(await waiting(all)).toEqual({ status: "COMPLETED", requests: [] });
  });
});

test("the run of a first-time contributor waits for a maintainer, without a job", async () => {
  const { head, clock, read, rest, states } = await world();
  const run = head.run({ approved: null, jobs: [{ name: "build", ends: 5 }] });
  expect(await states()).toEqual(["COMPLETED ACTION_REQUIRED"]);
  expect((await read())[0]?.checkRuns.nodes).toEqual([]);
  await rest(`actions/runs/${run.runId}/approve`, "-X", "POST");
  clock.advance(6);
  expect(await states()).toEqual(["COMPLETED SUCCESS"]);
});

test("a job that GitHub refused to start has failed, has no step, and says so", async () => {
  const { head, clock, read } = await world();
  head.run({ jobs: [notStarted("build", "billing")] });
  clock.advance(3);
  const [check] = (await read())[0]?.checkRuns.nodes ?? [];
  expect(check?.conclusion).toBe("FAILURE");
  expect(check?.annotations.nodes[0]?.message).toMatch(
    /^The job was not started because recent account payments have failed/,
  );
});

test("where GitHub starts no run none can be planned", async () => {
  const { repo } = await world();
  for (const message of ["Fix [skip ci]", "[actions skip] fix", "Fix\n\n\nskip-checks: true\n"]) {
    const pull = repo.pull(repo.pulls.size + 50, { head: message, message });
    expect(() => pull.head.run({ jobs: [] })).toThrow(/starts no run/);
    expect(() => pull.head.run({ event: "pull_request_target", jobs: [] })).not.toThrow();
  }
  repo.actionsEnabled = false;
  expect(() => repo.pull(42).head.run({ jobs: [] })).toThrow(/Actions is disabled/);
});

test("runs of one branch name are of several repositories, and say of which", async () => {
  const { repo, rest } = await world();
  for (const [number, fork] of [
    [50, "ann"],
    [51, "bob"],
  ] as const) {
    repo.pull(number, { fork, branch: "patch-1", head: fork }).head.run({ jobs: [{ name: "build" }] });
  }
  const { workflow_runs } = await rest("actions/runs?branch=patch-1");
  expect(workflow_runs.map((run: { head_repository: { full_name: string } }) => run.head_repository.full_name)).toEqual(
    ["bob/app", "ann/app"],
  );
});
