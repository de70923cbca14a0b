import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Finder, hookGroups } from "../../src/init/wiring.ts";
import { ROOT, sandbox } from "../helpers/p9.ts";

const INPUT = JSON.stringify({ hook_event_name: "SessionStart", source: "startup", session_id: "s1", cwd: "." });

/** A folder with programs of its own, each of which leaves the file `ran`. */
function ownPrograms() {
  const box = sandbox();
  for (const folder of ["bin", ".", "it's * here", "node_modules/.bin"])
    for (const program of ["node", "deno", "git", "cat", "grep", "readlink", "p9"])
      chmodSync(box.write(join(folder, program), `#!/bin/sh\ntouch "${join(box.work, "ran")}"\n`), 0o755);
  // What a p9 of each folder would have its hooks in.
  for (const hook of ["hooks/always.sh", "node_modules/hooks/always.sh"])
    chmodSync(box.write(hook, `#!/bin/sh\ntouch "${join(box.work, "ran")}"\n`), 0o755);
  const run = (argv: readonly string[], path: string, more: Record<string, string> = {}) => {
    const env = { ...box.env, PATH: path, CLAUDE_CODE_SESSION_ID: "s1", ...more };
    const [program = "", ...args] = argv;
    return spawnSync(program, args, { env, cwd: box.work, input: INPUT, encoding: "utf8" });
  };
  return { box, run, ran: () => existsSync(join(box.work, "ran")) };
}

test.each(["bin:", ".:", ":", "bin/::.:", "it's * here:"])(
  "a hook runs no program of the folder, though PATH begins with %j",
  (entries) => {
    const { box, run, ran } = ownPrograms();
    const { status, stderr } = run(["/bin/sh", join(ROOT, "hooks/always.sh"), "SessionStart"], entries + box.env.PATH);
    expect({ status, stderr, ran: ran() }).toEqual({ status: 0, stderr: "", ran: false });
    expect(readdirSync(join(box.home, "inbox"))).toContain("s1");
  },
);

test.each(["node_modules/.bin", "node_modules/.bin/", "bin"])(
  "a hook runs no program of the project, though PATH names its %j in full",
  (folder) => {
    const { box, run, ran } = ownPrograms();
    const path = `${box.work}/${folder}:${box.env.PATH}`;
    const more = { CLAUDE_PROJECT_DIR: box.work };
    const hook = run(["/bin/sh", join(ROOT, "hooks/always.sh"), "SessionStart"], path, more);
    expect({ status: hook.status, stderr: hook.stderr, ran: ran() }).toEqual({ status: 0, stderr: "", ran: false });
    expect(readdirSync(join(box.home, "inbox"))).toContain("s1");
    for (const finder of ["path", { program: join(ROOT, "dist/p9.js") }] as const) {
      const [handler] = hookGroups(finder).get("SessionStart")?.hooks ?? [];
      const { status } = run(["/bin/sh", "-c", handler?.command ?? "exit 9"], path, more);
      expect({ status, ran: ran() }).toEqual({ status: 0, ran: false });
    }
  },
);

test("a project that is the home folder keeps the user's own programs", () => {
  const { box, run, ran } = ownPrograms();
  const more = { CLAUDE_PROJECT_DIR: box.work, HOME: box.work };
  run(["/bin/sh", join(ROOT, "hooks/always.sh"), "SessionStart"], `${box.work}/bin:${box.env.PATH}`, more);
  expect(ran()).toBe(true);
});

test("hooks that a shared file finds by PATH are not taken from the folder", () => {
  const { box, run, ran } = ownPrograms();
  box.write("hooks/always.sh", `touch "${join(box.work, "ran")}"\n`);
  const [group] = hookGroups("path").get("SessionStart")?.hooks ?? [];
  for (const entries of ["bin:", ":"]) {
    const { status } = run(["/bin/sh", "-c", group?.command ?? "exit 9"], entries + box.env.PATH);
    expect({ status, ran: ran() }).toEqual({ status: 0, ran: false });
  }
});

test("of the user's hooks and the project's, which find the same p9, those answer that came first", () => {
  const box = sandbox();
  const bin = join(box.env.HOME ?? "", "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(ROOT, "dist/p9.js"), join(bin, "p9"));
  const commandOf = (finder: Finder, event: string) => hookGroups(finder).get(event)?.hooks[0]?.command ?? "exit 9";
  const env = { ...box.env, CLAUDE_CODE_SESSION_ID: "s1", CLAUDE_PID: "7" };
  const run = (command: string, path: string) =>
    spawnSync("/bin/sh", ["-c", command], {
      env: { ...env, PATH: path },
      cwd: box.work,
      input: INPUT,
      encoding: "utf8",
    });
  const levels: readonly Finder[] = [{ program: join(ROOT, "dist/p9.js") }, "path"];
  const path = `${bin}:${box.env.PATH}`;
  for (const finder of levels.toReversed()) expect(run(commandOf(finder, "SessionStart"), path).status).toBe(0);
  // From now on a program in node's place notes which copy started it.
  const noted = join(box.env.HOME ?? "", "noted");
  const fake = join(box.env.HOME ?? "", "fake");
  mkdirSync(fake);
  writeFileSync(join(fake, "node"), `#!/bin/sh\necho "$P9_HOOKS" >>"${noted}"\n`, { mode: 0o755 });
  for (const finder of levels) run(commandOf(finder, "SessionEnd"), `${fake}:${path}`);
  expect(readFileSync(noted, "utf8").trim().split("\n")).toEqual([expect.stringMatching(/^project:/)]);
});
