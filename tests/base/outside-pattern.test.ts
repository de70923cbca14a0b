import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outsidePattern, SlowPatternError } from "../../src/base/outside-pattern.ts";
import { ROOT } from "../helpers/p9.ts";

test("a pattern from outside matches as a regular expression does", () => {
  const [all, group] = outsidePattern("(?<name>[a-z]+)-\\d+", "i").exec("x Release-12") ?? [];
  expect([all, group]).toEqual(["Release-12", "Release"]);
  expect(outsidePattern("^b$", "m").test("a\nb\nc")).toBe(true);
  expect(outsidePattern("nothing").test("a")).toBe(false);
  expect(() => outsidePattern("(")).toThrow(SyntaxError);
});

test.each(["(\\w|[a-z])*\\d$", "(a+)+$", "(a|aa)+$", "^(?:.*?,){25}x", "([a-z]*)*!", "(.*)*\\1x"])(
  "%s stops nothing, and is tried once",
  (source) => {
    const pattern = outsidePattern(source);
    const text = `${"a,".repeat(20)}${"a".repeat(5_000)}_`;
    const before = performance.now();
    try {
      pattern.test(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SlowPatternError);
      expect(() => pattern.test("a")).toThrow(SlowPatternError);
    }
    expect(performance.now() - before).toBeLessThan(5_000);
  },
);

test("on Deno too", () => {
  const script = `import { outsidePattern } from ${JSON.stringify(join(ROOT, "src/base/outside-pattern.ts"))};
    try { outsidePattern("(a|aa)+$").test("a".repeat(5000) + "_"); } catch (error) { console.log(error.name); }`;
  const argv = ["eval", "--no-config", script];
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/deno"), argv, { encoding: "utf8", timeout: 30_000 });
  expect(stdout.trim()).toBe("SlowPatternError");
});
