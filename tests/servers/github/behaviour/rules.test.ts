// needs: gh
import { describe, expect, test } from "vitest";
import { lab } from "./lab.ts";

const merge = async ({ ask }: Awaited<ReturnType<typeof lab>>) =>
  (await ask("pullRequest(number:42){mergeStateStatus reviewDecision}")).repository.pullRequest;

describe("what the base demands", () => {
  test("the context of a status is compared without case, the name of a check run is not", async () => {
    const all = await lab();
    all.repo.require({ required: ["CI/Build"] });
    const { head } = all.repo.pull(42);
    head.checks("ci/build");
    expect((await merge(all)).mergeStateStatus).toBe("BLOCKED");
    head.status({ context: "ci/build", states: [[0, "SUCCESS"]] });
    expect((await merge(all)).mergeStateStatus).toBe("CLEAN");
  });

  test("a check and a status of that name are both required", async () => {
    const all = await lab();
    all.repo.require({ required: ["build"] });
    all.repo
      .pull(42)
      .head.checks("build")
      .status({ context: "build", states: [[0, "PENDING"]] });
    expect((await merge(all)).mergeStateStatus).toBe("BLOCKED");
  });

  test("a pinned app takes no report of another, and isRequired says so", async () => {
    const all = await lab();
    all.repo.require({ required: [{ context: "build", app: "vercel" }] });
    const { head } = all.repo.pull(42);
    head.checks("build").status({ context: "build", states: [[0, "SUCCESS"]] });
    const of = `pullRequest(number:42){statusCheckRollup{contexts(first:9){nodes{...on CheckRun{isRequired(pullRequestNumber:42)}
      ...on StatusContext{isRequired(pullRequestNumber:42)}}}}}`;
    const required = async () =>
      (await all.ask(of)).repository.pullRequest.statusCheckRollup.contexts.nodes.map(
        (node: { isRequired: boolean }) => node.isRequired,
      );
    expect(await required()).toEqual([false, false]);
    head.status({ context: "Build", app: "vercel", states: [[0, "SUCCESS"]] });
    expect(await required()).toEqual([false, false, true]);
    expect((await merge(all)).mergeStateStatus).toBe("CLEAN");
  });

  test("required workflows, code scanning and deployments block until they are there, and are in both APIs", async () => {
    const all = await lab();
    const { repo, ask, rest } = all;
    repo.require({
      required: [],
      workflows: [".github/workflows/Gate.yml"],
      codeScanning: ["CodeQL"],
      requiredDeployments: ["staging"],
    });
    const { head } = repo.pull(42);
    expect((await merge(all)).mergeStateStatus).toBe("BLOCKED");
    head.run({ workflow: "Gate", jobs: [{ name: "gate" }] });
    head.scans.set("CodeQL", "clean");
    expect((await merge(all)).mergeStateStatus).toBe("BLOCKED");
    repo.deploy(head.sha, { environment: "staging", states: [[0, "SUCCESS"]] });
    expect((await merge(all)).mergeStateStatus).toBe("CLEAN");
    const of = "pullRequest(number:42){baseRef{rules(first:9){nodes{type parameters{__typename}}}}}";
    const { nodes } = (await ask(of)).repository.pullRequest.baseRef.rules;
    expect(nodes.map((rule: { type: string }) => rule.type)).toEqual([
      "WORKFLOWS",
      "CODE_SCANNING",
      "REQUIRED_DEPLOYMENTS",
    ]);
    const rules = await rest("rules/branches/main");
    expect(rules.map((rule: { type: string }) => rule.type)).toEqual([
      "workflows",
      "code_scanning",
      "required_deployments",
    ]);
  });

  test("a base that went on is behind only where it must not be", async () => {
    const all = await lab();
    all.repo.pull(42);
    all.repo.push("main", "newer");
    expect((await merge(all)).mergeStateStatus).toBe("CLEAN");
    all.repo.require({ required: [], strict: true });
    expect((await merge(all)).mergeStateStatus).toBe("BEHIND");
  });

  test("of one check in several runs the newest decides", async () => {
    const all = await lab();
    all.repo.require({ required: ["e2e"] });
    const { head } = all.repo.pull(42);
    head.run({ jobs: [{ name: "e2e", ends: 600 }] });
    head.run({ appears: 1, jobs: [{ name: "e2e", conclusion: "SKIPPED" }] });
    all.clock.advance(2);
    expect((await merge(all)).mergeStateStatus).toBe("CLEAN");
  });
});

test("opinions of those who may not push do not count", async () => {
  const all = await lab();
  all.repo.require({ required: [], approvals: 1 });
  const pull = all.repo.pull(42);
  pull.reviews.push(
    { author: "ann", state: "APPROVED" },
    { author: "passer-by", state: "CHANGES_REQUESTED", canWrite: false },
  );
  expect(await merge(all)).toEqual({ mergeStateStatus: "CLEAN", reviewDecision: "APPROVED" });
  const of = (more: string) =>
    `pullRequest(number:42){latestOpinionatedReviews(first:9${more}){nodes{author{login} authorAssociation authorCanPushToRepository}}}`;
  const read = async (more = "") => (await all.ask(of(more))).repository.pullRequest.latestOpinionatedReviews.nodes;
  expect(await read()).toMatchObject([
    { authorAssociation: "MEMBER" },
    { authorAssociation: "NONE", authorCanPushToRepository: false },
  ]);
  expect(await read(",writersOnly:true")).toMatchObject([{ author: { login: "ann" } }]);
});

describe("the merge queue", () => {
  const events = `pullRequest(number:42){state isInMergeQueue mergeQueueEntry{state headCommit{oid}}
    timelineItems(last:5,itemTypes:[REMOVED_FROM_MERGE_QUEUE_EVENT]){nodes{...on RemovedFromMergeQueueEvent{reason beforeCommit{
    statusCheckRollup{contexts(first:9){nodes{...on CheckRun{name conclusion checkSuite{workflowRun{event}}}}}}}}}}}`;

  test("the group has a commit and runs of its own; who is thrown out is told why, and by which commit's checks", async () => {
    const { repo, clock, ask } = await lab();
    const pull = repo.pull(42);
    const group = pull.enqueue();
    group.run({ event: "merge_group", jobs: [{ name: "e2e", ends: 30, conclusion: "FAILURE" }] });
    expect((await ask(events)).repository.pullRequest).toMatchObject({
      isInMergeQueue: true,
      mergeQueueEntry: { state: "AWAITING_CHECKS", headCommit: { oid: group.sha } },
    });
    clock.advance(31);
    pull.eject();
    const { isInMergeQueue, timelineItems } = (await ask(events)).repository.pullRequest;
    const check = { name: "e2e", conclusion: "FAILURE", checkSuite: { workflowRun: { event: "merge_group" } } };
    const removed = { reason: "failed_checks", beforeCommit: { statusCheckRollup: { contexts: { nodes: [check] } } } };
    expect([isInMergeQueue, timelineItems.nodes]).toEqual([false, [removed]]);
  });

  test("being merged is an event of removal too", async () => {
    const { repo, ask } = await lab();
    const pull = repo.pull(42);
    pull.enqueue();
    pull.merge();
    expect((await ask(events)).repository.pullRequest).toMatchObject({
      state: "MERGED",
      timelineItems: { nodes: [{ reason: "merged" }] },
    });
  });
});

test("closing, reopening and drafts are in the timeline", async () => {
  const { repo, ask } = await lab();
  const pull = repo.pull(42);
  pull.close();
  pull.reopen();
  pull.setDraft(true);
  pull.push("other", { force: true });
  const of = "pullRequest(number:42){isDraft timelineItems(first:9){nodes{__typename}}}";
  const { isDraft, timelineItems } = (await ask(of)).repository.pullRequest;
  expect([isDraft, ...timelineItems.nodes.map((node: { __typename: string }) => node.__typename)]).toEqual([
    true,
    "ClosedEvent",
    "ReopenedEvent",
    "ConvertToDraftEvent",
    "HeadRefForcePushedEvent",
  ]);
});
