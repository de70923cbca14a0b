import { expect, test } from "vitest";
import { defineReviewer } from "../../src/reviewers/describe/define.ts";
import { findingChecks } from "../../src/threads/findings.ts";

const acme = defineReviewer({
  name: "acme",
  title: "Acme",
  checked: "here",
  apps: ["acme"],
  signals: [{ in: "check", means: "done" }],
  findings: "annotations",
  ask: {},
});
const check = (id: number, is: string, more = {}) => ({
  ...{ id, name: "Acme", app: "Acme" as string | null, is, at: 1, url: null },
  ...more,
});

test("a reviewer's findings are in the checks that its app ended neutral or failed, of one name in the latest", () => {
  const ids = (...checks: ReturnType<typeof check>[]) => findingChecks(checks, [acme]).map((one) => one.check.id);
  expect(ids(check(1, "neutral"), check(2, "failure", { name: "Acme Security" }))).toEqual([1, 2]);
  expect(ids(check(3, "in_progress"), check(1, "neutral"))).toEqual([]);
  expect(ids(check(1, "success"), check(2, "neutral", { app: "other" }), check(3, "neutral", { app: null }))).toEqual(
    [],
  );
  expect(findingChecks([check(1, "neutral")], [{ ...acme, findings: undefined }])).toEqual([]);
});

test("only a reviewer with apps has findings: anybody may make a check of its name", () => {
  const define = (more: object) => () => defineReviewer({ ...acme, ...more });
  expect(define({ apps: undefined, contexts: ["acme"] })).toThrow(/"acme": findings: wanted "apps" too/);
  expect(define({ findings: "threads" })).toThrow(/findings/);
});
