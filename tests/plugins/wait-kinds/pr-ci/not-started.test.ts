// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Hole } from "../../../servers/github/mod.ts";
import type { Pull, PullOptions } from "../../../servers/github/pull.ts";
import type { Repo } from "../../../servers/github/repo.ts";
import { type Bench, bench } from "./watch.ts";

let one: Bench;
let repo: Repo;
beforeEach(async () => {
  one = await bench();
  repo = one.world.repo("octo/app");
});
afterEach(() => one.stop());

function open(options: PullOptions = {}): Pull {
  return repo.pull(42, { head: "first", ...options });
}

function workflow(text: string, state?: string): void {
  repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml", text, state });
}

describe("what the head's message keeps from starting is said in seconds", () => {
  test("nothing is required", async () => {
    workflow("on: pull_request");
    open({ message: "Say it better [skip ci]" });
    const end = await one.watch();
    expect(end.outcome).toBe("not_started");
    expect(end.reason).toMatch(/^The message of [0-9a-f]{7} says "\[skip ci\]".* must push a commit without that$/);
    expect(end.at).toBeLessThan(30);
  });

  test("a check is required", async () => {
    workflow("on: pull_request");
    repo.require({ required: ["build"] });
    open({ message: "Say it better\n\n\nskip-checks: true" });
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "not_started",
      reason: expect.stringMatching(/^Required check "build" cannot report\. The message/),
    });
    expect(end.at).toBeLessThan(30);
  });

  test.each([0, 8])("what another app reports, %i s late, is judged as ever", async (appears) => {
    workflow("on: pull_request");
    open({ message: "Say it better [no ci]" }).head.checks({ name: "circle", app: "circleci", appears, ends: 40 });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("the words in an earlier commit of the branch count for nothing", async () => {
    workflow("on: pull_request");
    open({ message: "Say it better [skip ci]" }).push("second").checks({ name: "build", appears: 60 });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("a repository without workflows has nothing that could be skipped", async () => {
    open({ message: "Say it better [skip ci]" });
    expect(await one.watch()).toMatchObject({ outcome: "no_checks" });
  });

  test.each([
    ["green", "succeeded"],
    ["ignore", "open"],
  ])("the policy on no checks says %s", async (policy, outcome) => {
    workflow("on: pull_request");
    open({ message: "Say it better [skip ci]" });
    expect((await one.watch({ config: { no_checks: policy }, deadline: 900 })).outcome).toBe(outcome);
  });
});

describe("what is turned off is said in seconds, and that an admin must act", () => {
  test("GitHub Actions, to whoever may read it", async () => {
    workflow("on: pull_request");
    repo.actionsEnabled = false;
    repo.viewerPermission = "ADMIN";
    open();
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "not_started",
      reason: expect.stringContaining("GitHub Actions is disabled in the repository, and an admin must enable it"),
    });
    expect(end.at).toBeLessThan(30);
  });

  test("every workflow", async () => {
    workflow("on: pull_request", "disabled_manually");
    open();
    expect(await one.watch()).toMatchObject({
      outcome: "not_started",
      reason: expect.stringContaining("every workflow is disabled"),
    });
  });
});

describe("filters of paths and branches", () => {
  beforeEach(() => workflow("on: { pull_request: { paths: ['docs/**'] } }"));

  test("no workflow starts for what is changed: no checks, in seconds", async () => {
    open({ files: ["src/app.ts"] });
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "no_checks",
      reason: expect.stringContaining("filters of paths or branches"),
    });
    expect(end.at).toBeLessThan(30);
  });

  test("the policy may call that green", async () => {
    open({ files: ["src/app.ts"] });
    expect(await one.watch({ config: { no_checks: "green" } })).toMatchObject({ outcome: "succeeded" });
  });

  test("a workflow that only the base has is waited for: GitHub takes the files of the merge", async () => {
    const path = ".github/workflows/new.yml";
    repo.workflows.push({ name: "New", path, text: "on: pull_request", only: "base" });
    open({ files: ["src/app.ts"] }).head.checks({ name: "new", appears: 60, ends: 90 });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("a workflow that only the base has, and that lets nothing through either, changes nothing", async () => {
    const path = ".github/workflows/new.yml";
    repo.workflows.push({ name: "New", path, text: "on: { pull_request: { paths: ['*.md'] } }", only: "base" });
    open({ files: ["src/app.ts"] });
    expect(await one.watch()).toMatchObject({
      outcome: "no_checks",
      reason: expect.stringContaining("filters of paths or branches"),
    });
  });

  test.each<[string, string[], Hole[]]>([
    ["a file that was moved out of the filter's folder is one", ["src/a.md <- docs/a.md"], []],
    [
      "a tree that cannot be read now",
      ["src/app.ts"],
      [{ field: "Repository.object", under: "files", what: "SERVICE_UNAVAILABLE" }],
    ],
  ])("nothing is said in seconds where a workflow may start: %s", async (_, files, holes) => {
    for (const hole of holes) one.world.hole(hole);
    open({ files }).head.checks({ name: "docs", appears: 90, ends: 100 });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("one workflow that starts is waited for", async () => {
    open({ files: ["src/app.ts", "docs/a.md"] }).head.checks({ name: "docs", appears: 90 });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });
});

describe("a job that GitHub never started for want of a payment", () => {
  const note = (message: string) => ({
    path: ".github",
    line: 1,
    message: `The job was not started because ${message}`,
  });
  const unpaid = note(
    "recent account payments have failed or your spending limit needs to be increased. Please check the 'Billing & plans' section in your settings",
  );
  const locked = note("your account is locked due to a billing issue.");

  test.each([
    ["payments", unpaid],
    ["a locked account", locked],
  ])("%s: not started, and the owner must act", async (_, annotation) => {
    open().head.run({ jobs: [{ name: "build", ends: 3, conclusion: "FAILURE", annotations: [annotation] }] });
    const end = await one.watch();
    expect(end.outcome).toBe("not_started");
    expect(end.reason).toMatch(/^GitHub did not start "build": The job was not started .*must look at its billing/);
  });

  test("in a workflow that a rule demands, the workflow was not started either", async () => {
    const pull = open();
    pull.repo.require({ required: [], workflows: [".github/workflows/CI.yml"] });
    pull.head.run({ jobs: [{ name: "build", ends: 3, conclusion: "FAILURE", annotations: [locked] }] });
    expect(await one.watch()).toMatchObject({ outcome: "not_started" });
  });

  test("a job that ran and failed beside it is a failure", async () => {
    const never = { name: "build", ends: 3, conclusion: "FAILURE", annotations: [unpaid] };
    open().head.run({ jobs: [never, { name: "lint", ends: 2, conclusion: "FAILURE" }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });

  test("a job that ran and wrote of payments is a failure", async () => {
    open().head.run({ jobs: [{ name: "build", ends: 90, conclusion: "FAILURE", annotations: [unpaid] }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });
});

describe("a draft", () => {
  const skipped = (name: string) => ({ name, conclusion: "SKIPPED" });

  test("whose jobs were all skipped was never tried", async () => {
    open({ draft: true }).head.run({ jobs: [skipped("build"), skipped("lint")] });
    const end = await one.watch();
    expect(end.outcome).toBe("not_started");
    expect(end.reason).toMatch(/^#42 is a draft and every job was skipped \("build".*must mark it ready for review$/);
  });

  test("of which one job ran is judged", async () => {
    open({ draft: true }).head.run({ jobs: [skipped("build"), { name: "lint" }] });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded" });
  });

  test("that is marked ready in time is judged by what starts then", async () => {
    const pull = open({ draft: true });
    pull.head.run({ jobs: [skipped("build")] });
    one.world.at(20, () => {
      pull.setDraft(false);
      pull.head.run({ appears: 20, jobs: [{ name: "build", ends: 60, conclusion: "FAILURE" }] });
    });
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });

  test.each<[string, string[]]>([
    ["nothing is required", []],
    ["the skipped check is required", ["build"]],
  ])("that is marked ready is no green at once, its jobs start anew some seconds later: %s", async (_, required) => {
    if (required.length > 0) repo.require({ required });
    const pull = open({ draft: true });
    pull.head.run({ jobs: [skipped("build")] });
    pull.head.run({ workflow: "Lint", jobs: [{ name: "lint", ends: 22 }] });
    one.world.at(20, () => pull.setDraft(false));
    pull.head.run({ appears: 42, jobs: [{ name: "build", ends: 60, conclusion: "FAILURE" }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });

  test("no draft any more: jobs that were all skipped are green, and that is said", async () => {
    open().head.run({ jobs: [skipped("build")] });
    expect(await one.watch()).toMatchObject({ outcome: "succeeded", reason: "The check was skipped" });
  });
});

describe("closed and opened again", () => {
  test("so that the checks run anew: the watch goes on with what starts then", async () => {
    const pull = open();
    pull.head.run({ jobs: [{ name: "build", ends: 20 }] });
    one.world.at(12, () => pull.close());
    one.world.at(20, () => pull.reopen());
    pull.head.run({ appears: 35, jobs: [{ name: "build", ends: 60, conclusion: "FAILURE" }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });

  test("closed for good: that is the end", async () => {
    const pull = open();
    pull.head.checks({ name: "build", ends: 500 });
    one.world.at(60, () => pull.close());
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "closed", reason: "#42 was closed" });
    expect(end.at).toBeLessThan(180);
  });
});
