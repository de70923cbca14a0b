// needs: python3
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { write } from "../../queue/world.ts";
import { workspace } from "./graph-workspace.ts";

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
m = lambda slug, out, via, kind="tool": {"rank": 1, "relevance_score": 9, "slug": slug, "type": "tool", "status": "entity", "score": "7", "claim": "c", "out_links": out, "in_links": [], "tags": [], "sources": [], "path": f"research/entities/{kind}/{slug}.md", "via": via, "body": None}
print(json.dumps({"topic": sys.argv[2], "catalog_generated": "x", "matches": [m(sys.argv[2], ["exit-codes"], None), m("exit-codes", [], sys.argv[2], "concept"), m("fuzzy", [], None)]}))
`,
    );
    const { items } = await ask();
    expect(items.map(({ key }) => key.split("@")[0])).toEqual(["ci-watcher", "exit-codes"]);
    expect(items[1]).toMatchObject({
      item: expect.stringContaining("Should a signal have a code of its own?"),
      files: ["kb/research/entities/concept/exit-codes.md"],
    });
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
      `import sys\nassert sys.argv[1:2] == ["query"]\nprint("[bookkeeping] Note: a library is not installed")\nprint("\\nresearch/entities/tool/" + sys.argv[2] + ".md")\nprint("─" * 60)\nprint("## Open Questions\\n- Why poll?\\n")\n`,
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
