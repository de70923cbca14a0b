// needs: time, gh
import { afterEach, describe, expect, test } from "vitest";
import { readMergeFacts } from "../../src/merge/read-facts.ts";
import { stillReady } from "../../src/merge/still-ready.ts";
import { mergeVerdict } from "../../src/merge/verdict.ts";
import { knownReviewers } from "../../src/reviewers/known.ts";
import { reviewPolicyOf } from "../../src/reviewers/policy.ts";
import { type Setup, setUp } from "../github/ask.ts";
import type { Pull } from "../servers/github/mod.ts";
import type { Thread } from "../servers/github/pull.ts";

let setup: Setup;
afterEach(() => setup.stop());

const THREADS: Record<string, Thread[]> = {
  none: [],
  resolved: [{ path: "a.ts", resolved: true }],
  open: [
    { path: "a.ts", resolved: true },
    { path: "b.ts", line: 7, author: "bob" },
  ],
  "open on the second page": [
    ...Array.from({ length: 100 }, (_, i) => ({ path: `f${i}.ts`, resolved: true })),
    { path: "last.ts" },
  ],
};
const CHECKS: Record<string, (pull: Pull) => void> = {
  passed: ({ head }) => head.checks("lint", { name: "docs", conclusion: "FAILURE" }),
  "none required": ({ head }) => head.checks("lint"),
  failed: ({ head }) => head.checks({ name: "lint", conclusion: "FAILURE" }),
  pending: ({ head }) => head.checks({ name: "lint", starts: 0, ends: null }),
  missing: ({ head }) => head.checks("docs"),
  cancelled: ({ head }) => head.checks({ name: "lint", conclusion: "CANCELLED" }),
  "waiting for approval": ({ head }) => head.checks({ name: "lint", conclusion: "ACTION_REQUIRED" }),
  "unheard of": ({ head }) => head.checks({ name: "lint", conclusion: "TELEPORTED" }),
};
const STATES = ["CLEAN", "HAS_HOOKS", "UNSTABLE", "BLOCKED", "BEHIND", "DIRTY", "DRAFT", "UNKNOWN"];
const DECISIONS = [null, "APPROVED", "REVIEW_REQUIRED", "CHANGES_REQUESTED"];

/** The contract's sentence, on its own. */
function ready(state: string, decision: string | null, threads: string, checks: string): boolean {
  const good = ["CLEAN", "HAS_HOOKS", "UNSTABLE"].includes(state);
  const passed = checks === "passed" || (checks === "none required" && state !== "UNSTABLE");
  return good && passed && decision !== "CHANGES_REQUESTED" && !threads.startsWith("open");
}

describe("the merge verdict through the real gh", () => {
  test("is the contract's for every merge state, review decision, thread and required-check situation", {
    timeout: 400_000,
  }, async () => {
    setup = await setUp();
    const rows: { name: string; expected: boolean; repo: string; pull: Pull }[] = [];
    for (const [checks, plan] of Object.entries(CHECKS)) {
      const repo = setup.server.world.repo(`octo/${checks.replaceAll(" ", "-")}`);
      repo.require({ required: checks === "none required" ? [] : ["lint"], source: "protection" });
      for (const state of STATES) {
        for (const decision of DECISIONS) {
          for (const [threads, list] of Object.entries(THREADS)) {
            const pull = repo.pull(repo.pulls.size + 1);
            plan(pull);
            pull.mergeState = state;
            pull.mergeable = state === "DIRTY" ? "CONFLICTING" : "MERGEABLE";
            pull.draft = state === "DRAFT";
            pull.reviewDecision = decision;
            pull.threads = list;
            const name = `${state} ${decision} threads ${threads} checks ${checks}`;
            rows.push({ name, expected: ready(state, decision, threads, checks), repo: repo.fullName, pull });
          }
        }
      }
    }
    expect(rows).toHaveLength(8 * 4 * 4 * 8);
    setup.clock.advance(1);
    const wrong: string[] = [];
    await Promise.all(
      rows.map(async ({ name, expected, repo, pull }) => {
        const verdict = mergeVerdict(await readMergeFacts(setup.client, repo, pull.number, pull.head.sha));
        if (verdict.ready !== expected || verdict.head !== pull.head.sha) wrong.push(`${name}: ${verdict.reason}`);
      }),
    );
    expect(wrong).toEqual([]);
    expect(rows.filter(({ expected }) => expected)).toHaveLength((3 + 2) * 3 * 2);
  });

  test.each([
    ["SUCCESS", true],
    ["NEUTRAL", true],
    ["SKIPPED", true],
    ["FAILURE", false],
    ["TIMED_OUT", false],
    ["STARTUP_FAILURE", false],
    ["STALE", false],
    ["CANCELLED", false],
    ["ACTION_REQUIRED", false],
  ])("a required check that ended %s: %s", async (conclusion, expected) => {
    const { pull, verdict } = await one((head) => head.checks({ name: "lint", conclusion }));
    expect((await verdict()).ready).toBe(expected);
    expect(pull.head.sha).toHaveLength(40);
  });

  test.each([
    ["SUCCESS", true],
    ["PENDING", false],
    ["FAILURE", false],
    ["ERROR", false],
    ["EXPECTED", false],
  ])("a required status that says %s: %s", async (state, expected) => {
    const { verdict } = await one((head) => head.status({ context: "lint", states: [[0, state]] }));
    expect((await verdict()).ready).toBe(expected);
  });

  test("of two checks of one name both must pass, unless the newer replaces the older", async () => {
    const both = await one((head) =>
      head.checks({ name: "lint", event: "push" }, { name: "lint", event: "pull_request", conclusion: "FAILURE" }),
    );
    expect((await both.verdict()).unmet.map(({ detail }) => detail)).toEqual([
      'Required check "lint" failed (failure)',
    ]);
    await setup.stop();
    const replaced = await one((head) =>
      head.checks({ name: "lint", run: 1, conclusion: "CANCELLED" }, { name: "lint", run: 2 }),
    );
    replaced.pull.mergeState = "CLEAN";
    expect((await replaced.verdict()).ready).toBe(true);
    replaced.pull.mergeState = "BLOCKED";
    expect((await replaced.verdict()).reason).toBe(
      'GitHub still counts an older run of the required check "lint", which a newer one replaced',
    );
  });

  test("a reviewer's later comment does not withdraw a change request, a later approval does", async () => {
    const { pull, verdict } = await one((head) => head.checks("lint"));
    pull.reviewDecision = null;
    pull.reviews = [
      { author: "bob", state: "CHANGES_REQUESTED" },
      { author: "bob", state: "COMMENTED" },
    ];
    expect((await verdict()).unmet).toMatchObject([
      { condition: "changes_requested", who: expect.stringContaining("bob") },
    ]);
    pull.reviews.push({ author: "bob", state: "APPROVED" });
    expect((await verdict()).ready).toBe(true);
  });

  test("reads the checks of the head that it names, also when the watch knew an older one", async () => {
    const { pull, verdict } = await one((head) => head.checks("lint"));
    const older = pull.head.sha;
    pull.push("more").checks({ name: "lint", conclusion: "FAILURE" });
    setup.clock.advance(1);
    const found = mergeVerdict(await readMergeFacts(setup.client, "octo/app", 42, older));
    expect(found).toMatchObject({ ready: false, head: pull.head.sha });
    expect((await verdict()).ready).toBe(false);
  });

  test("threads that the token may not read are not ready, and not none", async () => {
    const { verdict } = await one((head) => head.checks("lint"));
    const ask = setup.client.repository.bind(setup.client);
    setup.client.repository = async (repo, selection) => {
      const answer = await ask(repo, selection);
      if (!selection.includes("reviewThreads")) return answer;
      return {
        data: answer.data,
        problems: [{ type: "FORBIDDEN", message: "no", path: ["pullRequest", "reviewThreads", "nodes", 0] }],
      };
    };
    expect(await verdict()).toMatchObject({ ready: false, unresolved_threads: -1 });
  });

  test("costs one request when the head is known", async () => {
    const { pull } = await one((head) => head.checks("lint"));
    const before = setup.server.seen.length;
    await readMergeFacts(setup.client, "octo/app", 42, pull.head.sha);
    expect(setup.server.seen.length - before).toBe(1);
  });
});

describe("stillReady()", () => {
  test.each<[string, (pull: Pull) => void, RegExp | null]>([
    ["nothing", () => {}, null],
    [
      "a push",
      (pull) => pull.push("more").checks("lint"),
      /A push moved the head from \w{7}, which was ready, to \w{7}/,
    ],
    [
      "a change request",
      (pull) => pull.reviews.push({ author: "bob", state: "CHANGES_REQUESTED" }),
      /Changes are requested by bob/,
    ],
    ["a failing check", (pull) => pull.head.checks({ name: "lint", run: 2, conclusion: "FAILURE" }), /"lint" failed/],
    ["a new thread", (pull) => pull.threads.push({ path: "a.ts" }), /1 review thread is not resolved/],
    ["a conflict", (pull) => Object.assign(pull, { mergeable: "CONFLICTING" }), /conflicts with main/],
    ["turning into a draft", (pull) => Object.assign(pull, { draft: true }), /draft/],
    ["GitHub working it out anew", (pull) => Object.assign(pull, { mergeable: "UNKNOWN" }), null],
  ])("%s takes readiness back or leaves it", async (_, change, reason) => {
    const { pull } = await one((head) => head.checks("lint"));
    const marked = pull.head.sha;
    change(pull);
    setup.clock.advance(1);
    const lost = await stillReady({ repo: "octo/app", pr: 42, sha: marked }, setup.client);
    if (reason === null) expect(lost).toBeNull();
    else expect(lost).toMatch(reason);
  });

  test.each<[string, (pull: Pull) => void, RegExp | null]>([
    ["is done", () => {}, null],
    [
      "begins anew",
      (pull) => pull.head.status(codeRabbit("PENDING", "Review in progress")),
      /^CodeRabbit has not finished/,
    ],
    [
      "refuses it now",
      (pull) => pull.head.status(codeRabbit("SUCCESS", "Review rate limited")),
      /^CodeRabbit did not review/,
    ],
  ])("a reviewer that %s takes it back or leaves it", async (_, change, reason) => {
    const { pull } = await one((head) => head.checks("lint").status(codeRabbit("SUCCESS", "Review completed")));
    change(pull);
    setup.clock.advance(1);
    const { reviewers } = await import("../../plugins/reviewers/registry.ts");
    const known = await knownReviewers(reviewers, {});
    const asked = { known, policy: reviewPolicyOf({}) };
    const mark = { repo: "octo/app", pr: 42, sha: pull.head.sha };
    const lost = await stillReady(mark, setup.client, asked);
    if (reason === null) expect(lost).toBeNull();
    else expect(lost).toMatch(reason);
    setup.server.world.hole({ field: "PullRequest.comments", what: "SERVICE_UNAVAILABLE" });
    expect(await stillReady(mark, setup.client, asked)).toBeNull();
  });

  test("a reviewer that was asked again after it requested changes is whose move it is", async () => {
    const { pull, verdict } = await one((head) => head.checks("lint"));
    pull.reviews.push({ author: "bob", state: "CHANGES_REQUESTED" });
    expect((await verdict()).unmet[0]?.who).toMatch(/^the author: answer/);
    pull.requestedReviewers = ["bob"];
    expect((await verdict()).unmet[0]).toMatchObject({ condition: "changes_requested", who: "bob: review again" });
  });

  test("an error of GitHub's is no verdict", async () => {
    const { pull } = await one((head) => head.checks("lint"));
    setup.server.world.fault({ kind: "502" });
    await expect(stillReady({ repo: "octo/app", pr: 42, sha: pull.head.sha }, setup.client)).rejects.toThrow(
      "GitHub has a problem",
    );
  });
});

const codeRabbit = (state: "PENDING" | "SUCCESS", description: string) => ({
  context: "CodeRabbit",
  states: [[0, state, description]] as [number, "PENDING" | "SUCCESS", string][],
});

/** One pull request whose base requires `lint`. */
async function one(plan: (head: Pull["head"]) => void) {
  setup = await setUp();
  const repo = setup.server.world.repo("octo/app");
  repo.require({ required: ["lint"], source: "protection" });
  const pull = repo.pull(42);
  plan(pull.head);
  setup.clock.advance(1);
  return { pull, verdict: async () => mergeVerdict(await readMergeFacts(setup.client, "octo/app", 42)) };
}
