// needs: gh
import { afterEach, beforeEach, expect, test } from "vitest";
import { asLog } from "../../e2e/heal/world.ts";
import { type Sandbox, sandbox } from "../../helpers/p9.ts";
import { type GitHub, type Pull, startGitHub } from "../../servers/github/mod.ts";

let github: GitHub;
let pull: Pull;
let box: Sandbox;

beforeEach(async () => {
  github = await startGitHub();
  pull = github.world.repo("octo/app").pull(42, { files: ["packages/shop/src/cart.ts", "docs/cart.md"] });
  box = sandbox();
});
afterEach(() => github.stop());

interface Shown {
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** The evidence that `p9 heal 42 --classify` prints for a job that failed so. */
async function evidence(command: string, lines: readonly string[]): Promise<Shown[]> {
  pull.head.checks({ name: "job", ends: 0, conclusion: "FAILURE", log: asLog(command, lines, 1) });
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  return (await box.json<{ evidence: Shown[] }>(["heal", "42", "--classify"], { env })).evidence;
}

const asked = () => github.seen.filter(({ path }) => path.includes("/files")).length;
const error = (file: string, line: number) => `${file}(${line},5): error TS2322: Type 'string' is not a 'number'.`;

test("of a compiler's errors those in files of the pull request come first, however many there are", async () => {
  const others = Array.from({ length: 30 }, (_, n) => error(`src/other${n}.ts`, n + 1));
  const shown = await evidence("npx tsc", [...others, error("src/cart.ts", 12), error("src/cart.ts", 30)]);
  expect(shown.slice(0, 3).map(({ file, line }) => [file, line])).toEqual([
    ["src/cart.ts", 12],
    ["src/cart.ts", 30],
    ["src/other0.ts", 1],
  ]);
  expect(asked()).toBe(1);
});

test("an error elsewhere stays above what is no error in a file of the pull request", async () => {
  const shown = await evidence("make", [
    "src/cart.ts:3:5: warning: unused variable 'a'",
    "src/other.c:9:1: error: expected ';' before 'return'",
    "make: *** [all] Error 1",
  ]);
  expect(shown[0]).toMatchObject({ file: "src/other.c", line: 9 });
});

test("an error of another tool in a file of the pull request does not come before what failed", async () => {
  const shown = await evidence("npx tsc", [
    "src/cart.ts:3:5: error: this is the bundler's",
    error("src/other.ts", 1),
    error("src/more.ts", 2),
  ]);
  expect(shown[0]).toMatchObject({ file: "src/other.ts", line: 1 });
});

test("a failing test whose stack leads into a file of the pull request comes first, with that line", async () => {
  const failing = (name: string, file: string) => [
    `  ● ${name}`,
    "",
    "    expect(received).toBe(expected)",
    "",
    "    Expected: 40",
    "    Received: 30",
    "",
    `      at total (${file}:12:5)`,
    `      at Object.<anonymous> (/__w/app/app/packages/shop/test/all.test.ts:3:1)`,
    "",
  ];
  const shown = await evidence("npx jest", [
    ...Array.from({ length: 9 }, (_, n) => failing(`other ${n}`, `/__w/app/app/src/other${n}.ts`)).flat(),
    ...failing("cart adds up", "/__w/app/app/packages/shop/src/cart.ts"),
    "Tests:       10 failed, 2 passed, 12 total",
  ]);
  expect(shown[0]?.text).toContain("cart adds up");
  expect(shown.slice(1, 3)).toContainEqual(expect.objectContaining({ text: expect.stringContaining("cart.ts:12") }));
  expect(shown.map(({ text }) => text).join("\n")).toContain("other 0");
});

test("of files that a formatter lists those of the pull request come first, below its verdict", async () => {
  const shown = await evidence("npx prettier --check .", [
    "[warn] src/a.ts",
    "[warn] src/b.ts",
    "[warn] docs/cart.md",
    "[warn] Code style issues found in 3 files. Run Prettier with --write to fix.",
  ]);
  expect(shown.map(({ text }) => text).slice(0, 3)).toEqual([
    expect.stringContaining("Code style issues"),
    "[warn] docs/cart.md",
    "[warn] src/a.ts",
  ]);
});

test("at most 300 files are read, in three requests", async () => {
  pull.files = Array.from({ length: 450 }, (_, n) => `src/file${n}.ts`);
  const shown = await evidence("npx tsc", [
    error("src/a.ts", 1),
    error("src/file440.ts", 3),
    error("src/file290.ts", 2),
  ]);
  expect(shown.map(({ file }) => file)).toEqual(["src/file290.ts", "src/a.ts", "src/file440.ts"]);
  expect(asked()).toBe(3);
});

test("without the list of files the evidence stands in the order of the log", async () => {
  github.world.fault({ kind: "502", match: /\/files/ });
  const shown = await evidence("npx tsc", [error("src/a.ts", 1), error("src/cart.ts", 12)]);
  expect(shown.map(({ file }) => file)).toEqual(["src/a.ts", "src/cart.ts"]);
});

test("nothing is asked about the files where no log can be read", async () => {
  pull.head.checks({ name: "job", ends: 0, conclusion: "FAILURE" });
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  expect((await box.p9(["heal", "42", "--classify"], { env })).code).not.toBe(0);
  expect(asked()).toBe(0);
});
