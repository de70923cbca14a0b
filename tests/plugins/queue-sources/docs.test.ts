import { describe, expect, test } from "vitest";
import { byName, namesFile } from "../../../plugins/queue-sources/docs/file-names.ts";
import { termsOf } from "../../../plugins/queue-sources/docs/terms.ts";
import docs from "../../../plugins/queue-sources/docs.ts";
import { repository, scratch } from "../../queue/world.ts";
import { asker } from "./asking.ts";

const BASE = {
  "src/watch/engine.ts":
    "export function startEngine() {}\nexport const POLL_LIMIT = 5;\nfunction settleLooks() {}\nconst x = 1;\n",
  "src/watch/options.ts":
    'command.option("-i, --interval <s>", "seconds", 5);\ncommand.option("--old-flag", "gone soon");\ncommand.option("--help", "x");\n',
  "src/old-name.ts": "export class OldThing {}\n",
  "src/index.ts": "export * from './watch/engine.ts';\n",
  "README.md": "The engine lives in src/watch/engine.ts. Use --old-flag to be sure.\n",
  "docs/tuning.md":
    "# Tuning\n\nSet `--interval` to 10.\nSee [the engine](../src/watch/engine.ts) and `startEngine()`.\n",
  "docs/moved.md": "Read old-name.ts first.\n",
  "docs/other.md":
    "The interval of the engine is fine. my-engine.ts and lib/watch/engine.ts and --interval-max are other things.\nrestartEngine is too, and so is startEngineer.\n",
  "docs/index.md": "Our index.ts is generated.\n",
  "docs/touched.md": "--interval is 5.\n",
  "CHANGELOG.md": "- added --old-flag\n",
  "AGENTS.md": "Always pass --interval.\n",
  ".github/workflows/ci.yml": "run: node src/watch/engine.ts --old-flag\n",
  "src/cli.ts": 'import { startEngine } from "./watch/engine.ts";\nstartEngine();\nconst args = ["--interval", "5"];\n',
  "package-lock.json": '{"x": "src/watch/engine.ts"}\n',
  "node_modules/a/README.md": "--old-flag\n",
};
const CHANGE = {
  "src/watch/engine.ts":
    "export function startEngine(at: number) {}\nexport const POLL_LIMIT = 6;\nfunction settle() {}\nconst y = 1;\n",
  "src/watch/options.ts":
    'command.option("-i, --interval <s>", "seconds", 9);\ncommand.option("--new-flag", "new");\ncommand.option("--help", "y");\n',
  "src/old-name.ts": null,
  "src/index.ts": "export * from './watch/engine.ts';\nexport {};\n",
  "docs/touched.md": "--interval is 9.\n",
};

test("docs offers each file that speaks of the change and was not touched by it, what is gone first", async () => {
  const root = repository(BASE, CHANGE);
  const { items, problem } = await asker()(docs, { cwd: root, repo: "o/r" });
  expect(problem).toBeNull();
  expect(items.map(({ files, item }) => [files?.[0], item])).toEqual([
    [
      "README.md",
      "Check README.md:1: it mentions --old-flag (line 1), src/watch/engine.ts (line 1), which this branch removes or renames",
    ],
    [
      "docs/moved.md",
      "Check docs/moved.md:1: it mentions src/old-name.ts (line 1), which this branch removes or renames",
    ],
    [
      ".github/workflows/ci.yml",
      "Check .github/workflows/ci.yml:1: it mentions --old-flag (line 1), src/watch/engine.ts (line 1), which this branch removes or renames",
    ],
    [
      "docs/tuning.md",
      "Check docs/tuning.md:3: it mentions --interval (line 3), src/watch/engine.ts (line 4), startEngine (line 4), which this branch changes",
    ],
    ["AGENTS.md", "Check AGENTS.md:1: it mentions --interval (line 1), which this branch changes"],
    ["src/cli.ts", "Check src/cli.ts:3: it mentions --interval (line 3), which this branch changes"],
  ]);
  expect(items.map(({ tier }) => tier)).toEqual([
    undefined,
    undefined,
    "stacked_branch",
    undefined,
    undefined,
    "stacked_branch",
  ]);
  expect(items[0]).toMatchObject({ minutes: 5, why: "README.md:1 mentions the removed flag --old-flag" });
});

test("docs gives the same mention the same key, and another pull request another", async () => {
  const root = repository(BASE, CHANGE);
  const keys = async (pr: number | null) => {
    const inFlight = pr === null ? null : { repo: "o/r", number: pr, branch: null, title: null, body: null, sha: null };
    return (await asker()(docs, { cwd: root, repo: "o/r" }, { pr: inFlight })).items.map(({ key }) => key);
  };
  expect(await keys(1)).toEqual(await keys(1));
  const [a, b] = [await keys(1), await keys(2)];
  expect(a.filter((key) => b.includes(key))).toEqual([]);
});

test("docs passes over words that are all over the project", async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`docs/p${n}.md`, "Always use --interval.\n"]));
  const root = repository(
    { ...many, "o.ts": '"--interval", 1\n', "one.md": "old-flag is --old-flag\n", "p.ts": '"--old-flag"\n' },
    { "o.ts": '"--interval", 2\n', "p.ts": "\n" },
  );
  expect((await asker()(docs, { cwd: root })).items.map(({ files }) => files?.[0])).toEqual(["one.md"]);
});

test("docs finds odd names of files, and speaks of nothing when nothing changed", async () => {
  const root = repository(
    { "a b/ü.md": "see read_lease_file\n", "x.py": "def read_lease_file():\n" },
    { "x.py": "def read_lease():\n" },
  );
  expect((await asker()(docs, { cwd: root })).items.map(({ files }) => files?.[0])).toEqual(["a b/ü.md"]);
  const same = repository({ "a.md": "b.ts\n", "b.ts": "1\n" }, { "c.txt": "new\n" });
  expect(await asker()(docs, { cwd: same })).toMatchObject({ items: [], problem: null });
});

test("docs says that there is no repository", async () => {
  expect((await asker()(docs, { cwd: scratch() })).problem).toBe("unavailable: no git repository here");
});

describe("namesFile()", () => {
  const files = byName([
    "skills/a/references/template.md",
    "skills/b/references/template.md",
    "skills/a/run.py",
    "src/watch/engine.ts",
    "lib/engine.ts",
    "src/only.ts",
    "CHANGELOG.md",
    "docs/CHANGELOG.md",
  ]);
  const means = (text: string, from: string, path: string) => namesFile(text, from, path, files);

  test("sees a path from the folder of the text, and from those above it", () => {
    expect(means("see references/template.md", "skills/a/SKILL.md", "skills/a/references/template.md")).toBe(true);
    expect(means("see references/template.md", "skills/a/SKILL.md", "skills/b/references/template.md")).toBe(false);
    expect(means("see template.md", "skills/b/references/x.md", "skills/b/references/template.md")).toBe(true);
    expect(means("[x](../references/template.md#top)", "skills/a/docs/x.md", "skills/a/references/template.md")).toBe(
      true,
    );
    expect(means("[x](../references/template.md)", "skills/b/docs/x.md", "skills/a/references/template.md")).toBe(
      false,
    );
    expect(means("run skills/a/run.py", "README.md", "skills/a/run.py")).toBe(true);
    expect(means("/skills/a/run.py", "docs/x.md", "skills/a/run.py")).toBe(true);
  });

  test("takes a bare name or the end of a path only when it can be but one file", () => {
    expect(means("see only.ts", "docs/x.md", "src/only.ts")).toBe(true);
    expect(means("see engine.ts", "docs/x.md", "lib/engine.ts")).toBe(false);
    expect(means("see watch/engine.ts", "docs/x.md", "src/watch/engine.ts")).toBe(true);
    expect(means("see CHANGELOG.md", "docs/x.md", "docs/CHANGELOG.md")).toBe(false);
    expect(means("my-only.ts, only.tsx, only.ts.bak and only.ts-old", "docs/x.md", "src/only.ts")).toBe(false);
  });
});

describe("termsOf()", () => {
  const diff = (file: string, ...lines: string[]) =>
    `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n${lines.join("\n")}\n`;
  const names = (text: string) =>
    termsOf(text).map(({ kind, text: term, gone }) => `${gone ? "gone " : ""}${kind} ${term}`);

  test.each<[string, string[], string[]]>([
    ["a.py", ["-def read_lease(x):", "+def read_lease(x, y):"], ["symbol read_lease"]],
    ["a.go", ["-func (q *Queue) PopItem() {"], ["gone symbol PopItem"]],
    ["a.rs", ["-pub(crate) fn parse_all()"], ["gone symbol parse_all"]],
    [
      "a.ts",
      ["-export interface LeaseRow {", "-  const innerName = 1;", "-export const MAX_WAIT = 1;"],
      ["gone symbol LeaseRow", "gone symbol MAX_WAIT"],
    ],
    ["a.yaml", ["-  max_attempts: 5", "+  max_attempts: 6"], ["symbol max_attempts"]],
    ["a.ts", ["-const a = process.env.P9_HOME_DIR;"], ["symbol P9_HOME_DIR"]],
    [
      "a.ts",
      ["-    from_state: row.state,", "-  readonly to_state: string;", "-  max_tries: z.number(),"],
      ["symbol to_state", "symbol max_tries"],
    ],
    ["a.py", ['-    "row_id": 1,', "-    max_rows: int = 5"], ["symbol max_rows"]],
    ["a.sh", ['-exec tool "--dry-run"'], ["gone flag --dry-run"]],
    ["a.ts", ["-function run() {", "-class Engine {", "-// see --some-flag", "-  --counter;"], []],
  ])("names what a reader would look up: %s %#", (file, lines, expected) => {
    expect(names(diff(file, ...lines)).filter((name) => !name.startsWith("file"))).toEqual(expected);
  });

  test("knows new, removed and renamed files", () => {
    const text = [
      "diff --git a/new.ts b/new.ts\nnew file mode 100644\n--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1 @@\n+x",
      "diff --git a/dead.ts b/dead.ts\ndeleted file mode 100644\n--- a/dead.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-x",
      "diff --git a/from.ts b/to.ts\nsimilarity index 90%\nrename from from.ts\nrename to to.ts",
      diff("same.ts", "-x", "+y"),
    ].join("\n");
    expect(names(text)).toEqual(["gone file dead.ts", "gone file from.ts", "file same.ts"]);
  });

  test("passes over files that change with everything", () => {
    expect(
      ["CHANGELOG.md", "a/CHANGELOG.md", "package-lock.json", "yarn.lock", ".gitignore"].flatMap((file) =>
        names(diff(file, "-a")),
      ),
    ).toEqual([]);
  });

  test("takes what prose says for no definition", () => {
    expect(names(diff("a.md", "-def read_lease():", '-"--some-flag"'))).toEqual(["file a.md"]);
  });
});
