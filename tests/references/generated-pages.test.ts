import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";

test.each([
  ["the reference of each public module is what its doc comments say", "tests/references/plugin-api.mjs"],
  ["references/commands.md is what every command says of itself", "tests/references/commands.mjs"],
])(
  "%s",
  async (_, script) => {
    const { stderr } = spawnSync(process.execPath, [script, "--check"], { cwd: ROOT, encoding: "utf8" });
    expect(stderr, stderr).toBe("");
  },
  60_000,
);

test.each(["plugin-api", "github-api", "provider-api"])(
  "references/%s.md explains every name of its module",
  (page) => {
    const text = readFileSync(join(ROOT, "references", `${page}.md`), "utf8");
    expect([...text.matchAll(/^### (\w+)\n\n(?![A-Z`])/gm)].map(([, name]) => name)).toEqual([]);
  },
);
