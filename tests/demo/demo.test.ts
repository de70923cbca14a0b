// needs: time
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";

test("npm run demo shows a session to its end, with the exit codes that it promises", () => {
  const { status, stdout } = spawnSync("node", [join(ROOT, "tests/demo/run.mjs")], {
    env: { PATH: process.env.PATH ?? "", P9_TEST_BUILT: "1" },
    encoding: "utf8",
    timeout: 170_000,
  });
  expect(status).toBe(0);
  const codes = stdout.slice(stdout.indexOf("# Exit codes")).matchAll(/^ +(\d+) {2}/gm);
  expect([...codes].map(([, code]) => Number(code))).toEqual([0, 10, 10, 12, 8]);
  expect(stdout).toContain("error TS2322");
  expect(stdout).not.toContain("internal error");
}, 180_000);
