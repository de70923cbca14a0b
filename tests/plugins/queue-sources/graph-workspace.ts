import graph from "../../../plugins/queue-sources/graph.ts";
import { repository, scratch } from "../../queue/world.ts";
import { asker } from "./asking.ts";

/** A catalog in the form that `bookkeeping.py index` writes (schema dense-catalog-v2). */
export const CATALOG = `---
generated: 2026-11-20T06:00:00+00:00
schema: dense-catalog-v2
entities: 5
---

# Knowledge Index

## tool

#### ci-watcher [tool·entity] · score 7/9
Watches checks until each has ended
→ exit-codes, retry-policy · ← overview · #ci #tooling · aka: watch-engine · src: https://example.org/post | src/legacy/poller.ts
path: tool/ci-watcher.md

#### exit-codes [concept·entity] · score {'total': '6/9', 'by': 'x'}
Every ending has one code
← ci-watcher · #cli
path: concept/exit-codes.md

#### retry-policy [pattern·candidate]
Back off with jitter
← ci-watcher · src: github.com/o/r/blob/main/src/retry/backoff.ts#L1 | notes
path: pattern/retry-policy.md

## person

#### overview [discovery·raw] · score 3
Everything at a glance
→ ci-watcher, not-in-the-catalog
path: discovery/overview.md

#### unrelated [concept·entity]
Nothing to do with it

path: concept/unrelated.md
`;
const PAGE = `---
id: "concept/exit-codes"
title: "Exit codes"
---

Some text.

## Open Questions

- [x] Is 3 taken?
- Should a signal have a code of its own?

## Links
- [[ci-watcher]]
`;

/** A repository on a branch that changes \`src/ci/watcher.ts\`, with a knowledge graph. */
export function workspace(files: Readonly<Record<string, string>> = {}, policy = "knowledge:\n  root: kb\n") {
  const home = scratch();
  const root = repository(
    {
      "src/ci-watcher.ts": "1\n",
      ".control/policy.yaml": `ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n${policy}`,
      "kb/docs/knowledge-index.md": CATALOG,
      "kb/research/entities/concept/exit-codes.md": PAGE,
      ...files,
    },
    { "src/ci-watcher.ts": "2\n" },
  );
  const ask = asker();
  return {
    home,
    root,
    ask: (env: Readonly<Record<string, string>> = {}, more = {}) =>
      ask(graph, { env: { HOME: home, PATH: process.env.PATH, ...env }, cwd: root, repo: "o/r" }, more),
  };
}
