// needs: time, gh
import { afterEach, describe, expect, test } from "vitest";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { type GitHub, startGitHub } from "../../../servers/github/mod.ts";

interface Row {
  readonly pr: number | null;
  readonly kind: string;
  readonly ref: string;
  readonly wait_id: string;
  readonly to_state: string;
  readonly repo: string | null;
  readonly session_id: string;
  readonly alive: boolean;
  readonly progress: object | null;
  readonly eta_s: number | null;
  readonly last_look: string | null;
  readonly needs: string | null;
}
interface Status {
  readonly open_prs: readonly Row[];
  readonly open_waits: readonly Row[];
}

let github: GitHub | undefined;
afterEach(() => github?.stop());

const status = (box: Sandbox, ...args: string[]) => box.json<Status>(["status", ...args], { env: github?.env ?? {} });

/** A sandbox whose gh speaks to a GitHub with pull requests that run for a long time. */
async function withPulls(...numbers: number[]) {
  github = await startGitHub();
  for (const number of numbers) {
    github.world
      .repo("octo/app")
      .pull(number)
      .head.checks({ name: "ci", starts: 0, ends: 3600, conclusion: "SUCCESS" });
  }
  const box = sandbox();
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app", BROOMVA_P9_SESSION: "s" };
  const watch = (pr: number, ...more: string[]) => box.p9(["watch", String(pr), "--background", ...more], { env });
  return { box, env, watch, world: github.world };
}

describe("status", () => {
  test("of a fresh home says that nothing is in flight, and makes nothing", async () => {
    const box = sandbox();
    expect(await box.p9(["status"])).toMatchObject({ code: 0, stdout: "nothing in flight\n", stderr: "" });
    expect(await status(box)).toEqual({ open_prs: [], open_waits: [] });
    expect(box.events()).toEqual([]);
  });

  test("shows pull requests and other waits apart, each with what is known of it", async () => {
    const { box, env, watch } = await withPulls(42);
    const line = await watch(42);
    expect(line.stdout).toMatch(/^watcher_id=[0-9a-f]{12} pid=\d+ pr=42 repo=octo\/app\n$/);
    await box.p9(["watch", "build", "--background", "--", "sh", "-c", "echo 3/12; sleep 60"], { env });
    await eventually("both were looked at", async () => {
      const { open_prs, open_waits } = await status(box);
      return open_prs[0]?.last_look != null && open_waits[0]?.progress != null;
    });
    const { open_prs, open_waits } = await status(box);
    expect(open_prs).toMatchObject([
      {
        type: "transition",
        pr: 42,
        kind: "pr-ci",
        repo: "octo/app",
        to_state: "WATCHING",
        alive: true,
        eta_s: null,
        needs: null,
      },
    ]);
    expect(open_waits).toMatchObject([
      { kind: "build", pr: null, alive: true, progress: { done: 3, total: 12, percent: 25, phase: null } },
    ]);
    const { stdout } = await box.p9(["status"], { env });
    expect(stdout).toMatch(/^WATCHING +PR #42 \(octo\/app\) /m);
    expect(stdout).toMatch(/^WATCHING +build .* 3\/12 \(25%\)/m);
  });

  test("dismissed ended waits leave it, until they are watched again; --all shows them, and what runs cannot be dismissed", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--", "sh", "-c", "exit 3"]);
    await box.p9(["watch", "build", "--background", "--", "sleep", "60"]);
    const refs = async (...args: string[]) => (await status(box, ...args)).open_waits.map(({ ref }) => ref);
    expect(await refs()).toEqual(["sh -c exit 3", "sleep 60"]);
    expect((await box.p9(["status"])).stdout).toMatch(/^WATCHING .*sleep 60(?:.|\n)*^RED_UNCLASSIFIED .*exit 3/m);
    const [red, running] = (await status(box)).open_waits;
    expect(await box.p9(["dismiss", red?.wait_id ?? "", running?.wait_id ?? ""])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`p9 abandon ${running?.wait_id}`),
    });
    expect(await refs()).toHaveLength(2);
    expect(await box.p9(["dismiss", red?.wait_id ?? ""])).toMatchObject({
      code: 0,
      stdout: "build sh -c exit 3 left the status\n",
    });
    expect(await refs()).toEqual(["sleep 60"]);
    expect(await refs("--all")).toHaveLength(2);
    await box.p9(["abandon", running?.wait_id ?? ""]);
  });

  test("--pr shows the last state of one pull request whatever it is, and no waits", async () => {
    const { box, env, watch } = await withPulls(7);
    await watch(7);
    await box.p9(["abandon", "7"], { env });
    expect((await status(box)).open_prs).toEqual([]);
    const one = await box.json<Status>(["status", "--pr", "7"], { env });
    expect(one).toMatchObject({ open_prs: [{ pr: 7, to_state: "ABANDONED" }], open_waits: [] });
    expect((await box.json<Status>(["status", "--pr", "8"], { env })).open_prs).toEqual([]);
  });

  test("--session keeps to one session; current is the one that asks", async () => {
    const { box, env } = await withPulls();
    await box.p9(["watch", "build", "--background", "--", "sleep", "61"], { env: { ...env, BROOMVA_P9_SESSION: "a" } });
    await box.p9(["watch", "build", "--background", "--", "sleep", "62"], { env: { ...env, BROOMVA_P9_SESSION: "b" } });
    const refs = async (session: string) => (await status(box, "--session", session)).open_waits.map(({ ref }) => ref);
    expect(await refs("a")).toEqual(["sleep 61"]);
    const current = await box.json<Status>(["status", "--session", "current"], { env: { BROOMVA_P9_SESSION: "b" } });
    expect(current.open_waits.map(({ ref }) => ref)).toEqual(["sleep 62"]);
    expect(await refs("nobody")).toEqual([]);
  });

  test("takes in a watcher that was killed, and --no-reap does not", async () => {
    const { box } = await withPulls();
    const env = { BROOMVA_P9_WATCHER_GRACE: "0" };
    const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sleep", "60"], { env });
    process.kill(JSON.parse(stdout).pid, "SIGKILL");
    const rows = async (...args: string[]) => (await box.json<Status>(["status", ...args], { env })).open_waits;
    await eventually("it is seen to be dead", async () => (await rows("--no-reap"))[0]?.alive === false);
    await eventually("it has a watcher again", async () => (await rows())[0]?.alive === true);
  });
});

describe("the ceiling", () => {
  test("refuses a second pull request in the foreground with 5, and queues it in the background", async () => {
    const { box, env, watch } = await withPulls(1, 2);
    await watch(1);
    const refused = await box.p9(["watch", "2"], { env });
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("max_concurrent_prs");
    expect((await status(box)).open_prs.map(({ pr }) => pr)).toEqual([1]);
    const queued = await watch(2, "--json");
    expect(queued.code).toBe(0);
    expect(JSON.parse(queued.stdout)).toMatchObject({ pid: 0, state: "PUSHED", pr: 2, repo: "octo/app" });
    await box.p9(["abandon", "1"], { env });
    await eventually("the second has the slot", async () => {
      const { open_prs } = await box.json<Status>(["status"], { env });
      return open_prs.some(({ pr, to_state, alive }) => pr === 2 && to_state === "WATCHING" && alive);
    });
  });
});

describe("report and abandon", () => {
  test("report lists how waits ended, newest first, and keeps to --pr and --limit", async () => {
    const { box, env, watch } = await withPulls(5);
    await box.p9(["watch", "build", "--", "true"], { env });
    await box.p9(["watch", "build", "--", "false"], { env });
    await watch(5);
    await box.p9(["abandon", "5"], { env });
    const all = await box.json<{ reports: { outcome: string; report: string }[] }>(["report"]);
    expect(all.reports.map(({ outcome }) => outcome)).toEqual(["abandoned", "failed", "succeeded"]);
    expect(all.reports.every(({ report }) => report === "p9-termination")).toBe(true);
    const limited = await box.json<{ reports: object[] }>(["report", "--limit", "1"]);
    expect(limited.reports).toEqual(all.reports.slice(0, 1));
    const one = await box.json<{ reports: object[] }>(["report", "--pr", "5"], { env });
    expect(one.reports).toMatchObject([{ pr: 5, outcome: "abandoned" }]);
    expect((await box.p9(["report"])).stdout.trim().split("\n")).toHaveLength(3);
  });

  test("abandon ends several waits, says each once, and twice is no error", async () => {
    const { box, env, watch } = await withPulls(5);
    await watch(5);
    await box.p9(["watch", "build", "--background", "--", "sleep", "63"], { env });
    const { code, stderr } = await box.p9(["abandon", "5", "sleep 63"], { env });
    expect(code).toBe(0);
    expect(stderr.match(/P9-TERMINATION-REPORT/g)).toHaveLength(2);
    const again = await box.p9(["abandon", "5"], { env });
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("over already (ABANDONED)") });
  });

  test("a slip in one name ends nothing", async () => {
    const { box, env, watch } = await withPulls(5);
    await watch(5);
    expect((await box.p9(["abandon", "5", "nobody"], { env })).code).toBe(3);
    expect((await status(box)).open_prs).toHaveLength(1);
  });

  test("a number that stands for pull requests of two repositories is not guessed", async () => {
    const { box, env, watch, world } = await withPulls(5);
    world.repo("octo/other").pull(5).head.checks({ name: "ci", starts: 0, ends: 3600, conclusion: "SUCCESS" });
    await watch(5);
    await box.p9(["watch", "5", "--background", "--repo", "octo/other"], { env });
    const { code, stderr } = await box.p9(["abandon", "5"], { env: { ...env, BROOMVA_P9_REPO: "-" } });
    expect(code).toBe(3);
    expect(stderr).toContain("--repo");
    const there = await box.p9(["abandon", "5", "--repo", "OCTO/Other"], { env });
    expect(there.code).toBe(0);
    expect((await status(box)).open_prs.map(({ repo }) => repo)).toEqual(["octo/app"]);
  });
});
