import { describe, expect, test } from "vitest";
import type { Check } from "../../src/github/pull-request.ts";
import { expectedChecks } from "../../src/merge/expected-checks.ts";
import { latestChecks } from "../../src/merge/latest-checks.ts";

let next = 1;
/** A check run of GitHub Actions that passed in a run that has ended, with what differs. */
function check(name: string, more: Partial<Check> = {}): Check {
  next += 1;
  return {
    ...{ kind: "check", id: next, name, app: "github-actions", appId: 15368, workflow: "CI", workflowId: 7 },
    ...{ event: "pull_request", suite: 1, suiteEnded: true, suiteConclusion: "SUCCESS", run: 1, runNumber: null },
    ...{ attempt: null, cause: null, state: "succeeded", raw: "COMPLETED/SUCCESS", required: null, url: null },
    ...{ description: null, startedAt: 1000, endedAt: 2000 },
    ...more,
  } as Check;
}

/** The same in the second run of the workflow. */
const second = (name: string, more: Partial<Check> = {}) => check(name, { suite: 2, run: 2, runNumber: 2, ...more });
const suite = (more: Partial<Check> = {}) => check("CI", { kind: "suite", startedAt: null, endedAt: null, ...more });

const status = (name: string, raw: string, more: Partial<Check> = {}) =>
  check(name, {
    kind: "status",
    app: null,
    appId: null,
    workflow: null,
    event: null,
    suite: null,
    run: null,
    raw,
    ...more,
  });

describe("latestChecks()", () => {
  test("drops what a newer run of the same workflow and event reports again, passed or failed", () => {
    const [old, now] = [check("lint", { state: "failed" }), second("lint")];
    expect(latestChecks([old, now])).toEqual([now]);
    const red = check("lint", { suite: 3, run: 3, state: "failed" });
    expect(latestChecks([now, red])).toEqual([red]);
  });

  test.each<[string, Partial<Check>, Partial<Check>]>([
    ["that still runs", { state: "running", endedAt: null }, {}],
    ["that passed", {}, {}],
    ["that failed", { state: "failed" }, {}],
    ["that runs, and is skipped in the newer", { state: "running", endedAt: null }, { state: "skipped" }],
    ["of a run of which nobody knows whether it ended", { suiteEnded: null }, {}],
  ])("drops nothing of a run that goes on: a check %s", (_, older, newer) => {
    const alive = { suiteEnded: false, suiteConclusion: null, ...older };
    const both = [check("e2e", alive), second("e2e", newer)];
    expect(latestChecks(both)).toEqual(both);
  });

  test("a skip replaces what had ended before it, and nothing that ran on", () => {
    const failed = check("e2e", { state: "failed", endedAt: 2000 });
    const [before, after] = [
      second("e2e", { state: "skipped", endedAt: 1500 }),
      second("e2e", { state: "skipped", endedAt: 2500 }),
    ];
    expect(latestChecks([failed, before])).toEqual([failed, before]);
    expect(latestChecks([failed, after])).toEqual([after]);
  });

  test("takes a re-run of the earlier run for the newer report", () => {
    const again = check("lint", { id: 900, state: "failed" });
    const newer = second("lint", { id: 500 });
    expect(latestChecks([again, newer])).toEqual([again]);
  });

  test("keeps what only the older run reports, unless its concurrency group cancelled it", () => {
    const newer = second("lint");
    const failed = check("e2e", { state: "failed" });
    expect(latestChecks([failed, newer])).toEqual([failed, newer]);
    const stopped = check("e2e", { state: "cancelled", suiteConclusion: "CANCELLED" });
    expect(latestChecks([stopped, newer])).toEqual([newer]);
    expect(latestChecks([stopped, newer], { alone: new Set([1]) })).toEqual([stopped, newer]);
    const single = check("e2e", { state: "cancelled", suiteConclusion: "FAILURE" });
    expect(latestChecks([single, newer])).toEqual([single, newer]);
  });

  test("drops an ended run without any check when a newer one is there, and no run that waits", () => {
    const broken = suite({ state: "failed", raw: "COMPLETED/STARTUP_FAILURE" });
    const newer = second("lint");
    expect(latestChecks([broken, newer])).toEqual([newer]);
    const pending = suite({ state: "queued", raw: "PENDING", suiteEnded: false });
    expect(latestChecks([pending, newer])).toEqual([pending, newer]);
  });

  test.each<[string, Partial<Check>]>([
    ["event", { event: "push" }],
    ["workflow", { workflow: "Other", workflowId: 8 }],
    ["workflow, and both are called the same", { workflowId: 8 }],
    ["app", { app: "circleci", workflow: null }],
  ])("keeps both when the %s differs", (_, more) => {
    const [one, two] = [check("lint", { state: "cancelled", suiteConclusion: "CANCELLED" }), second("lint", more)];
    expect(latestChecks([one, two])).toEqual([one, two]);
  });

  test("takes runs of which nobody knows the workflow for strangers", () => {
    const hidden = { workflow: null, workflowId: null, run: null };
    const both = [check("build", { ...hidden, state: "failed" }), check("build", { ...hidden, suite: 2 })];
    expect(latestChecks(both)).toEqual(both);
  });

  test("keeps other checks of an app that has one suite for all", () => {
    const ofApp = { app: "x", workflow: null, workflowId: null, run: null };
    const [one, two] = [
      check("a", { ...ofApp, state: "cancelled", suiteConclusion: "CANCELLED" }),
      check("b", { ...ofApp, suite: 2 }),
    ];
    expect(latestChecks([one, two])).toEqual([one, two]);
  });

  test("of an app the later report of a name replaces the one that had ended", () => {
    const ofApp = { app: "x", workflow: null, workflowId: null, run: null };
    const first = check("scan", { ...ofApp, state: "failed", startedAt: 0, endedAt: 10 });
    const again = check("scan", { ...ofApp, startedAt: 20, endedAt: 30 });
    const twin = check("scan", { ...ofApp, startedAt: 5, endedAt: 15 });
    expect(latestChecks([first, again])).toEqual([again]);
    expect(latestChecks([first, twin])).toEqual([first, twin]);
    expect(latestChecks([first, check("scan", { ...ofApp, suite: 2 })])).toHaveLength(1);
  });

  test("in one run a newer attempt replaces, and times say nothing", () => {
    const first = check("test", { state: "failed", startedAt: 0, endedAt: 10, attempt: 1 });
    const again = check("test", { startedAt: 20, endedAt: 30, attempt: 2 });
    const twin = check("test", { startedAt: 20, endedAt: 30, attempt: 1 });
    const unknown = check("test", { startedAt: 20, endedAt: 30 });
    expect(latestChecks([first, again])).toEqual([again]);
    expect(latestChecks([first, twin])).toEqual([first, twin]);
    expect(latestChecks([first, unknown])).toEqual([first, unknown]);
  });

  test("never drops a status", () => {
    const both = [status("ci", "SUCCESS"), status("ci/other", "FAILURE", { state: "failed" })];
    expect(latestChecks(both)).toEqual(both);
  });
});

describe("expectedChecks()", () => {
  const rules = (...names: string[]) => ({ required: names.map((name) => ({ name, appId: null })) });

  test("with a required check known only those decide", () => {
    const [build, lint] = [check("build"), check("lint", { state: "failed" })];
    expect(expectedChecks([build, lint], rules("build"))).toMatchObject({
      requiredKnown: true,
      deciding: [build],
      optional: [lint],
      missing: [],
    });
  });

  test("GitHub's own mark is enough, without any rule", () => {
    const [build, lint] = [check("build", { required: true }), check("lint")];
    expect(expectedChecks([build, lint], rules())).toMatchObject({
      requiredKnown: true,
      deciding: [build],
      optional: [lint],
    });
  });

  test("with none known all decide", () => {
    const all = [check("build"), check("lint")];
    expect(expectedChecks(all, rules())).toMatchObject({ requiredKnown: false, deciding: all, optional: [] });
  });

  test.each<[string, Check, boolean]>([
    ["a check of that app", check("build", { appId: 99 }), true],
    ["a check of another app", check("build"), false],
    ["a check that GitHub marks and that is of another app", check("build", { required: true }), false],
    ["a status, unmarked", status("build", "SUCCESS"), true],
    ["a status that GitHub marks", status("build", "SUCCESS", { required: true }), true],
    ["a status that GitHub does not take", status("build", "SUCCESS", { required: false }), false],
  ])("what a rule with a pinned app takes: %s", (_, report, meets) => {
    const required = [{ name: "build", appId: 99 }];
    expect(expectedChecks([report], { required }).missing).toEqual(meets ? [] : required);
  });

  test.each<[string, Check[], number]>([
    ["a status", [status("build", "SUCCESS", { required: true })], 1],
    [
      "a status, and a check of that app",
      [status("build", "SUCCESS", { required: true }), check("build", { appId: 99 })],
      0,
    ],
  ])("which of two rules, one with a pinned app, miss: %s", (_, reports, missing) => {
    const open = { name: "build", appId: null };
    const pinned = { name: "build", appId: 99 };
    const found = expectedChecks(reports, { required: [open, pinned] });
    expect(found.missing).toEqual([pinned].slice(0, missing));
    expect(expectedChecks(reports, { required: [open, pinned] }, { mergeable: true }).missing).toEqual([]);
  });

  test("contexts of statuses are the same in any case, names of check runs only letter by letter", () => {
    expect(expectedChecks([status("ci/BUILD", "SUCCESS")], rules("CI/build")).missing).toEqual([]);
    expect(expectedChecks([check("BUILD")], rules("build")).missing).toEqual([{ name: "build", appId: null }]);
  });

  test("what GitHub says is not required for this pull request meets no rule", () => {
    const seen = expectedChecks([check("build", { required: false })], rules("build"));
    expect(seen).toMatchObject({ deciding: [], missing: [{ name: "build" }] });
  });

  test("a placeholder is a required check that is missing, not a report", () => {
    const seen = expectedChecks([status("ci", "EXPECTED", { state: "queued" }), check("lint")], rules());
    expect(seen).toMatchObject({ requiredKnown: true, deciding: [], missing: [{ name: "ci", appId: null }] });
  });

  test("a suite does not stand for the check that it should have brought", () => {
    expect(expectedChecks([check("CI", { kind: "suite" })], rules("CI")).missing).toHaveLength(1);
  });
});
