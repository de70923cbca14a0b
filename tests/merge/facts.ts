import { NO_OTHER_RULES } from "../../src/github/branch-rules.ts";
import type { MergeFacts } from "../../src/merge/facts.ts";

export const HEAD = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";

/** A pull request that is ready in every respect; a test changes what it is about. */
export function readyFacts(changed: Partial<MergeFacts> = {}): MergeFacts {
  return {
    repo: "o/r",
    pr: 42,
    url: "https://github.com/o/r/pull/42",
    title: "Add a parser",
    author: "ada",
    head: HEAD,
    base: "main",
    state: "OPEN",
    draft: false,
    mergeState: "CLEAN",
    mergeable: "MERGEABLE",
    reviewDecision: "APPROVED",
    opinions: [{ author: "bob", state: "APPROVED" }],
    awaited: [],
    owners: null,
    threads: { total: 1, open: [] },
    required: [{ name: "test", state: "passed" }],
    rules: NO_OTHER_RULES,
    workflows: [],
    deployments: [],
    scanning: [],
    unrequired: [],
    nothing: null,
    absent: null,
    shadowed: [],
    optionalRed: [],
    queue: null,
    removal: null,
    archived: false,
    autoMergeBy: null,
    ...changed,
  };
}
