// needs: gh
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { FAILED_TEST, jobsLab } from "../../cli/commands/logs/jobs-lab.ts";
import { eventually } from "../../helpers/p9.ts";
import { startCi } from "../../servers/ci/vendor.ts";
import { woodpeckerVendor } from "../../servers/ci/woodpecker.ts";

/** Texts of the logs that are kept. */
function keptIn(home: string): string[] {
  const folder = join(home, "logs", "evidence");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

interface Minutes {
  readonly ci_minutes: { readonly minutes: number; readonly red: number; readonly by_pr: readonly object[] };
}

test("the log of a job that fails is kept while other jobs still run, once", async () => {
  const { job, head, box, env, github } = await jobsLab();
  job("test", "FAILURE", FAILED_TEST);
  head.checks({ name: "slow", starts: 0, ends: null });
  const before = github.world.requests;
  const watch = box.start(["watch", "42", "--no-fail-fast", "--interval", "1"], { env });
  await eventually("the log is kept", () => keptIn(box.home).some((text) => text.includes("TS2322")));
  expect(box.events().at(-1)).toMatchObject({ to_state: "WATCHING" });
  expect(github.world.requests).toBeGreaterThan(before);
  head.endChecks();
  expect((await watch.ended).code).toBe(10);
  expect(keptIn(box.home)).toHaveLength(1);
});

describe("a job of another CI service", () => {
  /** Woodpecker with a failed run, whose status is on the head of #42 while another job runs on. */
  async function lab(policy = "") {
    const made = await jobsLab();
    const service = await startCi(woodpeckerVendor);
    onTestFinished(() => service.close());
    const [targetUrl = ""] = woodpeckerVendor.pages(service.url);
    made.head.status({ context: "ci/woodpecker", states: [[0, "FAILURE"]], targetUrl, description: "Pipeline failed" });
    made.head.checks({ name: "slow", starts: 0, ends: null });
    if (policy !== "") made.box.write(".control/policy.yaml", policy.replaceAll("SERVER", service.url));
    const env = { ...made.env, ...woodpeckerVendor.env(service.url) };
    const watch = (more = {}) =>
      made.box.start(["watch", "42", "--no-fail-fast", "--interval", "1"], { env: { ...env, ...more } });
    const looks = async () => {
      const { open_prs } = await made.box.json<{ open_prs: { looks: number }[] }>(["status"], { env });
      return open_prs[0]?.looks ?? 0;
    };
    return { ...made, service, watch, looks };
  }

  test("has its log kept while others still run, and the verdict asks its service for nothing more", async () => {
    const { box, head, service, watch } = await lab();
    const watching = watch();
    await eventually("the log is kept", () => keptIn(box.home).some((text) => text.includes("TS2322")));
    expect(box.events().at(-1)).toMatchObject({ to_state: "WATCHING" });
    const asked = service.requests.length;
    head.endChecks();
    expect(await watching.ended).toMatchObject({ code: 10, stderr: expect.stringContaining("TS2322") });
    expect(service.requests).toHaveLength(asked);
    expect(keptIn(box.home)).toHaveLength(1);
  });

  test("whose run goes on is read again at the verdict", async () => {
    const { box, head, service, watch } = await lab();
    service.world.state = "running";
    service.world.log = ["the first of two jobs failed"];
    const watching = watch();
    await eventually("its log so far was read", () => service.requests.length >= 2);
    service.world.state = "failure";
    service.world.log = ["src/b.ts(1,1): error TS1005: no"];
    head.endChecks();
    expect(await watching.ended).toMatchObject({ code: 10, stderr: expect.stringContaining("TS1005") });
    expect(keptIn(box.home)).toEqual([expect.stringContaining("TS1005")]);
  });

  test("that only an untrusted policy names is asked nothing, and no credential is sent", async () => {
    const { head, service, watch } = await lab(
      'ci_watch:\n  log_providers:\n    ours: { use: woodpecker, base: "SERVER" }\nci_heal: {}\n',
    );
    const watching = watch({ WOODPECKER_SERVER: "" });
    await watching.until(/slow/);
    head.endChecks();
    expect((await watching.ended).code).toBe(10);
    expect(service.requests).toEqual([]);
  });
});

test("a log that does not come neither delays nor fails the watch, nor the end of its command", async () => {
  const { job, head, box, env, github, repo } = await jobsLab();
  repo.require({ required: ["slow"] });
  job("test", "FAILURE", FAILED_TEST);
  head.checks({ name: "slow", starts: 0, ends: null });
  github.world.faults.add({ kind: "hang", match: /\/annotations|\/logs/ });
  const watch = box.start(["watch", "42", "--interval", "1"], { env });
  await eventually("it has looked", async () => {
    const { open_prs } = await box.json<{ open_prs: { last_look: string | null }[] }>(["status"], { env });
    return typeof open_prs[0]?.last_look === "string";
  });
  const begun = Date.now();
  head.endChecks();
  expect((await watch.ended).code).toBe(0);
  // A request that nobody answers is given up after 20 s.
  expect(Date.now() - begun).toBeLessThan(15_000);
});

test("minutes of a run that ended are counted by its runners, one request for it, and shown by stats", async () => {
  const { head, box, env } = await jobsLab();
  const log = "nothing";
  head.checks(
    { name: "linux", starts: -600, ends: -475, log },
    { name: "windows", starts: -600, ends: -540, labels: ["windows-latest"], log },
    { name: "mac", starts: -600, ends: -595, labels: ["macos-14"], log },
    { name: "odd", starts: -600, ends: -500, labels: ["gpu"], log },
  );
  expect((await box.p9(["watch", "42"], { env })).code).toBe(0);
  const { ci_minutes } = await box.json<Minutes>(["stats"], { env });
  expect(ci_minutes).toMatchObject({
    minutes: 15,
    red: 0,
    flaky: 0,
    jobs: 4,
    unknown_jobs: 1,
    by_pr: [{ repo: "octo/app", pr: 42, minutes: 15 }],
  });
  const { stdout } = await box.p9(["stats"], { env });
  expect(stdout).toContain(
    "CI: 15 minutes, 0 red, 0 by flakes (of 1 job they are not known); re-runs avoided: 0 (0 minutes)",
  );
  expect((await box.p9(["stats", "--html", "-"], { env })).stdout).toContain("CI minutes by pull request");
  // Looked at again, nothing is counted twice.
  await box.p9(["watch", "42"], { env });
  expect((await box.json<Minutes>(["stats"], { env })).ci_minutes.minutes).toBe(15);
});

test("a red that was understood is a re-run avoided, with its minutes", async () => {
  const { job, box, env } = await jobsLab();
  job("test", "FAILURE", FAILED_TEST);
  expect((await box.p9(["watch", "42"], { env })).code).toBe(10);
  expect((await box.json<Minutes>(["stats"], { env })).ci_minutes).toMatchObject({
    minutes: 1,
    red: 1,
    reruns_avoided: { count: 1, minutes: 1 },
  });
});
