import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Status, statusText } from "../../src/hooks/status-text.ts";
import { HookLab } from "./hook-lab.ts";

const P9 = join(import.meta.dirname, "../../dist/p9.js");
const wait = (pr: number, more: Partial<Status["waits"][number]> = {}): Status["waits"][number] => ({
  kind: "pr-ci",
  ref: `#${pr}`,
  repo: "octo/app",
  pr,
  state: "WATCHING",
  needs: null,
  unbound: false,
  progress: { done: 3, total: 7, percent: null, phase: null },
  etaS: 250,
  ...more,
});

describe("statusText()", () => {
  test("shows progress, expected end, queue and endings unread", () => {
    const deploy = wait(0, { kind: "deploy", ref: "web", pr: null, progress: null, etaS: null });
    expect(statusText({ red: [], waits: [wait(42), deploy], queued: 2, unread: 1 }, 80)).toBe(
      "p9 PR #42 3/7 4m left · deploy web · 2 queued · 1 ended",
    );
  });

  test("says when an end is near, and when it is late", () => {
    const line = (etaS: number) => statusText({ red: [], waits: [wait(42, { etaS })], queued: 0, unread: 0 }, 80);
    expect([line(2), line(-250)]).toEqual(["p9 PR #42 3/7 any moment", "p9 PR #42 3/7 4m over"]);
  });

  test("names what is red first, and at last counts it", () => {
    const status = { red: [wait(41), wait(40)], waits: [wait(42)], queued: 0, unread: 0 };
    expect(statusText(status, 80)).toBe("p9 2 red: PR #41, PR #40 · PR #42 3/7 4m left");
    expect(statusText(status, 40)).toBe("p9 2 red: PR #41, PR #40 · +1 waiting");
    expect(statusText(status, 34)).toBe("p9 2 red: PR #41, +1 · +1 waiting");
    expect(statusText(status, 24)).toBe("p9 2 red · +1 waiting");
    expect(statusText(status, 9)).toMatch(/^p9 2 red/);
  });

  test("is empty when there is nothing to show", () => {
    expect(statusText({ red: [], waits: [], queued: 0, unread: 0 }, 80)).toBe("");
  });

  test.each([200, 60, 40, 25, 12, 5, 2])("fits %d characters, and counts what it leaves out", (width) => {
    const waits = [wait(1), wait(2), wait(3, { state: "HEALING" }), wait(4, { needs: "a token" })];
    const line = statusText({ red: [wait(8), wait(9)], waits, queued: 12, unread: 3 }, width);
    expect(line.length).toBeLessThanOrEqual(width);
    if (width === 60) expect(line).toContain("+");
    if (width >= 12) expect(line).toContain("2 red");
  });
});

describe("p9 statusline", () => {
  let lab: HookLab;
  beforeEach(() => {
    lab = new HookLab();
  });
  afterEach(() => lab.destroy());

  function run(args: string[], stdin = JSON.stringify({ session_id: "one", cwd: lab.project })) {
    const env = { PATH: process.env.PATH, HOME: lab.root, BROOMVA_P9_HOME: lab.home, COLUMNS: "80" };
    return spawnSync(process.execPath, [P9, "statusline", ...args], {
      input: stdin,
      encoding: "utf8",
      env,
      cwd: lab.project,
    });
  }

  test("shows what its own session waits for, and no other's", async () => {
    await lab.watch("one", 42);
    await lab.watch("two", 43);
    expect(run([])).toMatchObject({ status: 0, stdout: "p9 PR #42\n", stderr: "" });
  });

  test("shows what ended red first, until it is dismissed", async () => {
    const red = await lab.watch("one", 42);
    await lab.watch("one", 43);
    await lab.move(red, "RED_UNCLASSIFIED", { outcome: "failed", cause: "look", reason: "build failed" });
    expect(run([]).stdout).toMatch(/^p9 1 red: PR #42 · PR #43/);
    const env = { PATH: process.env.PATH, HOME: lab.root, BROOMVA_P9_HOME: lab.home };
    expect(spawnSync(process.execPath, [P9, "dismiss", red], { env, cwd: lab.project }).status).toBe(0);
    expect(run([]).stdout).not.toContain("red");
  });

  test("runs the line that was there before first, with the same input and its colours", async () => {
    await lab.watch("one", 42);
    const chained = `printf '\\033[31m'; grep -o '"session_id":"[a-z]*"'`;
    expect(run(["--chain", chained]).stdout).toBe('\u001b[31m"session_id":"one"\np9 PR #42\n');
  });

  test("a chained line that fails, and input that is no JSON, cost nothing but themselves", async () => {
    await lab.watch("one", 42);
    expect(run(["--chain", "exit 3"])).toMatchObject({ status: 0, stdout: "p9 PR #42\n" });
    expect(run([], "nonsense")).toMatchObject({ status: 0, stdout: "" });
  });
});
