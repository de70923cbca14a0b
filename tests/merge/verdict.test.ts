import { describe, expect, test } from "vitest";
import type { MergeFacts, RequiredCheck } from "../../src/merge/facts.ts";
import { mergeVerdict, unreadableVerdict } from "../../src/merge/verdict.ts";
import { HEAD, readyFacts } from "./facts.ts";

const MERGE_STATES = [
  "CLEAN",
  "HAS_HOOKS",
  "UNSTABLE",
  "BLOCKED",
  "BEHIND",
  "DIRTY",
  "DRAFT",
  "UNKNOWN",
  "SOMETHING_NEW",
];
const DECISIONS = ["APPROVED", null, "REVIEW_REQUIRED", "CHANGES_REQUESTED", "SOMETHING_NEW"];
const OPEN = { path: "src/a.ts", line: 3, author: "bob", url: "" };
const THREADS: Record<string, MergeFacts["threads"]> = {
  none: { total: 0, open: [] },
  resolved: { total: 4, open: [] },
  "one open": { total: 4, open: [OPEN] },
  unreadable: null,
};
const passed: RequiredCheck = { name: "test", state: "passed" };
const REQUIRED: Record<string, MergeFacts["required"]> = {
  passed: [passed],
  "none required": [],
  failed: [passed, { name: "lint", state: "failed" }],
  pending: [{ name: "lint", state: "pending" }],
  missing: [{ name: "lint", state: "missing" }],
  blocked: [{ name: "lint", state: "blocked" }],
  "unknown state": [{ name: "lint", state: "unknown" }],
  "same name passed and failed": [passed, { name: "test", state: "failed" }],
  unreadable: null,
};

/** The contract's sentence, said again and on its own: the table below compares the two for every combination. */
function readyByContract(state: string, decision: string | null, threads: string, required: string): boolean {
  const stateIsGood = ["CLEAN", "HAS_HOOKS", "UNSTABLE"].includes(state);
  const checksAreGood = required === "passed" || (required === "none required" && state !== "UNSTABLE");
  const reviewsAreGood = decision !== "CHANGES_REQUESTED" && decision !== "SOMETHING_NEW";
  return stateIsGood && checksAreGood && reviewsAreGood && ["none", "resolved"].includes(threads);
}

describe("mergeVerdict()", () => {
  const rows = MERGE_STATES.flatMap((state) =>
    DECISIONS.flatMap((decision) =>
      Object.keys(THREADS).flatMap((threads) =>
        Object.keys(REQUIRED).map((required) => ({ state, decision, threads, required })),
      ),
    ),
  );

  test("is the contract's predicate for every merge state, review decision, thread and required-check situation", () => {
    expect(rows).toHaveLength(9 * 5 * 4 * 9);
    const wrong = rows.filter(({ state, decision, threads, required }) => {
      const verdict = mergeVerdict(
        readyFacts({
          mergeState: state,
          mergeable: state === "DIRTY" ? "CONFLICTING" : "MERGEABLE",
          reviewDecision: decision,
          threads: THREADS[threads] ?? null,
          required: REQUIRED[required] ?? null,
        }),
      );
      return (
        verdict.ready !== readyByContract(state, decision, threads, required) ||
        verdict.ready !== (verdict.unmet.length === 0)
      );
    });
    expect(wrong).toEqual([]);
    expect(rows.filter((row) => readyByContract(row.state, row.decision, row.threads, row.required))).toHaveLength(30);
  });

  test("names every unmet condition with what it is and whose move it is", () => {
    const verdict = mergeVerdict(
      readyFacts({
        mergeState: "BLOCKED",
        reviewDecision: "REVIEW_REQUIRED",
        opinions: [],
        awaited: ["carol", "o/core"],
        threads: { total: 5, open: [OPEN, OPEN, OPEN, OPEN] },
        required: [
          { name: "lint", state: "failed", detail: "TIMED_OUT" },
          { name: "e2e", state: "pending" },
          { name: "deploy", state: "missing" },
        ],
      }),
    );
    expect(verdict.unmet).toEqual([
      {
        condition: "required_checks",
        detail: 'Required check "lint" failed (timed out)',
        who: expect.stringContaining("heal"),
      },
      { condition: "required_checks", detail: 'Required check "e2e" is not finished', who: "CI: wait" },
      {
        condition: "required_checks",
        detail: 'Required check "deploy" never reported on this commit',
        who: expect.any(String),
      },
      { condition: "review_required", detail: "A required review is missing", who: "carol, o/core: review" },
      {
        condition: "threads",
        detail: expect.stringMatching(/^4 review threads are not resolved: src\/a.ts:3 \(bob\)/),
        who: expect.any(String),
      },
    ]);
    expect(verdict.reason).toBe('Required check "lint" failed (timed out) (and 4 more conditions)');
    expect(verdict.unresolved_threads).toBe(4);
  });

  test.each([
    ["CLOSED", "open"],
    ["MERGED", "open"],
    ["SOMETHING_NEW", "open"],
  ])("is not ready when the pull request is %s", (state, condition) => {
    expect(mergeVerdict(readyFacts({ state })).unmet[0]?.condition).toBe(condition);
  });

  test("is not ready while it is a draft, whatever GitHub's merge state says", () => {
    expect(mergeVerdict(readyFacts({ draft: true })).unmet[0]?.condition).toBe("draft");
  });

  test("is not ready when GitHub cannot say whether it conflicts", () => {
    expect(mergeVerdict(readyFacts({ mergeable: "UNKNOWN" })).ready).toBe(false);
    expect(mergeVerdict(readyFacts({ mergeable: "SOMETHING_NEW" })).ready).toBe(false);
    expect(mergeVerdict(readyFacts({ mergeable: "CONFLICTING" })).unmet[0]?.condition).toBe("conflicts");
  });

  test("is not ready when one reviewer still asks for changes, though GitHub's decision counts others", () => {
    const opinions = [
      { author: "bob", state: "APPROVED" },
      { author: "mallory", state: "CHANGES_REQUESTED" },
    ];
    for (const reviewDecision of ["APPROVED", null]) {
      const verdict = mergeVerdict(readyFacts({ opinions, reviewDecision }));
      expect(verdict.unmet.map((entry) => entry.detail)).toEqual(["Changes are requested by mallory"]);
    }
    expect(mergeVerdict(readyFacts({ opinions: null })).ready).toBe(false);
    expect(mergeVerdict(readyFacts({ opinions: [{ author: "bob", state: "DISMISSED" }] })).ready).toBe(true);
  });

  test("says that a rule nobody can read blocks it, when that is all that is left", () => {
    const [only, ...more] = mergeVerdict(readyFacts({ mergeState: "BLOCKED" })).unmet;
    expect(only).toMatchObject({ condition: "merge_state", who: expect.stringContaining("admin") });
    expect(more).toEqual([]);
  });

  test("is not ready when the merge queue calls it unmergeable, and is when it only waits there", () => {
    expect(mergeVerdict(readyFacts({ queue: { position: 1, state: "UNMERGEABLE" } })).ready).toBe(false);
    expect(mergeVerdict(readyFacts({ queue: { position: 1, state: "QUEUED" } })).ready).toBe(true);
  });

  test("carries the head commit, and makes outside names harmless", () => {
    const required: RequiredCheck[] = [{ name: `evil\u001b[2J\n${"x".repeat(300)}`, state: "failed" }];
    const verdict = mergeVerdict(readyFacts({ required }));
    expect(verdict.head).toBe(HEAD);
    expect(verdict.reason).not.toMatch(/[\u001b\n]/);
    expect(verdict.reason.length).toBeLessThan(140);
  });

  test("says why a ready one is ready", () => {
    expect(mergeVerdict(readyFacts()).reason).toBe(
      "the required check passed on a1b2c3d, no change is requested, no thread is open",
    );
    expect(mergeVerdict(readyFacts({ required: [] })).reason).toContain("no check is required");
  });

  test("unreadableVerdict() is never ready", () => {
    expect(unreadableVerdict("HTTP 502")).toMatchObject({
      ready: false,
      state: "QUERY_FAILED",
      unresolved_threads: -1,
      head: null,
    });
  });
});
