// needs: gh
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CI_VENDORS } from "../../../servers/ci/all.ts";
import { buildkiteVendor } from "../../../servers/ci/buildkite.ts";
import { circleciVendor } from "../../../servers/ci/circleci.ts";
import { type CiVendor, startCi } from "../../../servers/ci/vendor.ts";
import { woodpeckerVendor } from "../../../servers/ci/woodpecker.ts";
import { FAILED_TEST, jobsLab } from "./jobs-lab.ts";

describe("the page of a run of GitHub Actions", () => {
  async function lab() {
    const made = await jobsLab();
    made.job("test", "FAILURE", FAILED_TEST);
    made.head.checks({ name: "lint", ends: 0, log: "all good" });
    const [suite] = made.head.suites;
    const run = suite?.runId;
    const of = (name: string) => suite?.checks.find((check) => check.plan.name === name)?.id;
    return { ...made, run, of, page: `https://github.com/octo/app/actions/runs/${run}` };
  }

  test.each([
    ["", ["test"]],
    ["?pr=42", ["test"]],
    ["/attempts/1", ["test"]],
    ["/job/TEST", ["test"]],
    ["/job/TEST?pr=42#step:3:7", ["test"]],
    ["/attempts/1/job/TEST", ["test"]],
    ["/job/LINT", ["lint"]],
  ])("%s shows what failed in it, or the job that it names", async (path, jobs) => {
    const { page, json, of } = await lab();
    const url = page + path.replace("TEST", String(of("test"))).replace("LINT", String(of("lint")));
    expect((await json(url)).map(({ job }) => job)).toEqual(jobs);
  });

  test("takes --job, --step and run:<id>, and keeps its log beside that of the pull request", async () => {
    const { page, json, run, of, box } = await lab();
    expect(await json(page, "--job", "LINT")).toMatchObject([{ job: "lint", lines: ["all good"] }]);
    expect(await json(`run:${run}`, "--step", "Check out")).toMatchObject([{ step: "Check out" }]);
    expect(await json("42")).toMatchObject([{ job: "test", url: `${page}/job/${of("test")}` }]);
    const kept = readdirSync(join(box.home, "logs", "evidence"), { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile())).toHaveLength(2);
  });

  test("of an attempt shows that attempt, and the latest where none is named", async () => {
    const { page, logs, json, head, of } = await lab();
    const first = of("test");
    head.rerunFailed(head.suites[0]!);
    head.endChecks();
    const latest = await logs(page);
    expect([latest.code, latest.stderr]).toEqual([
      0,
      expect.stringMatching(/^p9: Nothing has failed on run \d+ of octo\/app/),
    ]);
    for (const earlier of [`${page}/attempts/1`, `${page}/job/${first}`])
      expect(await json(earlier)).toMatchObject([{ job: "test", url: `${page}/job/${first}` }]);
  });

  test("is opened at the job that failed, at the one that is named, or as it was given", async () => {
    const { page, open, of } = await lab();
    const printed = async (...args: string[]) => (await open(...args, "--print")).stdout.trim();
    expect(await printed(page)).toBe(`${page}/job/${of("test")}`);
    expect(await printed(page, "--job", "lint")).toBe(`${page}/job/${of("lint")}`);
    expect(await printed(`${page}/job/${of("lint")}#step:2:1`)).toBe(`${page}/job/${of("lint")}#step:2:1`);
  });

  test.each([
    ["/actions/runs/999999", /^p9: octo\/app has no run 999999 that this login can see\n$/],
    ["/actions/runs/999999/attempts/2", /^p9: octo\/app has no run 999999, attempt 2 that this login can see\n$/],
    ["/actions/runs/1/job/999999", /^p9: octo\/app has no job 999999 that this login can see\n$/],
  ])("%s that is not there is said in one line, and exit 4", async (path, said) => {
    const { logs, open } = await lab();
    expect(await logs(`https://github.com/octo/app${path}`)).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(said),
    });
    if (!path.includes("job")) expect((await open(`https://github.com/octo/app${path}`, "--print")).code).toBe(4);
  });

  test("at a host that gh has no login for asks nobody", async () => {
    const { logs, github } = await lab();
    const before = github.world.requests;
    const { code, stderr } = await logs("https://codeberg.org/o/r/actions/runs/7");
    expect([code, stderr.trim().split("\n").length]).toEqual([3, 1]);
    expect(stderr).toContain('Cannot ask "codeberg.org": gh knows no login there');
    expect(github.world.requests).toBe(before);
  });
});

describe("the page of another CI's run", () => {
  async function at(vendor: CiVendor, index = 0) {
    const made = await jobsLab();
    const server = await startCi(vendor);
    onTestFinished(() => server.close());
    const page = vendor.pages(server.url)[index] ?? "";
    const env = { ...made.env, ...vendor.env(server.url) };
    const p9 = (args: readonly string[], more = {}) => made.box.p9(args, { env: { ...env, ...more } });
    return { ...made, server, page, p9 };
  }

  test.each(CI_VENDORS.map((vendor) => [vendor.provider.title, vendor] as const))(
    "%s shows what failed in it, and is opened as it was given",
    async (_, vendor) => {
      const { page, p9 } = await at(vendor);
      const { jobs } = JSON.parse((await p9(["logs", page, "--json"])).stdout);
      expect(jobs).toMatchObject([{ url: page, lines: expect.arrayContaining([expect.stringContaining("TS2322")]) }]);
      if (vendor.failed.job) expect(jobs[0].job).toBe(vendor.failed.job);
      if (vendor.failed.step) expect(jobs[0].step).toBe(vendor.failed.step);
      expect((await p9(["open", page, "--print"])).stdout).toBe(`${new URL(page).href}\n`);
    },
  );

  test("that did not fail, or has not ended, is said in one line", async () => {
    const { page, p9, server } = await at(circleciVendor);
    server.world.state = "success";
    server.world.log = [];
    const ended = await p9(["logs", page]);
    expect(ended).toMatchObject({ code: 0, stdout: "" });
    expect(ended.stderr).toMatch(/^p9: Nothing has failed on CircleCI .*: https:\/\/circleci\.com/);
  });

  test("that goes on shows its log so far, and says so", async () => {
    const { page, p9, server } = await at(woodpeckerVendor);
    server.world.state = "running";
    const { code, stdout, stderr } = await p9(["logs", page]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("TS2322")]);
    expect(stderr).toMatch(/^p9: "test": Woodpecker still runs .*: this is its log so far\n$/);
  });

  test("whose log is a long document of lines shows its end", async () => {
    const { page, p9, server } = await at(woodpeckerVendor);
    server.world.log = [...Array.from({ length: 60_000 }, (_, at) => `line ${at} ${"x".repeat(60)}`), "the last one"];
    const { code, stdout } = await p9(["logs", page]);
    expect([code, stdout.slice(-60)]).toEqual([0, expect.stringContaining("the last one")]);
  });

  test("takes --job and --step", async () => {
    const { page, p9 } = await at(woodpeckerVendor);
    expect((await p9(["logs", page, "--job", "TES", "--step", "typ"])).stdout).toContain("TS2322");
    expect(await p9(["logs", page, "--job", "lint"])).toMatchObject({
      code: 3,
      stderr: 'p9: No job is called "lint": wanted one of "test"\n',
    });
  });

  test("without its token names the variable, and asks nobody", async () => {
    const { page, p9, server } = await at(buildkiteVendor);
    const { code, stderr } = await p9(["logs", page], { BUILDKITE_API_TOKEN: "" });
    expect([code, stderr.trim().split("\n").length]).toEqual([4, 1]);
    expect(stderr).toContain('"BUILDKITE_API_TOKEN"');
    expect(server.requests).toEqual([]);
  });

  test("that only an untrusted policy names is not asked", async () => {
    const { page, p9, server, box } = await at(woodpeckerVendor);
    box.write(
      ".control/policy.yaml",
      `ci_watch:\n  log_providers:\n    ours: { use: woodpecker, base: "${server.url}" }\nci_heal: {}\n`,
    );
    const { code, stderr } = await p9(["logs", page], { WOODPECKER_SERVER: "" });
    expect([code, stderr]).toEqual([4, expect.stringContaining("run p9 trust")]);
    expect(server.requests).toEqual([]);
  });

  test("at a server that nobody has named is hinted at", async () => {
    const { page, p9, server } = await at(woodpeckerVendor);
    const { code, stderr } = await p9(["logs", page], { WOODPECKER_SERVER: "" });
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('looks like a page of Drone or Woodpecker: set "DRONE_SERVER" or "WOODPECKER_SERVER"'),
    ]);
    expect(server.requests).toEqual([]);
  });
});

test.each([
  ["https://example.org/x?token=hunter2"],
  ["https://github.com/octo/app"],
  ["https://github.com/octo/app/issues/3"],
  ["https://me:hunter2@circleci.com/gh/octo/app/42"],
  ["https://["],
  ["https://github.com/octo/app/actions/runs/99999999999999999999"],
])("%s is no page of a run: one line says what is", async (url) => {
  const { logs, open, github } = await jobsLab();
  const before = github.world.requests;
  for (const { code, stderr } of [await logs(url), await open(url, "--print")]) {
    expect(code).toBe(3);
    expect(stderr).toMatch(/^p9: Cannot tell which job .* is of: wanted the page of a pull request, .*CircleCI.*\n$/);
    expect(stderr).not.toContain("hunter2");
  }
  expect(github.world.requests).toBe(before);
});
