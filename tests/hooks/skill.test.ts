import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { COMMANDS } from "../../src/cli/program/table.ts";

const text = readFileSync(join(import.meta.dirname, "../../hooks/skills/p9/SKILL.md"), "utf8");
const [, frontmatter = "", body = ""] = text.split(/^---$/m);

test("the skill's description fits the client's listing and begins with the user's moment", () => {
  const { name, description } = parse(frontmatter);
  expect(name).toBe("p9");
  expect(description.length).toBeLessThanOrEqual(1_536);
  expect(description).toMatch(/^Use when the user is waiting/);
});

test("every command that the skill names exists", () => {
  const known = new Set(COMMANDS.map((row) => row.name));
  const named = [...text.matchAll(/\bp9 ([a-z][a-z-]+)/g)].map((match) => match[1] ?? "");
  const commands = [...body.matchAll(/`p9 ([a-z-]+)/g)].map((match) => match[1] ?? "");
  expect(commands.length).toBeGreaterThan(8);
  expect(commands.filter((name) => !known.has(name))).toEqual([]);
  expect(named).not.toContain("auto-merge");
});
