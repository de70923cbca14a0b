import { describe, expect, test } from "vitest";
import type { Check } from "../../src/github/pull-request.ts";
import { expectedChecks } from "../../src/merge/expected-checks.ts";
import { latestChecks } from "../../src/merge/latest-checks.ts";

let next = 1;
/** A check run of GitHub Actions that passed, with what differs. */
function check(name: string, more: Partial<Check> = {}): Check {
  next += 1;
  return {
    ...{ kind: "check", id: next, name, app: "github-actions", appId: 15368, workflow: "CI", event: "pull_request" },
    ...{ suite: 1, run: 1, state: "succeeded", raw: "COMPLETED/SUCCESS", required: null, url: null, description: null },
    ...{ startedAt: 1000, endedAt: 2000 },
    ...more,
  } as Check;
}

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
    const [old, now] = [check("lint", { state: "failed" }), check("lint", { suite: 2 })];
    expect(latestChecks([old, now])).toEqual([now]);
    const red = check("lint", { suite: 3, state: "failed" });
    expect(latestChecks([now, red])).toEqual([red]);
  });

  test("keeps what only the older run reports, unless it was cancelled or never ended", () => {
    const newer = check("lint", { suite: 2 });
    const failed = check("e2e", { state: "failed" });
    expect(latestChecks([failed, newer])).toEqual([failed, newer]);
    expect(latestChecks([check("e2e", { state: "cancelled" }), newer])).toEqual([newer]);
    expect(latestChecks([check("e2e", { state: "queued", endedAt: null }), newer])).toEqual([newer]);
  });

  test.each<[string, Partial<Check>]>([
    ["event", { event: "push" }],
    ["workflow", { workflow: "Other" }],
    ["app", { app: "circleci", workflow: null }],
  ])("keeps both when the %s differs", (_, more) => {
    const [one, two] = [check("lint", { state: "cancelled" }), check("lint", { suite: 2, ...more })];
    expect(latestChecks([one, two])).toEqual([one, two]);
  });

  test("keeps other checks of an app that has one suite for all", () => {
    const [one, two] = [
      check("a", { app: "x", workflow: null, state: "cancelled" }),
      check("b", { app: "x", workflow: null, suite: 2 }),
    ];
    expect(latestChecks([one, two])).toEqual([one, two]);
  });

  test("in one run a re-run replaces, and a twin that overlaps does not", () => {
    const first = check("test", { state: "failed", startedAt: 0, endedAt: 10 });
    const again = check("test", { startedAt: 20, endedAt: 30 });
    const twin = check("test", { startedAt: 5, endedAt: 15 });
    const queued = check("test", { state: "queued", startedAt: null, endedAt: null });
    expect(latestChecks([first, again])).toEqual([again]);
    expect(latestChecks([first, queued])).toEqual([queued]);
    expect(latestChecks([first, twin])).toEqual([first, twin]);
  });

  test("never drops a status", () => {
    const both = [status("ci", "SUCCESS"), status("ci/other", "FAILURE", { state: "failed" })];
    expect(latestChecks(both)).toEqual(both);
  });
});

describe("expectedChecks()", () => {
  const rules = (...names: string[]) => ({ required: names.map((name) => ({ name, appId: null })), complete: true });

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

  test("a required check of another app is missing, a status of that name is not", () => {
    const rule = { required: [{ name: "build", appId: 99 }], complete: true };
    expect(expectedChecks([check("build")], rule).missing).toEqual(rule.required);
    expect(expectedChecks([status("build", "SUCCESS")], rule).missing).toEqual([]);
  });

  test("a placeholder is a required check that is missing, not a report", () => {
    const seen = expectedChecks([status("ci", "EXPECTED", { state: "queued" }), check("lint")], rules());
    expect(seen).toMatchObject({ requiredKnown: true, deciding: [], missing: [{ name: "ci", appId: null }] });
  });

  test("a suite does not stand for the check that it should have brought", () => {
    expect(expectedChecks([check("CI", { kind: "suite" })], rules("CI")).missing).toHaveLength(1);
  });
});
