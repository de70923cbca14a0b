import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

test.each(["bin", ".", "", "./node_modules/.bin"])(
  "a program of the folder is not run, though PATH names %j first",
  async (entry) => {
    const box = sandbox();
    for (const folder of ["bin", ".", "node_modules/.bin"]) {
      chmodSync(box.write(join(folder, "git"), "#!/bin/sh\ntouch ran\n"), 0o755);
    }
    const env = { ...box.env, PATH: `${entry}:${box.env.PATH}` };
    expect((await run(["git", "--version"], { env, cwd: box.work })).stdout).toMatch(/^git version/);
    await run(["sh", "-c", "git --version"], { env, cwd: box.work });
    expect((await box.p9(["doctor"], { env })).code).not.toBeNull();
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  },
);

test.each(["bin", "node_modules/.bin", "../node_modules/.bin", "deep/er/bin"])(
  "a program of the repository is not run, though PATH names its %j in full, as npx does",
  async (entry) => {
    const box = sandbox();
    box.write(".git/HEAD", "ref: refs/heads/main\n");
    const folder = join(box.work, entry);
    mkdirSync(folder, { recursive: true });
    for (const name of ["git", "gh", "sh", "bash", "bwrap", "unshare", "setpriv", "flock"])
      writeFileSync(join(folder, name), `#!/bin/bash\ntouch '${box.work}/ran'\n`, { mode: 0o755 });
    const env = { ...box.env, PATH: `${folder}:${box.env.PATH}` };
    expect((await run(["git", "--version"], { env, cwd: box.work })).stdout).toMatch(/^git version/);
    expect((await run(["sh", "-c", "echo $0"], { env, cwd: box.work })).stdout).toBe("/bin/sh\n");
    for (const args of [["doctor"], ["status"]]) expect((await box.p9(args, { env })).code).not.toBeNull();
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  },
);

test("a command line finds what is installed in the repository, by PATH", async () => {
  const box = sandbox();
  box.write(".git/HEAD", "ref: refs/heads/main\n");
  chmodSync(box.write(".venv/bin/fixer", "#!/bin/sh\necho fixed\n"), 0o755);
  const env = { ...box.env, PATH: `${join(box.work, ".venv/bin")}:${box.env.PATH}` };
  expect((await run(["sh", "-c", "fixer"], { env, cwd: box.work })).stdout).toBe("fixed\n");
});

test("a user's own programs are found in a home that is kept in git", async () => {
  const box = sandbox();
  const home = join(box.work, "..");
  box.write("../.git/HEAD", "ref: refs/heads/main\n");
  chmodSync(box.write("../own/bin/tool", "#!/bin/sh\necho own\n"), 0o755);
  const env = { ...box.env, HOME: home, PATH: `${join(home, "own/bin")}:${box.env.PATH}` };
  expect((await run(["tool"], { env, cwd: box.work })).stdout).toBe("own\n");
});

test("no file that the environment names runs before a program", async () => {
  const box = sandbox();
  const first = box.write("first.sh", "touch ran\n");
  await run(["bash", "-c", "true"], { env: { ...box.env, BASH_ENV: first }, cwd: box.work });
  expect(existsSync(join(box.work, "ran"))).toBe(false);
});
