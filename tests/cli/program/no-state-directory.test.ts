// needs: gh
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sandbox } from "../../helpers/p9.ts";
import { prLab } from "../pr-lab.ts";

// Below /proc the system says ENOENT of a directory whose parent exists, which Node's own recursive mkdir answers by trying for ever.
const places: [string, (dir: string) => string][] = [
  ["below a file", (dir) => join(dir, "file", "p9")],
  ...(existsSync("/proc/self") ? [["below /proc", () => "/proc/none/p9"] as [string, () => string]] : []),
];

describe.each(places)("a state directory %s", (_name, place) => {
  const nowhere = () => {
    const box = sandbox();
    writeFileSync(join(box.dir, "file"), "");
    return { box, options: { env: { BROOMVA_P9_HOME: place(box.dir), BROOMVA_P9_SESSION: "s1" } } };
  };

  test("ends a watch with 99 and what could not be kept", async () => {
    const { box, options } = nowhere();
    const { code, stderr } = await box.p9(["watch", "build", "--", "true"], options);
    expect(code).toBe(99);
    expect(stderr).toContain("Cannot keep 2 events");
  });

  test("ends a push to the queue with 99 and the item that was lost", async () => {
    const { box, options } = nowhere();
    const { code, stderr } = await box.p9(["wait-queue", "push", "--item", "read the docs"], options);
    expect(code).toBe(99);
    expect(stderr).toContain("Cannot keep 1 event");
    expect(stderr).toContain('"item":"read the docs"');
  });

  test.each(["SessionStart", "PreToolUse", "PostToolUse", "Stop"])("fails no tool call: %s", async (event) => {
    const { box, options } = nowhere();
    const input = JSON.stringify({
      session_id: "s1",
      cwd: box.work,
      tool_name: "Bash",
      tool_input: { command: "git push" },
    });
    expect(await box.p9(["hook", event], { ...options, input })).toMatchObject({ code: 0, stdout: "" });
  });

  test("does not keep a log from being classified", async () => {
    const { github, box, env, repo } = await prLab();
    try {
      repo
        .pull(2)
        .head.checks({ name: "lint", conclusion: "FAILURE", log: "src/a.ts(1,7): error TS2322: Type mismatch" });
      const nowhere = { ...env, BROOMVA_P9_HOME: place(box.work) };
      box.write("file", "");
      const { code, stdout } = await box.p9(["heal", "2", "--classify"], { env: nowhere });
      expect({ code, type: JSON.parse(stdout).failure_type }).toEqual({ code: 0, type: "type" });
    } finally {
      await github.stop();
    }
  });
});

test("heal --classify of a green pull request is the first command of a new user", async () => {
  const { github, box, env, repo } = await prLab();
  try {
    repo.pull(1).head.checks("lint");
    const { code, stderr } = await box.p9(["heal", "1", "--classify"], { env });
    expect({ code, stderr }).toEqual({ code: 4, stderr: "p9: Nothing has failed on the head of #1\n" });
  } finally {
    await github.stop();
  }
});
