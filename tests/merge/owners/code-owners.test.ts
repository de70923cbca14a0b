import { describe, expect, test } from "vitest";
import { codeOwners } from "../../../src/merge/owners/code-owners.ts";
import { ownerPattern } from "../../../src/merge/owners/pattern.ts";

const of = (text: string, ...paths: string[]) => codeOwners(text, paths);

describe("a pattern of CODEOWNERS means", () => {
  /** The lines of GitHub's example and what the page says of each, then what gitignore says. */
  test.each([
    ["*", ["a", "a/b/c.js"], []],
    ["*.js", ["a.js", "lib/deep/a.js"], ["a.jsx", "js"]],
    ["/build/logs/", ["build/logs/a", "build/logs/x/y"], ["build/logs", "x/build/logs/a"]],
    ["docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a.md"]],
    ["apps/", ["apps/a", "x/y/apps/a/b"], ["apps", "myapps/a"]],
    ["/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]],
    ["**/logs", ["build/logs/a", "scripts/logs/b", "deeply/nested/logs/c", "logs/d"], ["logsx/a"]],
    ["/apps/github", ["apps/github", "apps/github/a"], ["x/apps/github", "apps/githubs"]],
    ["src/**/test", ["src/test", "src/a/b/test/c"], ["src/a/tests"]],
    ["/abc/**", ["abc/a", "abc/b/c"], ["abc", "x/abc/a"]],
    ["/*", ["a"], ["a/b"]],
    ["a?c", ["abc", "x/abc/d"], ["ac", "a/c"]],
    ["Readme.md", ["Readme.md", "x/Readme.md"], ["README.md"]],
    ["my\\ docs/", ["my docs/a"], ["my/a", "docs/a"]],
    ["a\\*", ["a*"], ["ab"]],
    ["{a,b}.js", ["{a,b}.js"], ["a.js"]],
  ])("by %s", (pattern, meant, others) => {
    const owns = ownerPattern(pattern)!;
    expect(meant.filter((path) => !owns(path))).toEqual([]);
    expect(others.filter(owns)).toEqual([]);
  });

  test.each(["!a", "[ab].js", "\\#a", "/"])("nothing by %s, which GitHub does not read", (pattern) => {
    expect(ownerPattern(pattern)).toBeNull();
  });

  /** The meaning, word by word: what the names in a pattern can be, tried one after the other. */
  function model(pattern: string[], path: string[]): boolean {
    const [name, ...names] = pattern;
    const [here, ...rest] = path;
    if (name === undefined) return true;
    if (name === "**" && names.length === 0) return path.length > 0;
    if (name === "**") return model(names, path) || (path.length > 0 && model(pattern, rest));
    if (here === undefined) return false;
    const fits = new RegExp(`^${name.replace(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".")}$`).test(here);
    return fits && (name === "*" && names.length === 0 ? rest.length === 0 : model(names, rest));
  }

  test("what a plain model says, of two thousand patterns and paths", () => {
    let seed = 7;
    const pick = <T>(list: readonly T[]): T => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return list[Math.floor((seed / 2147483648) * list.length)]!;
    };
    const several = (from: readonly string[], most: number) =>
      Array.from({ length: pick([1, 2, 3].slice(0, most)) }, () => pick(from));
    const seen = new Set<boolean>();
    for (let run = 0; run < 2000; run += 1) {
      const names = several(["a", "b", "*", "a*", "?", "**", "*.b"], 3);
      const [front, end] = [pick(["", "/"]), pick(["", "/"])];
      const path = several(["a", "b", "ab", "a.b", "c"], 3);
      const anywhere = front === "" && names.length === 1;
      // A name alone means whatever is called so in any folder; there "*" is every file.
      const whole = [...(anywhere ? ["**"] : []), ...names, ...(end ? ["**"] : [])];
      const wanted = anywhere && !end && names[0] === "*" ? true : model(whole, path);
      const pattern = `${front}${names.join("/")}${end}`;
      const got = ownerPattern(pattern)!(path.join("/"));
      seen.add(got);
      expect([pattern, path.join("/"), got]).toEqual([pattern, path.join("/"), wanted]);
    }
    expect(seen.size).toBe(2);
  });
});

describe("the owners of changed files", () => {
  test("are those of the last line that means each, one group for each such line", () => {
    const text = "*  @all @octo/all\n*.js @js\n/apps/ @apps\n";
    expect(of(text, "a.js")).toEqual([["@js"]]);
    expect(of(text, "a.js", "b.js", "c.md", "apps/a.js")).toEqual([["@js"], ["@all", "@octo/all"], ["@apps"]]);
  });

  test("are none where the last such line names nobody", () => {
    expect(of("/apps/ @octocat\n/apps/github\n", "apps/github/a")).toEqual([]);
    expect(of("/apps/ @octocat\n/apps/github # nobody\n", "apps/github/a")).toEqual([]);
  });

  test("are not named by comments, nor by lines that are wrong, which are skipped", () => {
    const text = "# * @one\n*.go docs@example.com # @two\n*.go nobody\n*.go @a/b/c\n!*.go @three\n*.go @-/x\u0007\r\n";
    expect(of(text, "a.go")).toEqual([["docs@example.com"]]);
  });

  test("are not looked for when that takes too long", () => {
    const lines = "x*y*z @a\n".repeat(3000);
    expect(
      codeOwners(
        lines,
        Array.from({ length: 3000 }, (_, at) => `f/${at}`),
      ),
    ).toBeNull();
    expect(codeOwners(`${"*a".repeat(2000)}b @a`, ["a".repeat(4000)])).toEqual([]);
  });
});
