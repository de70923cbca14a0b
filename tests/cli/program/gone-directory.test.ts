import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { run } from "../../../src/process/exec.ts";
import { ROOT, type Sandbox, sandbox } from "../../helpers/p9.ts";

/** Runs a program in a folder that is removed before it starts. */
async function inGone(box: Sandbox, argv: readonly string[], input = "{}") {
  const gone = join(box.dir, "gone");
  mkdirSync(gone, { recursive: true });
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const result = await run(["/bin/sh", "-c", script, "sh", gone, ...argv], { env: { ...box.env }, input });
  return { ...result, gone };
}

const p9 = (...args: string[]) => [process.execPath, join(ROOT, "dist", "p9.js"), ...args];

describe("in a directory that was removed", () => {
  test.each([
    [["status"], "nothing in flight"],
    [["status", "--json"], "open_prs"],
    [["statusline"], ""],
    [["--help"], "Usage: p9"],
    [["watch", "--help"], "Usage: p9 watch"],
    [["report"], "nothing has ended yet"],
    [["report", "--pr", "4"], "nothing has ended yet"],
    [["events", "tail"], ""],
    [["stats"], "Nothing was waited for"],
    [["wait-queue", "list"], "(empty)"],
    [["rearm"], "nothing to re-arm"],
    [["reap"], "nothing to reap"],
    [["escalations", "list"], "no open escalations"],
    [["hook", "Stop"], ""],
    [["plugin", "list"], ""],
    [["completions", "bash"], "bash completion"],
    [["complete", "--", "watch", "--"], "--background"],
  ])("p9 %j works", async (args, told) => {
    const { code, stdout, stderr } = await inGone(sandbox(), p9(...args));
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^ {4}at /m) });
    expect(stdout).toContain(told);
  });

  test.each([
    [["watch", "42"], 3],
    [["watch"], 3],
    [["watch", "build", "--", "true"], 3],
    [["merge-status", "42"], 3],
    [["why", "42"], 3],
    [["merge-ready", "42"], 3],
    [["heal", "42", "--classify"], 3],
    [["heal", "42", "--apply"], 3],
    [["init"], 3],
    [["trust"], 3],
    [["plugin", "add", "./x"], 3],
  ])("p9 %j says in one line that it is gone", async (args, wanted) => {
    const { code, stdout, stderr, gone } = await inGone(sandbox(), p9(...args));
    expect({ code, stdout }).toEqual({ code: wanted, stdout: "" });
    const [line, ...more] = stderr.trimEnd().split("\n");
    expect(line).toMatch(/^p9: Cannot /);
    expect(line).toContain(gone);
    expect(more).toEqual([]);
  });

  test("what is watched elsewhere can be followed, and abandoned", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "1"]);
    const id = String(box.events().find((event) => event.type === "transition")?.wait_id);
    expect((await inGone(box, p9("attach", id))).code).toBe(0);
    await box.p9(["watch", "build", "--background", "--", "sleep", "60"]);
    const other = String(box.events().findLast((event) => event.type === "transition")?.wait_id);
    expect((await inGone(box, p9("abandon", other))).code).toBe(0);
  });

  test("the program of the hooks answers", async () => {
    const hook = [process.execPath, join(ROOT, "dist", "hook.js"), "SessionStart"];
    const { code, stderr } = await inGone(sandbox(), hook, JSON.stringify({ session_id: "s1" }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("where another directory of its name stands by now, p9 works in that", async () => {
    const box = sandbox();
    const gone = join(box.dir, "again");
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && mkdir "$1" && shift && exec "$@"';
    const argv = ["/bin/sh", "-c", script, "sh", gone, ...p9("watch", "build", "--", "touch", "made")];
    const { code } = await run(argv, { env: { ...box.env } });
    expect(code).toBe(0);
    rmSync(join(gone, "made"));
  });
});

test.each(["node", "deno"] as const)("a watch on %s goes on when its directory is removed", async (runtime) => {
  const box = sandbox();
  let status = 503;
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const place = join(box.dir, "place");
  mkdirSync(place);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const watch = box.start(["watch", "http", url, "--interval", "1"], { cwd: place, runtime });
  await watch.until(/HTTP 503/);
  rmSync(place, { recursive: true });
  status = 200;
  const { code, stderr } = await watch.ended;
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^ {4}at /m) });
});

test("a program that cannot be started for want of its directory is not called missing", async () => {
  const box = sandbox();
  const cmd = box.write("ask.sh", "exit 1\n");
  const place = join(box.dir, "place");
  mkdirSync(place);
  writeFileSync(join(place, "x"), "");
  const watch = box.start(["watch", "command", "x", "--cmd", `sh ${cmd}`, "--interval", "1", "--timeout", "6"], {
    cwd: place,
  });
  await watch.until(/Not yet/);
  rmSync(place, { recursive: true });
  expect((await watch.ended).stderr).toContain(`The directory "${place}" does not exist any more`);
});
