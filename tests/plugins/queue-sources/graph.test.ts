import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCatalog } from "../../../plugins/queue-sources/graph/catalog.ts";
import { namesOf, withinOneHop } from "../../../plugins/queue-sources/graph/hops.ts";
import { write } from "../../queue/world.ts";
import { CATALOG, workspace } from "./graph-workspace.ts";

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
