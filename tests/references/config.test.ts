import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isObject } from "../../src/base/json.ts";
import { BLOCKS } from "../../src/config/schema.ts";
import { EXIT_TEXT } from "../../src/core/exit-codes.ts";
import { ROOT } from "../helpers/p9.ts";

const page = (name: string) => readFileSync(join(ROOT, "references", name), "utf8");

/** Defaults by dotted key, of blocks inside blocks too. */
function defaults(value: unknown, prefix = ""): [string, unknown][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    isObject(one) && Object.keys(one).length > 0 ? defaults(one, `${prefix}${key}.`) : [[`${prefix}${key}`, one]],
  );
}

test.each(["ci_watch", "ci_heal"] as const)("references/config.md has every key of %s with its default", (block) => {
  const text = page("config.md");
  const section = text.slice(text.indexOf(`## \`${block}\``)).split("\n## ")[0] ?? "";
  const rows = new Map(
    [...section.matchAll(/^\| `([\w.]+)(?:\.<\w+>)?` \| (.*?) \|/gm)].map(([, key, value]) => [key, value]),
  );
  for (const key of Object.keys(BLOCKS[block].shape))
    expect([...rows.keys()].some((row) => row?.split(".")[0] === key)).toBe(true);
  for (const [key, value] of defaults(BLOCKS[block].parse({}))) {
    const shown = rows.get(key)?.replaceAll("`", "");
    if (value === null || isObject(value)) continue;
    expect(`${key} ${shown}`).toBe(`${key} ${Array.isArray(value) ? `[${value.join(", ")}]` : value}`);
  }
  const known = Object.keys(BLOCKS[block].shape);
  expect([...rows.keys()].filter((row) => !known.includes(row?.split(".")[0] ?? ""))).toEqual([]);
});

test("references/exit-codes.md has every exit code", () => {
  const codes = [...page("exit-codes.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.keys(EXIT_TEXT).map(Number));
});
