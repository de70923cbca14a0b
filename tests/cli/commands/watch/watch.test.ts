// needs: time
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually, type Result, type Sandbox, sandbox, untilFile } from "../../../helpers/p9.ts";
import { isAlive, processesWith } from "../../../helpers/processes.ts";

interface Report {
  readonly state: string;
  readonly outcome: string;
  readonly cause: string;
  readonly reason: string;
  readonly wait_id: string;
  readonly log_tail: readonly string[];
  readonly next_action: string;
}

/** The termination reports on stderr. */
function reports({ stderr }: Result): Report[] {
  const found = stderr.split("\n").filter((line) => line.startsWith("P9-TERMINATION-REPORT "));
  return found.map((line) => JSON.parse(line.slice("P9-TERMINATION-REPORT ".length)));
}
const rowsOf = (box: Sandbox) => box.events().filter(({ type }) => type === "transition");
const sh = (script: string) => ["watch", "build", "--", "sh", "-c", script];

describe("a foreground watch of a build", () => {
  test("that goes green ends with 0, one report and one line for people", async () => {
    const box = sandbox();
    const end = await box.p9(sh("echo 1/2; echo 2/2"));
    expect(end.code).toBe(0);
    expect(end.stdout).toBe("");
    expect(reports(end)).toMatchObject([{ state: "GREEN", outcome: "succeeded", cause: "look", log_tail: [] }]);
    expect(end.stderr).toMatch(/^p9: ✓ build sh -c .* succeeded.*: exited with 0$/m);
    expect(rowsOf(box).map(({ to_state }) => to_state)).toEqual(["PUSHED", "WATCHING", "GREEN"]);
  });

  test("that goes red ends with 10 and the end of its log in the report", async () => {
    const end = await sandbox().p9(sh("echo compiling; echo 'error: boom' >&2; exit 3"));
    expect(end.code).toBe(10);
    expect(reports(end)).toMatchObject([{ state: "RED_UNCLASSIFIED", outcome: "failed" }]);
    expect(reports(end)[0]?.log_tail).toEqual(["compiling", "error: boom"]);
  });

  test("of a program that does not exist ends with 10, naming it", async () => {
    const end = await sandbox().p9(["watch", "build", "--", "no-such-program", "--flag"]);
    expect(end.code).toBe(10);
    expect(reports(end)[0]).toMatchObject({ outcome: "failed", reason: expect.stringContaining('"no-such-program"') });
  });

  test("with --json prints the report and nothing else on stdout", async () => {
    const end = await sandbox().p9(["watch", "build", "--json", "--", "true"]);
    expect(JSON.parse(end.stdout)).toEqual(reports(end)[0]);
    expect(end.stdout.trim().split("\n")).toHaveLength(1);
  });

  test("ended by TERM folds once, reports once, leaves no child and exits with 14", async () => {
    const box = sandbox();
    const watch = box.start(["watch", "build", "--", "sh", "-c", "sleep 77 & sleep 77"]);
    await eventually("the build runs", () => processesWith(box.dir).some((pid) => pid !== watch.pid));
    await eventually("its start is recorded", () => box.events().some(({ type }) => type === "wait.pinned"));
    watch.kill("SIGTERM");
    const end = await watch.ended;
    expect(end.code).toBe(14);
    expect(reports(end)).toMatchObject([{ state: "ABANDONED", outcome: "killed", cause: "signal:TERM" }]);
    await eventually("nothing is left", () => processesWith(box.dir).length === 0);
    expect(rowsOf(box).filter(({ to_state }) => to_state === "ABANDONED")).toHaveLength(1);
  });

  test("that takes longer than --timeout is ended with its command, and exits with 12", async () => {
    const box = sandbox();
    const end = await box.p9(["watch", "build", "--timeout", "1", "--", "sleep", "77"]);
    expect(end.code).toBe(12);
    expect(reports(end)).toMatchObject([{ outcome: "timed_out", cause: "deadline" }]);
    await eventually("the command is gone", () => processesWith(box.dir).length === 0);
  });

  test("with --slice returns with 8 while the build goes on, and attach sees its end", async () => {
    const box = sandbox();
    const end = await box.p9(["watch", "build", "--slice", "0.5", "--", "sh", "-c", `${untilFile("go")}; exit 4`]);
    expect(end.code).toBe(8);
    expect(reports(end)).toEqual([]);
    box.write("go", "");
    const id = /p9 attach (w\w+)/.exec(end.stderr)?.[1] ?? "";
    const attached = await box.p9(["attach", id]);
    expect(attached.code).toBe(10);
    expect(reports(attached)).toMatchObject([{ wait_id: id, outcome: "failed" }]);
  });
});

describe("a background watch", () => {
  test("prints who watches and returns; the build ends by itself", async () => {
    const box = sandbox();
    const end = await box.p9([
      "watch",
      "build",
      "--background",
      "--",
      "sh",
      "-c",
      `${untilFile("go")}; echo done > result`,
    ]);
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/^watcher_id=[0-9a-f]{12} pid=\d+ kind=build ref=sh -c .*\n$/);
    box.write("go", "");
    await eventually("the end is in the log", () => rowsOf(box).some(({ to_state }) => to_state === "GREEN"));
    expect(existsSync(join(box.work, "result"))).toBe(true);
  });

  test("with --json prints the document of the contract", async () => {
    const box = sandbox();
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "60"]);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(["watcher_id", "pid", "pr", "repo", "kind", "ref", "wait_id", "state"]);
    expect(document).toMatchObject({ pr: null, kind: "build", ref: "sleep 60", state: "WATCHING" });
    expect(isAlive(document.pid)).toBe(true);
  });

  test("ended by TERM leaves the build running, and the next command takes it up", async () => {
    const box = sandbox();
    const script = `${untilFile("go")}; exit 5`;
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sh", "-c", script]);
    const { pid, wait_id } = JSON.parse(stdout);
    process.kill(pid, "SIGTERM");
    await eventually("the watcher is gone", () => !isAlive(pid));
    box.write("go", "");
    const attached = await box.p9(["attach", wait_id]);
    expect(attached.code).toBe(10);
    expect(reports(attached)[0]?.reason).toContain("exited with 5");
  });

  test("killed hard is noticed, and the true result is told", async () => {
    const box = sandbox();
    const env = { BROOMVA_P9_WATCHER_GRACE: "0" };
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sh", "-c", untilFile("go")], {
      env,
    });
    const { pid, wait_id } = JSON.parse(stdout);
    process.kill(pid, "SIGKILL");
    await eventually("the watcher is gone", () => !isAlive(pid));
    box.write("go", "");
    const attached = await box.p9(["attach", wait_id], { env });
    expect(attached.code).toBe(0);
  });
});

describe("watching what is watched already", () => {
  test("is refused with 1, naming the watcher, and the asking session hears of the end", async () => {
    const box = sandbox();
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "99"]);
    const first = JSON.parse(stdout);
    const again = await box.p9(["watch", "build", "--", "sleep", "99"], { env: { BROOMVA_P9_SESSION: "other" } });
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(first.watcher_id);
    expect(box.events()).toContainEqual(expect.objectContaining({ type: "wait.subscribed", session_id: "other" }));
    expect(rowsOf(box)).toHaveLength(2);
  });

  test("with --force supersedes it and stops it", async () => {
    const box = sandbox();
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "99"]);
    const first = JSON.parse(stdout);
    const again = await box.p9(["watch", "build", "--background", "--force", "--json", "--", "sleep", "99"]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).wait_id).not.toBe(first.wait_id);
    await eventually("the first watcher is gone", () => !isAlive(first.pid));
    expect(rowsOf(box)).toContainEqual(
      expect.objectContaining({
        wait_id: first.wait_id,
        to_state: "ABANDONED",
        extra: expect.objectContaining({ outcome: "superseded" }),
      }),
    );
  });
});

test("that there is no policy file is said once, and not at all where there is one", async () => {
  const box = sandbox();
  const said = (end: Result) => end.stderr.match(/No policy file/g) ?? [];
  expect(said(await box.p9(["watch", "build", "--", "true"]))).toHaveLength(1);
  expect(said(await box.p9(["watch", "build", "--", "true"]))).toEqual([]);
  box.write(".control/policy.yaml", "ci_watch: {odd: 1}\nci_heal: {}\n");
  const end = await box.p9(["watch", "build", "--", "true"]);
  expect(said(end)).toEqual([]);
  expect(end.stderr).toContain('Unknown key "ci_watch.odd"');
});

describe("wrong input", () => {
  test.each([
    [["watch", "nonsense"], 'Cannot watch "nonsense": wanted a pull request'],
    [["watch", "build", "a", "b", "--", "true"], 'Cannot use "b"'],
    [["watch", "build"], 'wanted "-- <cmd…>"'],
    [["watch", "build", "--pid", "many"], '"many"'],
    [["watch", "build", "--timeout", "soon", "--", "true"], '"soon"'],
    [["watch", "build", "--exit-fil", "x", "--", "true"], 'Unknown option "--exit-fil" (Did you mean --exit-file?)'],
    [["wait-for", "--cmd", "true"], "name"],
    [["wait-for", "db"], "--cmd"],
    [["wait-for", "db", "--cmd", "true", "--fail-codes", "x"], '"x"'],
    [["attach", "nobody"], 'Cannot find a wait "nobody"'],
    [["abandon", "nobody"], 'Cannot find a wait "nobody"'],
    [["abandon"], "wait"],
    [["status", "--pr", "x"], 'Cannot read pull request "x"'],
    [["report", "--limit", "0"], '"0"'],
    [["watch", "build", "--repo", "nope", "--", "true"], '"nope"'],
    [["watch", "build", "--interval", "0", "--", "true"], "more than 0"],
    [["watch", "42"], "--repo [host/]owner/name"],
    [["watch", ""], 'Cannot watch ""'],
  ])("%j is one clear line and exit 3", async (args, named) => {
    const box = sandbox();
    const { code, stdout, stderr } = await box.p9(args);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain(named);
    expect(stderr).toMatch(/^p9: [A-Z]/);
    expect(stdout).toBe("");
    expect(code).toBe(3);
    expect(box.events()).toEqual([]);
  });

  test("a policy that is malformed refuses to watch with 2, one that is switched off with 7", async () => {
    const box = sandbox();
    const malformed = { BROOMVA_P9_POLICY: box.write("bad.yaml", "ci_watch: {enabled: 'no'}\nci_heal: {}\n") };
    expect(await box.p9(["watch", "build", "--", "true"], { env: malformed })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"ci_watch.enabled"'),
    });
    const off = { BROOMVA_P9_POLICY: box.write("off.yaml", "ci_watch: {enabled: false}\nci_heal: {}\n") };
    expect((await box.p9(["watch", "build", "--", "true"], { env: off })).code).toBe(7);
    expect(box.events()).toEqual([]);
  });

  test("a state directory that cannot be written ends with 99 and prints the events", async () => {
    const box = sandbox();
    const env = { BROOMVA_P9_HOME: join(box.write("file", ""), "state"), BROOMVA_P9_SESSION: "s" };
    const end = await box.p9(["watch", "build", "--background", "--", "touch", "ran"], { env });
    expect(end.code).toBe(99);
    expect(end.stderr).toContain('"to_state":"PUSHED"');
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  });
});

test("hostile names are shown without what steers a terminal", async () => {
  const box = sandbox();
  const name = "deploy/prod\u001b[2J\n\u202ename";
  const end = await box.p9(["wait-for", name, "--cmd", "exit 0"]);
  expect(end.code).toBe(0);
  expect(end.stderr + (await box.p9(["status"])).stdout + (await box.p9(["report"])).stdout).not.toMatch(
    /[\u001b\u202e]/,
  );
  expect((await box.p9(["status", "--json"])).stdout).not.toMatch(/[\u001b\u202e]/);
});

test("wait-for takes every non-zero exit as not yet", async () => {
  const box = sandbox();
  const file = join(box.work, "ready");
  const waiting = box.start(["wait-for", "ready file", "--interval", "0.2", "--cmd", `test -f ${file} || exit 42`]);
  await waiting.until(/Not yet \(exit code 42\)/);
  box.write("ready", "");
  expect((await waiting.ended).code).toBe(0);
});

test("--dry-run says what would be watched and writes nothing", async () => {
  const box = sandbox();
  const { code, stdout } = await box.p9(["watch", "build", "--dry-run", "--", "make", "all"]);
  expect(code).toBe(0);
  expect(stdout).toContain("would watch build make all");
  expect(box.events()).toEqual([]);
});
