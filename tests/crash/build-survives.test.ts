import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually, type Sandbox, sandbox } from "../helpers/p9.ts";
import { isAlive } from "../helpers/processes.ts";

interface Row {
  readonly wait_id: string;
  readonly to_state: string;
  readonly alive: boolean;
  readonly extra: Record<string, unknown>;
}

const waits = async (box: Sandbox, env = {}): Promise<Row[]> =>
  (await box.json<{ open_waits: Row[] }>(["status"], { env })).open_waits;
const at = (box: Sandbox, name: string) => join(box.work, name);

/** A build that runs until `name` appears, and ends with what it holds. */
const held = (box: Sandbox, name: string) => [
  "--",
  "sh",
  "-c",
  `while [ ! -e "$1" ]; do sleep 0.1; done; exit "$(cat "$1")"`,
  "sh",
  at(box, name),
];

describe("a build in the background", () => {
  it.each([
    ["0", "GREEN", "succeeded"],
    ["3", "RED_UNCLASSIFIED", "failed"],
  ])(
    "outlives kill -9 of its watcher; the next command finds it and it ends with its real result (exit %s)",
    async (code, state, outcome) => {
      const box = sandbox();
      const { pid } = await box.json<{ pid: number }>(["watch", "build", "--background", ...held(box, "go")]);
      await eventually("the build runs", async () => Number((await waits(box))[0]?.extra.target_pid ?? 0) > 0);
      const target = Number((await waits(box))[0]?.extra.target_pid);
      process.kill(pid, "SIGKILL");
      await eventually("the watcher is gone", () => !isAlive(pid));
      expect(isAlive(target)).toBe(true);
      box.write("go", code);
      const env = { BROOMVA_P9_WATCHER_GRACE: "0" };
      await eventually(`the wait is ${state}`, async () => (await waits(box, env))[0]?.to_state === state);
      const rows = (await waits(box)).filter((row) => row.extra.outcome === outcome);
      expect(rows).toHaveLength(1);
      expect(box.events().filter((event) => event.type === "transition" && event.to_state === state)).toHaveLength(1);
    },
  );

  it("within the grace a dead watcher's wait is left alone; rearm --now takes it up at once", async () => {
    const box = sandbox();
    const { pid } = await box.json<{ pid: number }>(["watch", "build", "--background", ...held(box, "go")]);
    await eventually("the build runs", async () => Number((await waits(box))[0]?.extra.target_pid ?? 0) > 0);
    process.kill(pid, "SIGKILL");
    await eventually("the watcher is gone", () => !isAlive(pid));
    expect((await waits(box))[0]).toMatchObject({ to_state: "WATCHING", alive: false });
    await Promise.all([box.p9(["rearm", "--now"]), box.p9(["rearm", "--now"])]);
    await eventually("somebody watches again", async () => (await waits(box))[0]?.alive === true);
    expect(box.events().filter((event) => event.type === "wait.lease" && event.cause === "re-armed")).toHaveLength(1);
    box.write("go", "0");
    await eventually("it is green", async () => (await waits(box))[0]?.to_state === "GREEN");
  });

  it("TERM to its watcher leaves the build running; the next command takes it up at once", async () => {
    const box = sandbox();
    const { pid } = await box.json<{ pid: number }>(["watch", "build", "--background", ...held(box, "go")]);
    await eventually("the build runs", async () => Number((await waits(box))[0]?.extra.target_pid ?? 0) > 0);
    const target = Number((await waits(box))[0]?.extra.target_pid);
    process.kill(pid, "SIGTERM");
    await eventually("the watcher is gone", () => !isAlive(pid));
    expect(isAlive(target)).toBe(true);
    await eventually("somebody watches again", async () => (await waits(box))[0]?.alive === true);
    box.write("go", "0");
    await eventually("it is green", async () => (await waits(box))[0]?.to_state === "GREEN");
  });

  it("a deadline by hand ends the command with its whole group, a default one never does", async () => {
    const box = sandbox();
    const child = at(box, "child");
    const command = ["--", "sh", "-c", 'sleep 300 & echo $! > "$1"; wait', "sh", child];
    const { code, stderr } = await box.p9(["watch", "build", "--timeout", "5", ...command]);
    expect(code).toBe(12);
    expect(stderr).toContain('"cause":"deadline"');
    await eventually("the grandchild is gone", () => !isAlive(Number(readFileSync(child, "utf8"))));
    box.write(".control/policy.yaml", "ci_watch:\n  deadline:\n    build: 1\nci_heal: {}\n");
    const other = await box.p9(["watch", "build", ...held(box, "late")]);
    expect(other.code).toBe(12);
    const run = box.events().findLast((event) => event.type === "wait.pinned") as { target_pid?: number };
    expect(isAlive(run.target_pid ?? 0)).toBe(true);
  });
});

describe("a build in the foreground", () => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s: one fold, one report, no child left, exit 14",
    async (signal) => {
      const box = sandbox();
      const child = at(box, "child");
      const run = box.start(["watch", "build", "--", "sh", "-c", 'sleep 300 & echo $! > "$1"; wait', "sh", child]);
      await eventually("the command runs", () => existsSync(child) && readFileSync(child, "utf8") !== "");
      run.kill(signal);
      const { code, stderr } = await run.ended;
      expect(code).toBe(14);
      expect(stderr.match(/P9-TERMINATION-REPORT/g)).toHaveLength(1);
      expect(stderr).toContain(`"cause":"signal:${signal.slice(3)}"`);
      expect(isAlive(Number(readFileSync(child, "utf8")))).toBe(false);
      expect(
        box.events().filter((event) => event.type === "transition" && event.to_state === "ABANDONED"),
      ).toHaveLength(1);
    },
  );

  it("--slice returns with 8 and the build goes on in the background to its real end", async () => {
    const box = sandbox();
    const { code } = await box.p9(["watch", "build", "--slice", "1", ...held(box, "go")]);
    expect(code).toBe(8);
    await eventually("somebody watches", async () => (await waits(box))[0]?.alive === true);
    box.write("go", "0");
    await eventually("it is green", async () => (await waits(box))[0]?.to_state === "GREEN");
  });

  it("eight at once of the same build: one runs it, seven are told who watches", async () => {
    const box = sandbox();
    const script = [
      "--",
      "sh",
      "-c",
      'echo run >> "$1"; while [ ! -e "$2" ]; do sleep 0.1; done',
      "sh",
      at(box, "runs"),
      at(box, "go"),
    ];
    const runs = Array.from({ length: 8 }, (_, i) =>
      box.start(["watch", "build", ...script], { env: { BROOMVA_P9_SESSION: `s${i}` } }),
    );
    const seven = await Promise.all(
      runs.map(({ ended }) =>
        Promise.race([
          ended,
          eventually(
            "seven have left",
            () => box.events().filter(({ type }) => type === "wait.subscribed").length === 7,
          ).then(() => null),
        ]),
      ),
    );
    box.write("go", "");
    const all = await Promise.all(runs.map(({ ended }) => ended));
    expect(all.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    expect(seven.length).toBe(8);
    expect(readFileSync(at(box, "runs"), "utf8")).toBe("run\n");
    expect(all.find(({ code }) => code === 1)?.stderr).toMatch(/watched/);
  });

  it("hostile words reach the command as they are and the terminal only without their escapes", async () => {
    const box = sandbox();
    const nasty = ["$(touch pwned)", "; touch pwned", "a/b\nc", "\u001b]0;title\u0007", "`touch pwned`", "--help"];
    const { code, stdout, stderr } = await box.p9(
      ["watch", "build", "--", "sh", "-c", 'for w in "$@"; do printf "%s|" "$w"; done > "$OUT"', "sh", ...nasty],
      {
        env: { OUT: at(box, "words") },
      },
    );
    expect(code).toBe(0);
    expect(readFileSync(at(box, "words"), "utf8")).toBe(`${nasty.join("|")}|`);
    expect(existsSync(at(box, "pwned"))).toBe(false);
    const shown = `${stdout}${stderr}${(await box.p9(["status"])).stdout}${(await box.p9(["report"])).stdout}`;
    expect(shown).not.toContain("\u001b");
  });
});
