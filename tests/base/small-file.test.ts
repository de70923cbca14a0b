import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSmallFile } from "../../src/base/small-file.ts";
import { sandbox } from "../helpers/p9.ts";

test("a file is read whole up to the limit, also through a link", () => {
  const { dir, write } = sandbox();
  const path = write("file", "naïve\n");
  symlinkSync(path, join(dir, "link"));
  expect(readSmallFile(path, 7)).toBe("naïve\n");
  expect(readSmallFile(join(dir, "link"))).toBe("naïve\n");
  expect(readSmallFile(write("empty", ""))).toBe("");
});

test("what is no regular file, or a large one, is refused at once", () => {
  const { dir } = sandbox();
  const large = join(dir, "large");
  writeFileSync(large, Buffer.alloc(2 * 1024 * 1024));
  execFileSync("mkfifo", [join(dir, "pipe")]);
  expect(() => readSmallFile(large)).toThrow("It is larger than 1 MiB");
  expect(() => readSmallFile(join(dir, "pipe"))).toThrow(/is no regular file$/);
  expect(() => readSmallFile("/dev/zero")).toThrow(/is no regular file$/);
  expect(() => readSmallFile(dir)).toThrow();
});

test("a log, a state and a key that are pipes stop no command", async () => {
  const box = sandbox();
  execFileSync("mkfifo", [join(box.dir, "log")]);
  const ended = await box.p9(["watch", "build", "--pid", "999999", "--log", join(box.dir, "log")]);
  expect([ended.signal, ended.code]).toEqual([null, expect.any(Number)]);
  for (const name of ["environment.key", "state.jsonl"]) {
    rmSync(join(box.home, name), { force: true });
    execFileSync("mkfifo", [join(box.home, name)]);
    const { signal, stderr } = await box.p9(["watch", "build", "--", "true"]);
    expect([name, signal]).toEqual([name, null]);
    expect(stderr).not.toContain("internal error");
    rmSync(join(box.home, name));
  }
});

test.each(["node", "deno"] as const)("a policy that is a pipe stops no command (%s)", async (runtime) => {
  const box = sandbox();
  box.write(".control/x", "");
  execFileSync("mkfifo", [join(box.work, ".control/policy.yaml")]);
  expect((await box.p9(["status"], { runtime })).code).toBe(0);
  const { stdout, stderr } = await box.p9(["doctor"], { runtime });
  expect(stdout + stderr).toContain('.control/policy.yaml": It is no regular file');
  const watch = await box.p9(["watch", "build", "--", "true"], { runtime });
  expect({ code: watch.code, stderr: watch.stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining("It is no regular file"),
  });
});
