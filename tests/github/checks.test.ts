import { isEnumType } from "graphql";
import { expect, test } from "vitest";
import { checkRunState, hasPassed, isPending, KNOWN_VALUES, statusContextState } from "../../src/github/checks.ts";
import { githubSchema } from "../servers/github/schema.ts";

const published = (name: string) => {
  const type = githubSchema().getType(name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
};

test.each(["CheckConclusionState", "CheckStatusState", "StatusState"] as const)(
  "every value of %s in GitHub's published schema is known",
  (name) => {
    const known = [...Object.keys(KNOWN_VALUES[name]), ...(name === "CheckStatusState" ? ["COMPLETED"] : [])];
    expect(known.sort()).toEqual(published(name).sort());
  },
);

test.each([
  ["SUCCESS", "succeeded"],
  ["NEUTRAL", "neutral"],
  ["SKIPPED", "skipped"],
  ["FAILURE", "failed"],
  ["TIMED_OUT", "failed"],
  ["STARTUP_FAILURE", "failed"],
  ["STALE", "failed"],
  ["CANCELLED", "cancelled"],
  ["ACTION_REQUIRED", "blocked"],
  ["NOT_INVENTED_YET", "unknown"],
])("a check run that ended with %s is %s", (conclusion, state) => {
  expect(checkRunState("COMPLETED", conclusion)).toBe(state);
  expect(checkRunState("completed", conclusion.toLowerCase())).toBe(state);
});

test.each([
  ["REQUESTED", "queued"],
  ["QUEUED", "queued"],
  ["PENDING", "queued"],
  ["IN_PROGRESS", "running"],
  ["WAITING", "queued"],
  ["NOT_INVENTED_YET", "unknown"],
])("a check run that is %s is %s, whatever conclusion stands beside it", (status, state) => {
  expect(checkRunState(status, null)).toBe(state);
  expect(checkRunState(status, "SUCCESS")).toBe(state);
});

test.each([
  ["EXPECTED", "queued"],
  ["PENDING", "running"],
  ["SUCCESS", "succeeded"],
  ["FAILURE", "failed"],
  ["ERROR", "failed"],
  ["NOT_INVENTED_YET", "unknown"],
])("a commit status %s is %s", (value, state) => {
  expect(statusContextState(value)).toBe(state);
});

test("a completed check without a conclusion, and one without a status, are unknown", () => {
  expect([checkRunState("COMPLETED", null), checkRunState(null, null), checkRunState("", "SUCCESS")]).toEqual([
    "unknown",
    "unknown",
    "unknown",
  ]);
});

test("only success, neutral and skipped pass, and unknown counts as pending", () => {
  const all = [
    "queued",
    "running",
    "succeeded",
    "neutral",
    "skipped",
    "failed",
    "cancelled",
    "blocked",
    "unknown",
  ] as const;
  expect(all.filter(hasPassed)).toEqual(["succeeded", "neutral", "skipped"]);
  expect(all.filter(isPending)).toEqual(["queued", "running", "unknown"]);
});

test("names of Object's own members are no known values", () => {
  expect([
    checkRunState("constructor", null),
    checkRunState("COMPLETED", "toString"),
    statusContextState("valueOf"),
  ]).toEqual(["unknown", "unknown", "unknown"]);
});
