import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hookGroups } from "../../src/init/wiring.ts";
import { ROOT, sandbox } from "../helpers/p9.ts";

const INPUT = JSON.stringify({ hook_event_name: "SessionStart", source: "startup", session_id: "s1", cwd: "." });

/** A folder with programs of its own, each of which leaves the file `ran`. */
function ownPrograms() {
  const box = sandbox();
  for (const folder of ["bin", ".", "it's * here"])
    for (const program of ["node", "deno", "git", "cat", "grep", "readlink", "p9"])
      chmodSync(box.write(join(folder, program), `#!/bin/sh\ntouch "${join(box.work, "ran")}"\n`), 0o755);
  const run = (argv: readonly string[], path: string) => {
    const env = { ...box.env, PATH: path, CLAUDE_CODE_SESSION_ID: "s1" };
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

test("hooks that a shared file finds by PATH are not taken from the folder", () => {
  const { box, run, ran } = ownPrograms();
  box.write("hooks/always.sh", `touch "${join(box.work, "ran")}"\n`);
  const [group] = hookGroups("path").get("SessionStart")?.hooks ?? [];
  for (const entries of ["bin:", ":"]) {
    const { status } = run(["/bin/sh", "-c", group?.command ?? "exit 9"], entries + box.env.PATH);
    expect({ status, ran: ran() }).toEqual({ status: 0, ran: false });
  }
});
