import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";

const SCRIPT = "tests/references/plugin-api.mjs";

test("references/plugin-api.md is what the doc comments say", () => {
  const { status, stderr } = spawnSync("node", [SCRIPT, "--check"], { cwd: ROOT, encoding: "utf8" });
  expect(status, stderr).toBe(0);
});

test("references/plugin-api.md explains every declaration of the contract", () => {
  const page = readFileSync(join(ROOT, "references", "plugin-api.md"), "utf8");
  const contract = readFileSync(join(ROOT, "src", "plugin.ts"), "utf8");
  const names = [...contract.matchAll(/^export (?:interface|class|function|const|type) (\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(names.filter((name) => !new RegExp(`^### ${name}\\n\\n[A-Z]`, "m").test(page))).toEqual([]);
});
