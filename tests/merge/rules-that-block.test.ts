// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMergeFacts } from "../../src/merge/read-facts.ts";
import { mergeVerdict } from "../../src/merge/verdict.ts";
import { explain } from "../../src/merge/why.ts";
import { type Setup, setUp } from "../github/ask.ts";
import type { Hole, Pull, RulePlan } from "../servers/github/mod.ts";

let setup: Setup;
let pull: Pull;
beforeEach(async () => {
  setup = await setUp();
  pull = setup.server.world.repo("octo/app").pull(42, { head: "first" });
  pull.head.checks("lint");
});
afterEach(() => setup.stop());

async function facts() {
  setup.clock.advance(1);
  return readMergeFacts(setup.client, "octo/app", 42);
}
const verdict = async () => mergeVerdict(await facts());
function demand(more: Partial<RulePlan>): void {
  pull.repo.require({ required: ["lint"], ...more });
}

describe("a rule beside status checks is named, with who can lift it", () => {
  const file = ".github/workflows/Scan.yml";

  test.each([
    ["FAILURE", 0, "failed", "the author: p9 heal, or push a fix"],
    ["SUCCESS", 500, "is not finished", "CI: wait"],
  ])("a required workflow (%s, %i s)", async (conclusion, ends, text, who) => {
    demand({ workflows: [file] });
    pull.head.run({ workflow: "Scan", jobs: [{ name: "scan", ends, conclusion }] });
    expect((await verdict()).unmet).toEqual([
      { condition: "required_workflows", detail: `Required workflow "${file}" ${text}`, who },
    ]);
  });

  test("a required workflow that never ran, and one that cannot be read", async () => {
    demand({ workflows: [file] });
    const condition = "required_workflows";
    const never = `Required workflow "${file}" never reported on this commit`;
    expect((await verdict()).unmet).toMatchObject([{ condition, detail: never }]);
    setup.server.world.permissions.actions = false;
    const unread = `Whether the required workflow "${file}" passed cannot be read`;
    expect((await verdict()).unmet).toMatchObject([
      { condition, detail: unread, who: expect.stringContaining("Actions: read") },
    ]);
    pull.head.run({ workflow: "Scan", jobs: [{ name: "scan" }] });
    expect(await verdict()).toMatchObject({ mergeable: "MERGEABLE", ready: true });
  });

  test("a required deployment", async () => {
    demand({ requiredDeployments: ["staging"] });
    const condition = "required_deployments";
    const missing = 'It must be deployed to "staging" first, and the deployment was not made';
    expect((await verdict()).unmet).toMatchObject([{ condition, detail: missing }]);
    pull.repo.deploy("first", { environment: "staging", states: [[0, "FAILURE"]] });
    expect((await verdict()).unmet).toMatchObject([
      { condition, detail: expect.stringContaining("the deployment failed") },
    ]);
    pull.repo.deploy("first", { environment: "staging", states: [[0, "SUCCESS"]] });
    expect(await verdict()).toMatchObject({ ready: true });
  });

  test("results of code scanning", async () => {
    demand({ codeScanning: ["CodeQL"] });
    const condition = "code_scanning";
    const missing = 'Code scanning by "CodeQL" has no results of this commit';
    expect((await verdict()).unmet).toMatchObject([{ condition, detail: missing }]);
    pull.head.scans.set("CodeQL", "alerts");
    const alerts = 'Code scanning by "CodeQL" has alerts that this change brings';
    expect((await verdict()).unmet).toMatchObject([{ condition, detail: alerts }]);
    pull.head.scans.set("CodeQL", "clean");
    expect(await verdict()).toMatchObject({ ready: true });
  });

  test("results of code scanning that this login may not read", async () => {
    demand({ codeScanning: ["CodeQL"] });
    setup.server.world.permissions.codeScanning = false;
    const who = expect.stringContaining("Code scanning alerts: read");
    expect((await verdict()).unmet).toMatchObject([{ condition: "code_scanning", who }]);
  });

  test("the merge queue is no obstacle, and told beside", async () => {
    demand({ mergeQueue: true });
    const found = await facts();
    const ready = mergeVerdict(found);
    expect(ready.ready).toBe(true);
    expect(explain(found, ready, [], 0)).toContain("  Merges into main go through a merge queue");
  });

  test("what is read of a deployment and a workflow costs nothing where no rule demands them", async () => {
    demand({});
    await facts();
    const asked = setup.server.seen.map(({ path, query }) => `${path} ${query ?? ""}`);
    expect(asked.filter((one) => /actions|code-scanning|deployments\(/.test(one))).toEqual([]);
  });
});

describe("opinions that count are those of people who may push", () => {
  test("a passer-by who requests changes stands in nobody's way", async () => {
    demand({ approvals: 1 });
    pull.reviews.push({ author: "ann", state: "APPROVED" });
    pull.reviews.push({ author: "passer-by", state: "CHANGES_REQUESTED", canWrite: false });
    expect(await verdict()).toMatchObject({ ready: true });
  });

  test("the same from somebody who may push does", async () => {
    demand({});
    pull.reviews.push({ author: "bob", state: "CHANGES_REQUESTED", canWrite: true });
    expect(await verdict()).toMatchObject({ ready: false, reason: "Changes are requested by bob" });
  });
});

describe("required as GitHub compares", () => {
  test("CLEAN beside a name that never reported: the rule or the name is wrong, and that is said", async () => {
    pull.repo.require({ required: ["lint", "renamed"] });
    pull.mergeState = "CLEAN";
    expect(await verdict()).toMatchObject({
      ready: false,
      reason: expect.stringContaining("although GitHub says that it can be merged"),
    });
  });

  test("the context of a status meets a rule whatever its case", async () => {
    pull.repo.require({ required: ["CI/Circle"] });
    pull.head.status({ context: "ci/circle", states: [[0, "SUCCESS"]] });
    expect(await verdict()).toMatchObject({ ready: true });
  });

  test("a run that goes on keeps its check, whatever came after it", async () => {
    demand({ required: ["e2e"] });
    pull.head.run({ jobs: [{ name: "e2e", ends: 900 }] });
    pull.head.run({ jobs: [{ name: "lint" }] });
    expect((await verdict()).reason).toBe('Required check "e2e" is not finished (in progress)');
  });
});

describe("a hole is no verdict", () => {
  test.each<[string, Hole]>([
    ["checks", { field: "StatusCheckRollup.contexts", what: "SERVICE_UNAVAILABLE" }],
    ["the pull request", { field: "Repository.pullRequest", what: "SERVICE_UNAVAILABLE" }],
    ["suites", { field: "Commit.checkSuites", what: "RESOURCE_LIMITS_EXCEEDED" }],
  ])("%s", async (_, hole) => {
    demand({});
    setup.server.world.hole(hole);
    await expect(facts()).rejects.toMatchObject({ problem: "partial" });
  });

  test.each<[string, Hole]>([
    ["a page that does not end", { field: "PullRequest.reviewThreads", what: "repeats" }],
    ["more than it shows", { field: "PullRequest.reviewThreads", what: "counts" }],
    ["one that is null", { field: "PullRequest.reviewThreads", node: 0, what: "SERVICE_UNAVAILABLE" }],
  ])("review threads: %s", async (_, hole) => {
    demand({});
    pull.threads.push({ path: "a.ts", resolved: true });
    setup.server.world.hole(hole);
    expect(await verdict()).toMatchObject({ ready: false, unresolved_threads: -1 });
  });

  test("single sign-on is named, and is not `no such pull request`", async () => {
    demand({});
    setup.server.world.hole({ field: "Repository.pullRequest", what: "saml" });
    await expect(facts()).rejects.toMatchObject({
      problem: "forbidden",
      needs: expect.stringContaining("single sign-on"),
    });
  });
});
