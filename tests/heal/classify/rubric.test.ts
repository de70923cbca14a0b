import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEFAULT_FLOOR, FLOORS, RULES } from "../../../src/heal/classify/rubric.ts";
import { FAILURE_TYPES } from "../../../src/heal/classify/rule.ts";
import { ROOT } from "../../helpers/p9.ts";
import { rubricTables } from "./rubric-tables.ts";

const PAGE = readFileSync(join(ROOT, "references", "scoring-rubric.md"), "utf8");

test("every table of the rubric page is what the code does", () => {
  const tables = rubricTables();
  expect(Object.keys(tables)).toHaveLength(16);
  for (const [heading, table] of Object.entries(tables))
    expect(
      PAGE,
      `the table "${heading}" is not current: run node_modules/.bin/deno run -A tests/heal/classify/print-rubric.ts`,
    ).toContain(`## ${heading}\n\n${table}`);
});

test("the page has no row that the code does not have", () => {
  const rows = PAGE.split("\n").filter((line) => /^\| `[a-z0-9-]+` \|/.test(line));
  expect(rows).toHaveLength(RULES.length);
});

test("the floors on the page are the floors in the code", () => {
  for (const [type, floor] of Object.entries(FLOORS)) expect(PAGE).toContain(`| ${type} | ${floor} |`);
  expect(PAGE).toContain(`| any other | ${DEFAULT_FLOOR} |`);
});

describe("each rule", () => {
  test.each(RULES.map((rule) => [`${rule.type} ${rule.id}`, rule] as const))(
    "%s matches its example",
    (_name, rule) => {
      const text = rule.ignoreCase ? rule.example.toLowerCase() : rule.example;
      expect(rule.find.some((literal) => text.includes(literal))).toBe(true);
      if (rule.re) expect(rule.re.test(text)).toBe(true);
    },
  );

  test("has an id of its own within its type, a known type and a weight", () => {
    expect(new Set(RULES.map(({ type, id }) => `${type} ${id}`)).size).toBe(RULES.length);
    for (const { type, weight } of RULES) {
      expect(FAILURE_TYPES).toContain(type);
      expect(weight > 0 && weight < 1).toBe(true);
    }
  });

  test("repeats nothing without a bound inside a repetition, so that no line costs more than its length", () => {
    for (const { id, re } of RULES)
      if (re)
        expect(
          /\((?:\?:(?![ ,:\-"'=./|\\])|(?![ ?,:\-"'=./|\\]))[^()]*[+*]\)[+*]|\.[*+]/.test(re.source),
          `${id}: ${re.source}`,
        ).toBe(false);
  });
});
