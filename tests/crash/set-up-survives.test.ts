import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../helpers/p9.ts";

const KILLER = join(import.meta.dirname, "die-at-write.cjs");
/** As a person may have written it: no formatter gives it back. */
const OWN = '{"model":   "opus",\n "statusLine": {"type": "command", "command": "x"}}';

/** A user with settings of their own, and a repository. */
function user() {
  const one = sandbox();
  const folder = join(one.dir, "all");
  const [home, project] = [join(folder, "home"), join(folder, "project")];
  mkdirSync(join(home, ".claude"), { recursive: true });
  writeFileSync(join(home, ".claude/settings.json"), OWN);
  spawnSync("git", ["init", "-q", project]);
  const env = { ...one.env, HOME: home, BROOMVA_P9_HOME: join(folder, "p9"), DBUS_SESSION_BUS_ADDRESS: "unix:path=/x" };
  const files = [
    join(home, ".claude/settings.json"),
    join(project, ".claude/settings.json"),
    join(project, ".control/policy.yaml"),
    join(folder, "p9/config.yaml"),
    join(folder, "p9/notify.json"),
  ];
  return {
    folder,
    files,
    run: (args: readonly string[], dieAt?: number) =>
      spawnSync(process.execPath, [join(ROOT, "dist/p9.js"), ...args], {
        cwd: project,
        encoding: "utf8",
        env: dieAt === undefined ? env : { ...env, NODE_OPTIONS: `--require ${KILLER}`, P9_TEST_DIE_AT: String(dieAt) },
      }),
    /** The text of each file that is there. */
    texts: () =>
      Object.fromEntries(files.filter((path) => existsSync(path)).map((path) => [path, readFileSync(path, "utf8")])),
    keep: () => cpSync(folder, `${folder}.kept`, { recursive: true }),
    restore: () => {
      rmSync(folder, { recursive: true });
      cpSync(`${folder}.kept`, folder, { recursive: true });
    },
  };
}

type User = ReturnType<typeof user>;

/** Kills a command before its first write, its second, and so on to its end; `then` looks at what is there each time. */
function killedAtEveryWrite({ run, restore }: User, args: readonly string[], then: (at: number) => void): number {
  for (let at = 1; ; at++) {
    const { signal, status, stderr } = run(args, at);
    if (signal !== "SIGKILL") {
      expect(`${status} ${stderr}`).toMatch(/^0 /);
      return at - 1;
    }
    then(at);
    restore();
  }
}

/** Every file is as it was before or as it shall be, whole. */
function eachIsWhole(now: Record<string, string>, before: Record<string, string>, after: Record<string, string>): void {
  for (const [path, text] of Object.entries(now)) expect([before[path], after[path]]).toContain(text);
}

const leftovers = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".tmp") && !path.startsWith("p9/"),
  );

test.each([[[]], [["--purge"]]])(
  "p9 uninstall %j that is killed at any write leaves whole files, and run again gives everything back",
  (flags) => {
    const one = user();
    expect(one.run(["init", "--no-notify"]).status).toBe(0);
    expect(one.run(["init", "--project"]).status).toBe(0);
    const [settings = ""] = one.files;
    const before = one.texts();
    one.keep();
    const after = { [settings]: OWN };
    const writes = killedAtEveryWrite(one, ["uninstall", ...flags], () => {
      eachIsWhole(one.texts(), before, after);
      expect(one.run(["uninstall", ...flags])).toMatchObject({ status: 0 });
      expect(one.texts()).toEqual(after);
      expect(leftovers(one.folder)).toEqual([]);
    });
    expect(writes).toBeGreaterThan(5);
  },
);

test("p9 init that is killed at any write leaves whole files, and p9 uninstall gives back what was there before", () => {
  const one = user();
  const before = one.texts();
  one.keep();
  one.run(["init", "--no-notify"]);
  const after = one.texts();
  one.restore();
  const writes = killedAtEveryWrite(one, ["init", "--no-notify"], () => {
    eachIsWhole(one.texts(), before, after);
    expect(one.run(["init", "--no-notify"])).toMatchObject({ status: 0 });
    expect(one.texts()).toEqual(after);
    expect(one.run(["uninstall", "--purge"])).toMatchObject({ status: 0 });
    expect(one.texts()).toEqual(before);
    expect(leftovers(one.folder)).toEqual([]);
  });
  expect(writes).toBeGreaterThan(3);
});
