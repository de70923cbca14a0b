// needs: time, gh
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../../helpers/p9.ts";
import { type PrLab, prLab, type Report } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

const EVERY = ["--interval", "0.5"];
const lines = (text: string) => text.split("\n").filter((line) => /^p9: [✓✗]/.test(line));

describe("p9 watch with several pull requests", () => {
  test.each(["node", "deno"] as const)(
    "on %s ends when all have ended, with a line for each and the worst exit code",
    async (runtime) => {
      lab.repo.pull(42).head.checks({ name: "build", ends: 2 });
      lab.repo.pull(43).head.checks({ name: "build", conclusion: "FAILURE" });
      lab.repo.pull(44).merge();
      const { code, stdout, stderr } = await lab.box.p9(["watch", "42", "43", "44", ...EVERY], {
        env: lab.env,
        runtime,
      });
      expect([code, stdout]).toEqual([10, ""]);
      expect(lines(stderr).sort()).toMatchObject(
        [/PR #42 succeeded/, /PR #44 was merged/, /PR #43 failed/].map(matching),
      );
    },
  );

  test("of many, each is told and nothing else", async () => {
    lab.policy("", 20);
    const numbers = Array.from({ length: 12 }, (_, at) => 50 + at);
    for (const number of numbers)
      lab.repo.pull(number, { branch: `b${number}` }).head.checks({ name: "build", ends: 1 });
    const { code, stderr } = await lab.box.p9(["watch", ...numbers.map(String), ...EVERY], { env: lab.env });
    expect(code).toBe(0);
    expect(lines(stderr)).toHaveLength(12);
    expect(stderr.split("\n").filter((line) => line !== "" && !/^(p9: |P9-)/.test(line))).toEqual([]);
  });

  test("--json is one list, in the order of the targets; the same target twice is one", async () => {
    lab.repo.pull(42).head.checks("build");
    lab.repo.pull(43, { branch: "topic" }).head.checks("build");
    const url = "https://github.com/octo/app/pull/42";
    const all = await lab.box.json<Report[]>(["watch", "42", "43", "#42", url, "octo/app#43", ...EVERY], {
      env: lab.env,
    });
    expect(all).toMatchObject([
      { pr: 42, outcome: "succeeded" },
      { pr: 43, outcome: "succeeded" },
    ]);
  });

  test("one that does not exist and one that is nonsense are named, and hold up no other", async () => {
    lab.repo.pull(42).head.checks("build");
    const { code, stdout, stderr } = await lab.box.p9(["watch", "nonsense", "42", "99", "--json", ...EVERY], {
      env: lab.env,
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      { ref: "nonsense", error: expect.stringContaining('Cannot watch "nonsense"') },
      { pr: 42, outcome: "succeeded" },
      { ref: "99", error: expect.stringContaining("99") },
    ]);
    expect(stderr).toMatch(/^p9: Cannot watch "nonsense": wanted/m);
  });

  test("those over the ceiling are queued, and followed until they have ended too", async () => {
    lab.policy("", 1);
    lab.repo.pull(42).head.checks({ name: "build", ends: 1 });
    lab.repo.pull(43).head.checks("build");
    const { code, stderr } = await lab.box.p9(["watch", "42", "43", ...EVERY], { env: lab.env });
    expect(stderr).toMatch(/PR #43 \(octo\/app\) is queued: PR #42 \(octo\/app\) holds the only slot/);
    expect(lines(stderr)).toHaveLength(2);
    expect(code).toBe(0);
  });

  test("--background starts all of them and prints each", async () => {
    for (const number of [42, 43]) lab.repo.pull(number).head.checks({ name: "build", ends: null });
    const { code, stdout } = await lab.box.p9(["watch", "42", "43", "--background"], { env: lab.env });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toMatchObject([/pid=[1-9]\d* pr=42 /, /pid=[1-9]\d* pr=43 /].map(matching));
    const again = await lab.box.p9(["watch", "42", "43", "--background", "--json"], { env: lab.env });
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([1, [{ already: true }, { already: true }]]);
  });

  test("one that is watched already is followed, and goes on when Ctrl-C ends the others", async () => {
    for (const number of [42, 43]) lab.repo.pull(number).head.checks({ name: "build", ends: null });
    await lab.box.p9(["watch", "42", "--background"], { env: lab.env });
    const watch = lab.box.start(["watch", "42", "43", ...EVERY], { env: lab.env });
    await watch.until(/PR #42 \(octo\/app\) is watched already \(w\w+\); following it/);
    await eventually(
      "it runs",
      async () => (await lab.rows()).filter((row) => row.to_state === "WATCHING").length === 2,
    );
    await watch.until(/#43.*build/);
    watch.kill("SIGINT");
    const { code, stderr } = await watch.ended;
    expect(code).toBe(14);
    expect(stderr).toMatch(/PR #43 was stopped/);
    expect(await lab.rows()).toMatchObject([{ pr: 42, to_state: "WATCHING" }]);
  });

  test("--slice hands all of them on, with 8", async () => {
    for (const number of [42, 43]) lab.repo.pull(number).head.checks({ name: "build", ends: null });
    const { code } = await lab.box.p9(["watch", "42", "43", "--slice", "2", ...EVERY], { env: lab.env });
    expect(code).toBe(8);
    expect((await lab.rows()).map(({ to_state }) => to_state)).toEqual(["WATCHING", "WATCHING"]);
  });
});

describe("p9 watch --mine", () => {
  test("stands for the open pull requests of whoever is logged in", async () => {
    lab.github.world.viewer = "me";
    lab.repo.pull(41, { author: "me" }).head.checks("build");
    lab.repo.pull(42, { author: "me" }).head.checks("build");
    lab.repo.pull(43, { author: "you" });
    lab.repo.pull(44, { author: "me" }).close();
    const all = await lab.box.json<Report[]>(["watch", "--mine", ...EVERY], { env: lab.env });
    expect(all.map(({ pr }) => pr)).toEqual([41, 42]);
  });

  test("without any it says so, and needs a repository", async () => {
    expect(await lab.box.p9(["watch", "--mine"], { env: lab.env })).toMatchObject({ code: 0, stdout: "" });
    const none = await lab.box.p9(["watch", "--mine"], { env: { ...lab.env, BROOMVA_P9_REPO: "-" } });
    expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining("wanted --repo [host/]owner/name") });
  });
});

describe("p9 watch takes without the name of a kind", () => {
  test("a branch that git knows here", async () => {
    lab.repo.pull(42, { branch: "topic" }).head.checks("build");
    spawnSync(
      "sh",
      ["-c", "git init -q . && git -c user.name=a -c user.email=a commit -qm a --allow-empty && git branch topic"],
      {
        cwd: lab.box.work,
        env: lab.box.env,
      },
    );
    const end = await lab.box.json<Report>(["watch", "topic", ...EVERY], { env: lab.env });
    expect(end).toMatchObject({ pr: 42, outcome: "succeeded" });
  });

  test("any other URL, as http, and a forge's page not", async () => {
    const server = createServer((_, answer) => answer.end("ok")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    lab.repo.pull(42).head.checks("build");
    const all = await lab.box.json<Report[]>(["watch", "42", `http://127.0.0.1:${port}/up`, ...EVERY], {
      env: lab.env,
    });
    server.close();
    expect(all).toMatchObject([{ pr: 42 }, { outcome: "succeeded" }]);
    const page = await lab.box.p9(["watch", "https://github.com/octo/app/issues/3"], { env: lab.env });
    expect(page).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("wanted the number or URL of a pull request"),
    });
  });
});

const matching = (pattern: RegExp) => expect.stringMatching(pattern);
