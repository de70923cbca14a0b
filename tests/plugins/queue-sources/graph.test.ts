import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCatalog } from "../../../plugins/queue-sources/graph/catalog.ts";
import { namesOf, withinOneHop } from "../../../plugins/queue-sources/graph/hops.ts";
import graph from "../../../plugins/queue-sources/graph.ts";
import { repository, scratch, write } from "../../queue/world.ts";
import { asker } from "./asking.ts";

/** A catalog in the form that `bookkeeping.py index` writes (schema dense-catalog-v2). */
const CATALOG = `---
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
function workspace(files: Readonly<Record<string, string>> = {}, policy = "knowledge:\n  root: kb\n") {
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

test("graph offers the entity of a changed file and its neighbours, with an open question where the page has one", async () => {
  const { items, problem } = await workspace().ask();
  expect(problem).toBeNull();
  expect(items.map(({ key, item }) => [key.split("@")[0], item])).toEqual([
    [
      "ci-watcher",
      'Check whether the knowledge page "ci-watcher", which says: Watches checks until each has ended still holds after the change (about src/ci-watcher.ts)',
    ],
    [
      "exit-codes",
      'Answer an open question of the knowledge page "exit-codes" (linked with "ci-watcher", which src/ci-watcher.ts is about): Should a signal have a code of its own?',
    ],
    ["retry-policy", expect.stringContaining('"retry-policy"')],
    ["overview", expect.stringContaining('"overview"')],
  ]);
  expect(items[1]).toMatchObject({ tier: "none", minutes: 10, files: ["kb/research/entities/concept/exit-codes.md"] });
});

test("graph finds its parts by the policy, then by KG_ROOT and its kin, then in ~/broomva", async () => {
  const missing = await workspace({}, "").ask();
  expect(missing.problem).toMatch(/^unavailable: no catalog ".*\/broomva\/docs\/knowledge-index\.md"$/);
  const { ask, root, home } = workspace({}, "");
  expect((await ask({ KG_ROOT: join(root, "kb") })).items).toHaveLength(4);
  expect((await ask({ KG_CATALOG: join(root, "kb/docs/knowledge-index.md") })).items).toHaveLength(4);
  write(home, { "broomva/docs/knowledge-index.md": CATALOG });
  expect((await ask()).items).toHaveLength(4);
  const { ask: byPolicy } = workspace({}, "knowledge:\n  root: kb\n  catalog_path: 5\n");
  expect((await byPolicy({ KG_ROOT: "/nowhere" })).items).toHaveLength(4);
  expect((await byPolicy({ KG_ROOT: "/nowhere", KG_NO_POLICY: "1" })).problem).toContain("/nowhere");
});

describe("withinOneHop()", () => {
  const entities = parseCatalog(CATALOG);
  const slugs = (changed: readonly string[]) =>
    withinOneHop(entities, changed).map(({ entity, via }) => (via ? `${entity.slug} via ${via}` : entity.slug));

  test("reads every block of the catalog, whatever its score looks like", () => {
    expect(entities.map(({ slug }) => slug)).toEqual([
      "ci-watcher",
      "exit-codes",
      "retry-policy",
      "overview",
      "unrelated",
    ]);
    expect(entities[0]).toEqual({
      slug: "ci-watcher",
      type: "tool",
      status: "entity",
      claim: "Watches checks until each has ended",
      out: ["exit-codes", "retry-policy"],
      in: ["overview"],
      aliases: ["watch-engine"],
      sources: ["https://example.org/post", "src/legacy/poller.ts"],
      path: "tool/ci-watcher.md",
    });
  });

  test("starts from sources, slugs and other names, exactly", () => {
    expect(slugs(["src/legacy/poller.ts"])[0]).toBe("ci-watcher");
    expect(slugs(["src/retry/backoff.ts"])).toEqual(["retry-policy", "ci-watcher via retry-policy"]);
    expect(slugs(["lib/watch/engine.go"])[0]).toBe("ci-watcher");
    expect(slugs(["src/exit_codes.py"])).toEqual(["exit-codes", "ci-watcher via exit-codes"]);
    expect(slugs(["lib/ExitCodes.test.ts"])[0]).toBe("exit-codes");
  });

  test("guesses at nothing", () => {
    for (const file of [
      "src/watch.ts",
      "src/ci.ts",
      "src/exit.ts",
      "src/watchers.ts",
      "src/index.ts",
      "backoff.ts",
      "README.md",
    ])
      expect([file, slugs([file])]).toEqual([file, []]);
    expect(namesOf("src/utils/index.ts")).toEqual([]);
  });
});

/** A stand-in for a skill's program: prints what it was asked, or what it is told to. */
function program(home: string, path: string, text: string): void {
  write(home, { [path]: text });
  chmodSync(join(home, path), 0o755);
}
const FAILING = "import sys\nprint(\"ModuleNotFoundError: No module named 'mistune'\", file=sys.stderr)\nsys.exit(1)\n";

describe("graph and the programs of its skills", () => {
  test("kg.py answers for a catalog of a form that is not known here", async () => {
    const { ask, home } = workspace({ "kb/docs/knowledge-index.md": "schema: dense-catalog-v9\n" });
    program(
      home,
      ".claude/skills/kg/scripts/kg.py",
      `import json, sys
assert sys.argv[1] == "load" and sys.argv[3:] == ["--n", "20", "--expand", "1", "--no-bodies", "--json", "--quiet"], sys.argv
m = lambda slug, out, via: {"rank": 1, "relevance_score": 9, "slug": slug, "type": "tool", "status": "entity", "score": "7", "claim": "c", "out_links": out, "in_links": [], "tags": [], "sources": [], "path": f"tool/{slug}.md", "via": via, "body": None}
print(json.dumps({"topic": sys.argv[2], "catalog_generated": "x", "matches": [m(sys.argv[2], ["near"], None), m("near", [], sys.argv[2]), m("fuzzy", [], None)]}))
`,
    );
    expect((await ask()).items.map(({ key }) => key.split("@")[0])).toEqual(["ci-watcher", "near"]);
  });

  test("a kg.py that fails is no empty graph", async () => {
    const { ask, home } = workspace({ "kb/docs/knowledge-index.md": "schema: dense-catalog-v9\n" });
    expect((await ask()).problem).toBe("unavailable: the catalog holds no entity that can be read");
    program(home, ".agents/skills/kg/scripts/kg.py", FAILING);
    expect((await ask()).problem).toBe(
      "unavailable: kg.py ended with 1: ModuleNotFoundError: No module named 'mistune'",
    );
    program(home, ".agents/skills/kg/scripts/kg.py", "print('hello')\n");
    expect((await ask()).problem).toBe("unavailable: kg.py printed no JSON");
  });

  test("bookkeeping.py query gives a page that is nowhere on the disk, and only the very page that was asked for", async () => {
    const { ask, home } = workspace();
    const answer = (printed: string) => program(home, ".claude/skills/bookkeeping/scripts/bookkeeping.py", printed);
    const first = async () => (await ask()).texts[0];
    answer(
      `import sys\nassert sys.argv[1:2] == ["query"]\nprint("\\nresearch/entities/tool/" + sys.argv[2] + ".md")\nprint("─" * 60)\nprint("## Open Questions\\n- Why poll?\\n")\n`,
    );
    expect(await first()).toContain("Why poll?");
    answer(
      `print("\\nresearch/entities/tool/ci-watching.md")\nprint("─" * 60)\nprint("## Open Questions\\n- Wrong page\\n")\n`,
    );
    expect(await first()).not.toContain("Wrong page");
    answer(`print("[query] No entity found for 'ci-watcher'")\n`);
    expect(await first()).toMatch(/^Check whether/);
    answer(FAILING);
    expect(await first()).toMatch(/^Check whether/);
  });

  test("a program that the repository brings along runs only when it is trusted", async () => {
    const ran = "import sys, os\nopen(os.environ['RAN'], 'w').write('x')\nsys.exit(1)\n";
    const { ask, home } = workspace({
      "kb/docs/knowledge-index.md": "schema: dense-catalog-v9\n",
      "skills/kg/scripts/kg.py": ran,
    });
    const asked: string[] = [];
    const trusted = (yes: boolean) => async (subject: string, content: string) => {
      asked.push(`${subject} ${content === ran}`);
      return yes;
    };
    const env = { RAN: join(home, "ran") };
    expect((await ask(env, { trusted: trusted(false) })).problem).toMatch(/holds no entity/);
    expect(asked).toEqual(['queue source "graph": kg/scripts/kg.py true']);
    expect((await ask(env, { trusted: trusted(true) })).problem).toMatch(/kg.py ended with 1/);
  });
});
