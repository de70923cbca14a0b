import { describe, expect, test } from "vitest";
import { globProblem, isNamedBy, normalPath, underAny } from "../../src/base/glob.ts";

const MEANT: readonly (readonly [pattern: string, path: string])[] = [
  ["CLAUDE.md", "CLAUDE.md"],
  ["CLAUDE.md", "./claude.md"],
  ["CLAUDE.md", "a/b/CLAUDE.md"],
  ["CLAUDE.md", "docs/../CLAUDE.md"],
  ["CLAUDE.md", "a\\CLAUDE.md"],
  [".control/", ".control"],
  [".control/", ".control/x/y"],
  [".control/", "sub/.control/p.yaml"],
  ["*.md", "a/b/c.md"],
  ["docs", "docs/a.md"],
  ["docs/**", "docs/a.md"],
  ["docs/**/*.md", "docs/b.md"],
  ["docs/**/*.md", "docs/a/b.md"],
  ["docs/**/*.{md,mdx}", "docs/a/b.mdx"],
  ["{a,b}/{c,d{e,f}}.ts", "b/df.ts"],
  ["./docs/", "docs/b.md"],
  ["/docs/*.md", "docs/b.md"],
  ["src/**/gen", "src/a/b/gen/c.ts"],
  ["**/x.lock", "x.lock"],
  ["src/[a-c]?.ts", "src/b1.ts"],
  ["src/[!a-c].ts", "src/d.ts"],
  ["app/[slug]/page.tsx", "app/[slug]/page.tsx"],
  ["**", ".github/workflows/ci.yml"],
  ["*", "a/b"],
  ["a+c", "a+c"],
];
const NOT_MEANT: readonly (readonly [pattern: string, path: string])[] = [
  ["CLAUDE.md", "MYCLAUDE.md"],
  ["CLAUDE.md", "CLAUDE.mdx"],
  [".control/", "control/x"],
  ["docs", "docsx/b.md"],
  ["docs/*.md", "docs/a/b.md"],
  ["docs/**", "docs"],
  ["docs/**", "a/docs/b"],
  ["src/*.ts", "lib/src/a.ts"],
  ["a?c", "a/c"],
  ["src/[!a-c].ts", "src/b.ts"],
  ["*.{md,mdx}", "a.mdy"],
];

test.each(MEANT)("%s means %s", (pattern, path) => expect(underAny(path, [pattern])).toBe(true));
test.each(NOT_MEANT)("%s does not mean %s", (pattern, path) => expect(underAny(path, [pattern])).toBe(false));

describe("a pattern that can match nothing", () => {
  test.each(["", ".", "/", "..", "a/..", "!docs/**", "{a,b", "a,b}", "{}{", "x".repeat(1_001)])(
    "%j is a mistake",
    (pattern) => {
      expect(globProblem(pattern)).toMatch(/^a pattern/);
      expect(underAny("docs/a.md", [pattern])).toBe(false);
    },
  );

  test("is told by what is wanted, and an honest one is none", () => {
    expect(globProblem("{a,b")).toContain('"{" and "}"');
    expect(MEANT.map(([pattern]) => globProblem(pattern)).filter(Boolean)).toEqual([]);
    expect(globProblem("{a,b}".repeat(9))).toContain("256 alternatives");
  });
});

/** The same meaning, written without any care for time. */
function slowly(parts: readonly string[], segments: readonly string[]): boolean {
  const [part, ...rest] = parts;
  const [segment, ...deeper] = segments;
  if (part === undefined) return true;
  if (part === "**" && rest.length > 0)
    return slowly(rest, segments) || (segment !== undefined && slowly(parts, deeper));
  if (segment === undefined) return false;
  const letters = (pattern: string, text: string): boolean => {
    if (pattern === "") return text === "";
    if (pattern.startsWith("*"))
      return letters(pattern.slice(1), text) || (text !== "" && letters(pattern, text.slice(1)));
    return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && letters(pattern.slice(1), text.slice(1));
  };
  return letters(part, segment) && slowly(rest, deeper);
}

test("ten thousand random patterns mean what the slow reading of them means", () => {
  let seed = 20261127;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const pick = (from: readonly string[]) => from[random(from.length)] ?? "";
  const made = (letters: readonly string[], most: number) =>
    Array.from({ length: 1 + random(most) }, () => pick(letters)).join("");
  for (let round = 0; round < 10_000; round += 1) {
    const parts = Array.from({ length: 2 + random(3) }, () => (random(3) === 0 ? "**" : made(["a", "b", "*", "?"], 4)));
    const segments = Array.from({ length: 1 + random(5) }, () => made(["a", "b"], 4));
    const [pattern, path] = [parts.join("/"), segments.join("/")];
    expect([round, pattern, path, underAny(path, [pattern])]).toEqual([round, pattern, path, slowly(parts, segments)]);
  }
});

test("a hostile pattern costs no more than its length times the path's", () => {
  const deep = `${"a/".repeat(2_000)}b`;
  expect(underAny(deep, [`${"**/a/".repeat(150)}x`, `${"*a".repeat(400)}x`, "{c,d}/".repeat(4)])).toBe(false);
  expect(underAny(`${"a".repeat(4_000)}`, [`${"*a".repeat(400)}b`])).toBe(false);
});

test("normalPath() never leads above the root", () => {
  expect(["./a//b", "a/../../b", "..", "a\\b", "/a/"].map(normalPath)).toEqual(["a/b", "b", "", "a/b", "a"]);
});

test("isNamedBy() takes * for any text, across slashes", () => {
  expect(["main", "release/*", "*", "v1.*"].map((pattern) => isNamedBy(pattern, "release/a/b"))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
