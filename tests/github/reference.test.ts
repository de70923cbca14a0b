import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KNOWN_VALUES } from "../../src/github/checks.ts";

const page = readFileSync(new URL("../../references/github-checks.md", import.meta.url), "utf8");

test("the table of the reference page is the table of the code", () => {
  const words = {
    conclusion: "CheckConclusionState",
    status: "CheckStatusState",
    "commit status": "StatusState",
  } as const;
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| ([a-z ]+) \| (\w+) \|/gm)].map(
    ([, value, of, state]) => `${of} ${value} ${state}`,
  );
  const known = Object.entries(words).flatMap(([of, name]) =>
    Object.entries(KNOWN_VALUES[name]).map(([value, state]) => `${of} ${value} ${state}`),
  );
  expect(rows.sort()).toEqual(known.sort());
});
