// needs: time, python3
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, sandbox } from "../../../helpers/p9.ts";

describe("p9 plugin new", () => {
  test.each(["source", "wait-kind", "notifier"])("writes a %s in Python whose tests pass", async (type) => {
    const box = sandbox();
    expect((await box.p9(["plugin", "new", type, "mine", "--lang", "python"])).code).toBe(0);
    execFileSync("python3", ["-m", "unittest"], { cwd: join(box.work, "mine"), stdio: "pipe" });
    expect(await box.p9(["plugin", "test", "mine/mine.py"])).toMatchObject({ code: 0 });
    // By its folder, too.
    expect((await box.p9(["plugin", "add", "./mine"])).stdout).toContain("mine/mine.py");
  });

  test.each(["source", "wait-kind", "notifier"])("writes a %s in bash whose tests pass", async (type) => {
    const box = sandbox();
    expect((await box.p9(["plugin", "new", type, "mine", "--lang", "bash"])).code).toBe(0);
    execFileSync("./test.sh", { cwd: join(box.work, "mine"), stdio: "pipe" });
    expect(await box.p9(["plugin", "test", "mine/mine.sh"])).toMatchObject({ code: 0 });
    // By its folder, too.
    expect((await box.p9(["plugin", "add", "./mine"])).stdout).toContain("mine/mine.sh");
  });

  test.each(["source", "wait-kind", "notifier"])(
    "writes a %s in TypeScript that builds and whose tests pass",
    async (type) => {
      const box = sandbox();
      expect((await box.p9(["plugin", "new", type, "mine"])).code).toBe(0);
      const folder = join(box.work, "mine");
      // What npm install would bring.
      mkdirSync(join(folder, "node_modules", "@broomva"), { recursive: true });
      symlinkSync(ROOT, join(folder, "node_modules", "@broomva", "p9"));
      symlinkSync(join(ROOT, "node_modules", "@types"), join(folder, "node_modules", "@types"));
      const unbuilt = await box.p9(["plugin", "test", "./mine"]);
      expect(unbuilt.stderr).toMatch(/there is no file ".*dist\/plugin.js": is it built \(npm run build\)\?/);
      execFileSync("node", [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: folder, stdio: "pipe" });
      execFileSync("node", ["--test", "test/"], { cwd: folder, stdio: "pipe" });
      expect(await box.p9(["plugin", "test", "./mine"])).toMatchObject({ code: 0 });
    },
  );

  test("says what is wrong with its arguments, and overwrites nothing", async () => {
    const box = sandbox();
    const said = async (...args: string[]) => {
      const { code, stderr } = await box.p9(["plugin", "new", ...args]);
      return [code, stderr.trim()];
    };
    expect(await said("thing", "mine")).toEqual([
      3,
      'p9: Cannot write a "thing": wanted one of source, wait-kind, notifier',
    ]);
    expect(await said("source", "Mine")).toEqual([3, 'p9: Cannot call a plugin "Mine": wanted a kebab-case name']);
    expect(await said("source", "a", "--lang", "perl")).toEqual([
      3,
      'p9: Cannot write a plugin in "perl": wanted one of ts, python, bash',
    ]);
    box.write("mine/keep", "mine");
    expect((await said("source", "mine"))[1]).toContain("is there already");
    expect(readFileSync(join(box.work, "mine", "keep"), "utf8")).toBe("mine");
  });
});
