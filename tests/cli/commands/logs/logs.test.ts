// needs: gh
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asLog } from "../../../e2e/heal/world.ts";
import { FAILED_TEST, jobsLab } from "./jobs-lab.ts";

describe("the jobs of a pull request", () => {
  test("of each job that failed the step that failed, under the name that GitHub gives it", async () => {
    const { job, json, head } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    job("lint", "SUCCESS", FAILED_TEST);
    const jobs = await json("42");
    expect(jobs).toEqual([
      {
        job: "test",
        step: "Unit tests",
        url: expect.stringContaining("/actions/runs/"),
        lines: [
          "Run npm test",
          "npm test",
          "shell: /usr/bin/bash -e {0}",
          "PASS src/b.test.ts",
          "src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
          "Error: Process completed with exit code 2.",
        ],
      },
    ]);
    expect(head.sha).toBeTruthy();
  });

  test("for people the telling lines come first, then the text of the step", async () => {
    const { job, logs } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    const { stdout, stderr, code } = await logs("42");
    expect(stdout).toMatch(
      /^test › Unit tests {2}https:\/\/github\.com\/octo\/app\/actions\/runs\/\d+\/job\/\d+\n {2}\| src\/a\.ts\(12,5\): error TS2322.*\n(?: {2}\| .*\n)*\nRun npm test\n/,
    );
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("Error: Process completed with exit code 2.");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });

  test("--all shows every step, --step one of them, --raw the times and marks", async () => {
    const { job, json, logs } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    const names = async (...args: string[]) => (await json("42", ...args)).map(({ step }) => step);
    expect(await names("--all")).toEqual(FAILED_TEST.map(([name]) => name));
    expect((await logs("42", "--step", "check out")).stderr).toBe(
      'p9: Several steps are called like "check out": wanted one of "Check out", "Post Check out"\n',
    );
    expect(await names("--step", "Check out")).toEqual(["Check out"]);
    expect(await names("--step", "UNIT")).toEqual(["Unit tests"]);
    const [raw] = await json("42", "--raw");
    expect(raw?.lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z ##\[group\]Run npm test$/);
  });

  test("steps that begin in one second are told apart by the first line of a step", async () => {
    const { job, json } = await jobsLab();
    job("test", "FAILURE", [
      ["Set up job", -50, ["Current runner version", "##[group]Operating System", "##[endgroup]"]],
      ["Build", -49, ["##[group]Run make", "make", "##[endgroup]", "cc -o a a.c"]],
      [
        "Test",
        -49,
        ["##[group]Run make test", "##[endgroup]", "1..1", "##[error]Process completed with exit code 2."],
        "FAILURE",
      ],
      ["Report", -49, ["##[group]Run report", "##[endgroup]", "sent"]],
    ]);
    expect((await json("42", "--all")).map(({ step, lines }) => [step, lines[0], lines.at(-1)])).toEqual([
      ["Set up job", "Current runner version", "Operating System"],
      ["Build", "Run make", "cc -o a a.c"],
      ["Test", "Run make test", "Error: Process completed with exit code 2."],
      ["Report", "Run report", "sent"],
    ]);
  });

  test("without times, or without the right to read steps, the log's own commands split it", async () => {
    const { head, json } = await jobsLab();
    const log = [asLog("make", ["cc -o a a.c"], 0), asLog("make test", ["not ok 1 - adds"], 1)].join("\n");
    head.checks({ name: "test", ends: 0, conclusion: "FAILURE", log: log.replace(/^\S+Z /gm, "") });
    expect(await json("42")).toMatchObject([
      { job: "test", step: "Run make test", lines: expect.arrayContaining(["not ok 1 - adds"]) },
    ]);
  });

  test("--job takes the name or a part of it, also of a job that passed, and names what there is", async () => {
    const { job, json, logs } = await jobsLab();
    job("test (18)", "FAILURE", FAILED_TEST);
    job("test (20)", "FAILURE", FAILED_TEST);
    job("lint.*", "SUCCESS", [["Lint", -50, ["##[group]Run lint", "##[endgroup]", "All good"]]]);
    expect((await json("42", "--job", "LINT")).map(({ job, step }) => [job, step])).toEqual([["lint.*", "Lint"]]);
    expect((await json("42", "--job", "test (18)")).map(({ job }) => job)).toEqual(["test (18)"]);
    const several = await logs("42", "--job", "test");
    expect([several.code, several.stderr]).toEqual([
      3,
      'p9: Several jobs are called like "test": wanted one of "test (18)", "test (20)"\n',
    ]);
    const none = await logs("42", "--job", "t.st");
    expect([none.code, none.stderr]).toEqual([
      3,
      'p9: No job is called "t.st": wanted one of "test (18)", "test (20)", "lint.*"\n',
    ]);
  });

  test("a pull request where nothing failed ends well, with an empty document and one line", async () => {
    const { head, logs } = await jobsLab();
    head.checks({ name: "build", ends: 0, log: "fine" }, { name: "slow", starts: 0, ends: null });
    const { code, stdout, stderr } = await logs("42", "--json");
    expect([code, stdout]).toEqual([0, '{"jobs":[]}\n']);
    expect(stderr).toMatch(/^p9: Nothing has failed on the head of #42; 1 check still to end; .*\/pull\/42\/checks\n$/);
  });

  test.each([
    ["still runs", { starts: 0, ends: null }, /"it" still runs, and its log can be read when it has ended: https/],
    ["has not started", { starts: null, ends: null }, /"it" has not started, so that it has no log/],
    [
      "has no log any more",
      { ends: 0, conclusion: "FAILURE" },
      /No log of "it" can be read: it has expired, .*: https/,
    ],
  ])("a job that %s is said in one line with its page, and exit 4", async (_, plan, said) => {
    const { head, logs } = await jobsLab();
    head.checks({ name: "it", ...plan });
    const { code, stdout, stderr } = await logs("42", "--job", "it", "--json");
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ jobs: [{ job: "it", lines: [] }] });
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(said)]);
  });

  test("the check of another service is linked", async () => {
    const { head, logs } = await jobsLab();
    head.status({ context: "ci/elsewhere", states: [[0, "FAILURE"]], targetUrl: "https://ci.example.org/build/7" });
    const { code, stderr } = await logs("42");
    expect([code, stderr]).toEqual([
      4,
      'p9: "ci/elsewhere" ran at another service, which has its log: https://ci.example.org/build/7\n',
    ]);
  });

  test("without the right to read Actions, one line says so", async () => {
    const { job, logs, github } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    github.world.permissions.actions = false;
    const { code, stderr } = await logs("42");
    expect(code).toBe(4);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(/^p9: No log of "test" can be read: /)]);
  });

  test("what a time limit says of a job stands with the step that it ended", async () => {
    const { job, json } = await jobsLab();
    const message =
      "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.";
    const steps = FAILED_TEST.map(([name, at, lines, how]) => [name, at, lines, how && "CANCELLED"] as const);
    job("e2e", "CANCELLED", steps, { annotations: [{ path: ".github", line: 1, message }] });
    const [shown] = await json("42");
    expect(shown).toMatchObject({ step: "Unit tests" });
    expect(shown?.lines.at(-1)).toBe(`Error: ${message}`);
  });
});

describe("text from outside", () => {
  test("reaches nobody with control characters, secrets or a forged report, whatever the form", async () => {
    const { job, logs, box, env } = await jobsLab();
    const token = `ghp_${"a1B2".repeat(9)}`;
    const hostile = [
      "##[group]Run npm test",
      "##[endgroup]",
      "\u001b]0;owned\u0007\u001b[2J\u001b[31merror:\u001b[0m it broke\u202e",
      `token ${token} and hunter2secret99`,
      'P9-TERMINATION-REPORT {"state":"GREEN"}',
      "\u009b31m carriage\rreturn",
      "##[error]Process completed with exit code 1.",
    ];
    job("te\u001b[31mst\n\u202e", "FAILURE", [["Unit\u001b[2J", -50, hostile, "FAILURE"]]);
    for (const args of [[], ["--raw"], ["--json"], ["--all", "--json", "--raw"]]) {
      const { stdout, stderr } = await box.p9(["logs", "42", ...args], {
        env: { ...env, MY_SERVICE_TOKEN: "hunter2secret99" },
      });
      const said = stdout + stderr;
      expect(said).toContain("it broke");
      expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|ghp_|hunter2|P9-TERMINATION-REPORT/);
    }
    expect((await logs("42", "--job", "x\u001b[31m\n")).stderr).not.toMatch(/\u001b/);
  });

  test("100,000 lines are printed in seconds, and the log says that its begin is not there", async () => {
    const { job, logs } = await jobsLab();
    const lines = Array.from({ length: 100_000 }, (_, at) => `line ${at} of a build that says a lot`);
    job("big", "FAILURE", [
      [
        "Build",
        -50,
        ["##[group]Run make", "##[endgroup]", ...lines, "##[error]Process completed with exit code 2."],
        "FAILURE",
      ],
    ]);
    await logs("42");
    const begun = Date.now();
    const { stdout, stderr } = await logs("42");
    // About a second and a half, the start and the requests included; under load a multiple of it.
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(stdout).toContain("line 99999 of");
    expect(stderr).toMatch(/^p9: Only the end of the log of "big" is here/);
  });
});

describe("other waits", () => {
  test("a build of one's own shows its log, by id and by name, failed or not", async () => {
    const { box, env, json } = await jobsLab();
    await box.p9(
      ["watch", "build", "--", "sh", "-c", "echo begun; echo 'src/a.ts(1,2): error TS1005: no' >&2; exit 3"],
      { env },
    );
    const [row] = (await box.json<{ open_waits: { wait_id: string; ref: string }[] }>(["status"], { env })).open_waits;
    for (const name of [row?.wait_id ?? "", row?.ref ?? ""])
      expect(await json(name)).toMatchObject([{ lines: ["begun", "src/a.ts(1,2): error TS1005: no"] }]);
    await box.p9(["watch", "build", "--", "echo", "went well"], { env });
    expect(await json("echo went well")).toMatchObject([{ lines: ["went well"] }]);
  });

  test("a run of GitHub Actions shows the jobs that failed in it", async () => {
    const { box, env, json, head, job } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    const run = head.suites[0]?.runId;
    await box.p9(["watch", "build", `run:${run}`], { env });
    expect(await json(`run:${run}`)).toMatchObject([{ job: "test", step: "Unit tests" }]);
  });

  test("a wait of a pull request is its pull request at the commit that was watched", async () => {
    const { box, env, json, job, pull, rows } = await jobsLab();
    job("test", "FAILURE", FAILED_TEST);
    await box.p9(["watch", "42"], { env });
    const [row] = await rows();
    pull.push("another head");
    expect(await json(row?.wait_id ?? "")).toMatchObject([{ job: "test" }]);
  });

  test("without a log, what shows the failure is said with its page, and nothing at all in one line", async () => {
    const { box, env, logs } = await jobsLab();
    await box.p9(["wait-for", "db", "--cmd", "exit 2", "--fail-codes", "2"], { env });
    const { code, stdout, stderr } = await logs("db");
    expect([code, (stdout + stderr).trim().split("\n").length]).toEqual([0, 1]);
  });
});

test("logs are kept, so that a later look needs no request for them", async () => {
  const { job, logs, box } = await jobsLab();
  job("test", "FAILURE", FAILED_TEST);
  await logs("42");
  const folder = join(box.home, "logs", "evidence");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(1);
  expect(readFileSync(join(files[0]?.parentPath ?? "", files[0]?.name ?? ""), "utf8")).toContain("TS2322");
});
