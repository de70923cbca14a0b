import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/process/exec.ts";
import { sandbox } from "../helpers/p9.ts";

test("a program is over when it ends, though a process that left its group holds the pipes", async () => {
  const { dir, env } = sandbox();
  const left = `setsid sleep 60 & echo $! > ${join(dir, "pid")}; echo done`;
  const before = performance.now();
  const { code, stdout } = await run(["sh", "-c", left], { env, cwd: dir });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "done\n" });
  expect(performance.now() - before).toBeLessThan(20_000);
  process.kill(Number(readFileSync(join(dir, "pid"), "utf8")), 0);
});

test("all that a program wrote before its end is read, however much", async () => {
  const { env } = sandbox();
  const { stdout } = await run(["sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x; (exec setsid sleep 30) &"], {
    env,
  });
  expect(stdout).toHaveLength(5_000_000);
});
