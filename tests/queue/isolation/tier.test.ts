import { describe, expect, test } from "vitest";
import { mentionedPaths } from "../../../src/queue/isolation/mentioned-paths.ts";
import { DEFAULT_TIERS, inferTier } from "../../../src/queue/isolation/tier.ts";
import type { WorkKind } from "../../../src/queue/isolation/work-words.ts";

/** What the pull request in flight changes in these examples. */
const CHANGED = ["src/watch/engine.ts", "docs/watching.md", "package.json"];

/** Thirty pieces of work as people and agents write them, and where each may be done. */
const ITEMS: readonly [item: string, files: readonly string[], kind: WorkKind, tier: string][] = [
  ["Research how other tools detect a stuck CI job", [], "research", "none"],
  ["Compare three approaches to rate limiting and write up the trade-offs", [], "research", "none"],
  ["Investigate why src/watch/engine.ts polls twice after a push", [], "research", "none"],
  ["Review the open pull requests of the backend team", [], "research", "none"],
  ["File a ticket for the flaky deploy", [], "research", "none"],
  ["Triage the backlog for the next milestone", [], "research", "none"],
  ["Create a Linear issue for the memory leak", [], "research", "none"],
  ["Ask design about the empty state", [], "research", "none"],
  ["Summarise yesterday's incident for the standup", [], "research", "none"],
  ["Write the release notes for 2.4", [], "docs", "none"],
  ["Fix typos in the README", [], "docs", "none"],
  ["Update the API reference", [], "docs", "none"],
  ["Update docs/queue.md with the new order of sources", [], "docs", "none"],
  ["Check the runbook", ["docs/runbook.md"], "docs", "none"],
  ["Add a changelog entry for the parser fix", [], "docs", "none"],
  ["BRO-12: Fix the crash when the token is empty", [], "code_independent", "worktree"],
  ["Add tests for the retry helper", [], "code_independent", "worktree"],
  ["Flaky test in the billing module", [], "code_independent", "worktree"],
  ["Bump vite to 7", [], "code_independent", "worktree"],
  ["Speed up the search index", ["src/search/index.ts"], "code_independent", "worktree"],
  ["needs follow-up: the migration leaves a stale column behind", [], "code_independent", "worktree"],
  ["Rename Foo in src/billing/invoice.py", [], "code_independent", "worktree"],
  ["Fix the docs build script", ["scripts/build-docs.ts"], "code_independent", "worktree"],
  ["Make the engine settle faster", ["src/watch/engine.ts"], "code_dependent", "stacked_branch"],
  ["Extract a helper from src/watch/engine.ts", [], "code_dependent", "stacked_branch"],
  ["Explain graces", ["docs/watching.md"], "code_dependent", "stacked_branch"],
  ["Update the agent rules in CLAUDE.md", [], "governance", "blocked"],
  ["Raise max_attempts", ["./.control/policy.yaml"], "governance", "blocked"],
  ["Document the .control directory", [], "governance", "blocked"],
  ["Tidy packages/api/agents.md", [], "governance", "blocked"],
];

describe("inferTier()", () => {
  test.each(ITEMS)("%s", (item, files, kind, tier) => {
    const inferred = inferTier({ item, files, changed: CHANGED, related: null });
    expect([inferred.kind, inferred.tier, inferred.why]).toEqual([kind, tier, expect.stringMatching(/\w{4}/)]);
  });

  test("puts work that imports what changes on top of it", () => {
    const related = "src/cli/status.ts imports src/watch/engine.ts";
    const inferred = inferTier({ item: "Colour the table", files: ["src/cli/status.ts"], changed: CHANGED, related });
    expect(inferred).toEqual({ tier: "stacked_branch", kind: "code_dependent", why: related });
  });

  test("follows the policy's map, except that governance stays blocked", () => {
    const tiers = { ...DEFAULT_TIERS, docs: "worktree", research: "blocked", governance: "none" } as const;
    const policy = { tiers, governancePaths: ["infra/", "*.pem"] };
    const tier = (item: string, files: readonly string[] = []) =>
      inferTier({ item, files, changed: [], related: null }, policy).tier;
    expect(tier("Fix typos in the README")).toBe("worktree");
    expect(tier("Research caching")).toBe("blocked");
    expect(tier("Edit CLAUDE.md")).toBe("blocked");
    expect(tier("Rotate", ["infra/dns/zone.tf"])).toBe("blocked");
    expect(tier("Rotate", ["keys/server.pem"])).toBe("blocked");
    expect(tier("Rotate", ["src/infrastructure.ts"])).toBe("worktree");
  });

  test("lets a tier given by hand win, except over blocked", () => {
    const work = { item: "Fix the parser", files: [], changed: [], related: null };
    expect(inferTier({ ...work, tier: "none" })).toMatchObject({
      tier: "none",
      why: expect.stringMatching(/^given by hand \(else \w+: ./),
    });
    expect(inferTier({ ...work, tier: "none", found: true })).toMatchObject({
      tier: "none",
      why: "its source says so",
    });
    expect(inferTier({ ...work, tier: "blocked" }).tier).toBe("blocked");
    expect(inferTier({ ...work, item: "Fix AGENTS.md", tier: "none" }).tier).toBe("blocked");
  });
});

test("mentionedPaths() finds paths in prose, and no URLs, versions or alternatives", () => {
  expect(mentionedPaths("Document the .control directory and .github, not etc. or .5")).toEqual([
    ".control",
    ".github",
  ]);
  const text =
    "See src/a.ts:12, `docs/x/y.md`, .control/policy.yaml and ./bin/ at https://e.org/z/q.ts (v1.2, 3/4, and/or, I/O, e.g. node.js).";
  expect(mentionedPaths(text)).toEqual(["src/a.ts", "docs/x/y.md", ".control/policy.yaml", "./bin/", "node.js"]);
});
