// needs: fish
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../../../helpers/p9.ts";

/** A user with p9 on PATH, and the script for a shell. */
async function withScript(shell: string) {
  const box = sandbox();
  writeFileSync(join(box.dir, "p9"), `#!/bin/sh\nexec node ${join(ROOT, "dist/p9.js")} "$@"\n`);
  chmodSync(join(box.dir, "p9"), 0o755);
  const script = join(box.dir, "script");
  writeFileSync(script, (await box.p9(["completions", shell])).stdout);
  return { ...box, script, env: { ...box.env, PATH: `${box.dir}:${box.env.PATH}` } };
}

test("fish completes commands and options, also after a second time of sourcing", async () => {
  const { env, script } = await withScript("fish");
  const line = `source ${script}; source ${script}; complete -C 'p9 wat'; complete -C 'p9 status --no'`;
  const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", line], { env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^watch\t/m);
  expect(stdout).toMatch(/^--no-reap\t/m);
});
