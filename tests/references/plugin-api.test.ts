import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";

const SCRIPT = "tests/references/plugin-api.mjs";

test("the reference of each public module is what its doc comments say", () => {
  const { stderr } = spawnSync("node", [SCRIPT, "--check"], { cwd: ROOT, encoding: "utf8" });
  expect(stderr).toBe("");
});

test.each(["plugin-api", "github-api", "provider-api"])(
  "references/%s.md explains every name of its module",
  (page) => {
    const text = readFileSync(join(ROOT, "references", `${page}.md`), "utf8");
    expect([...text.matchAll(/^### (\w+)\n\n(?![A-Z`])/gm)].map(([, name]) => name)).toEqual([]);
  },
);
