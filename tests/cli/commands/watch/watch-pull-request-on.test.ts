// needs: time, gh
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../../../helpers/p9.ts";
import { shaOf } from "../../../servers/github/mod.ts";
import { type PrLab, prLab, type Report } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

/** How many pull requests were WATCHING at the same moment, by the log, without those that only had their verdict told. */
function mostAtOnce(events: readonly Record<string, unknown>[]): number {
  const now = new Map<unknown, unknown>();
  const counts = events.map((event) => {
    const isTold = (event.extra as { cause?: string } | undefined)?.cause === "verdict-seen";
    if (event.type === "transition") now.set(event.wait_id, isTold ? "told" : event.to_state);
    return [...now.values()].filter((state) => state === "WATCHING").length;
  });
  return Math.max(...counts);
}

const stateOf = async (pr: number) => (await lab.rows()).find((row) => row.pr === pr)?.to_state;

test("a login that is lost in mid-watch is waited for, and said", async () => {
  const { head } = lab.repo.pull(42);
  head.checks({ name: "build", ends: null });
  const watch = lab.box.start(["watch", "42", "--interval", "0.5"], { env: lab.env });
  await eventually("it is watched", async () => (await stateOf(42)) === "WATCHING");
  lab.github.world.viewer = null;
  await watch.until(/refuses the login \(401\)/);
  lab.github.world.viewer = "octocat";
  head.endChecks();
  expect((await watch.ended).code).toBe(0);
});

test("after a red the background watcher goes on: a human's fix makes it green, and both endings are told", async () => {
  lab.policy("  grace: { slow_look: 1s }");
  const pull = lab.repo.pull(42);
  pull.head.checks({ name: "build", conclusion: "FAILURE" });
  await lab.box.p9(["watch", "42", "--background", "--interval", "0.5"], { env: lab.env });
  await eventually("the wait is red", async () => (await stateOf(42)) === "RED_UNCLASSIFIED");
  pull.push("fix").checks("build");
  await eventually("the wait is green", async () => (await stateOf(42)) === "GREEN");
  const { reports } = await lab.box.json<{ reports: Report[] }>(["report", "--pr", "42"], { env: lab.env });
  expect(reports.map((report) => report.outcome).sort()).toEqual(["failed", "succeeded"]);
  expect((await lab.rows())[0]).toMatchObject({ sha: shaOf("fix") });
});

test("ceiling 1: of six in the background one is watched, and each next one starts as a slot frees", {
  timeout: 180_000,
}, async () => {
  lab.policy("", 1);
  const pulls = [1, 2, 3, 4, 5, 6].map((number) => lab.repo.pull(number));
  for (const pull of pulls) pull.head.checks({ name: "build", ends: null });
  await Promise.all(
    pulls.map((pull) =>
      lab.box.p9(["watch", String(pull.number), "--background", "--interval", "0.5"], { env: lab.env }),
    ),
  );
  const states = async () => (await lab.rows()).map((row) => row.to_state).sort();
  expect(await states()).toEqual(["PUSHED", "PUSHED", "PUSHED", "PUSHED", "PUSHED", "WATCHING"]);
  expect((await lab.box.p9(["watch", "7"], { env: lab.env })).code).toBe(3);
  lab.repo.pull(7);
  expect((await lab.box.p9(["watch", "7"], { env: lab.env })).code).toBe(5);
  for (const pull of pulls) pull.head.endChecks();
  const green = () => lab.box.events().filter((event) => event.to_state === "GREEN");
  await eventually("all are green", () => green().length === 6);
  expect(await states()).toEqual(Array(6).fill("GREEN"));
  expect(mostAtOnce(lab.box.events())).toBe(1);
});

test("a branch without a pull request waits, and is bound when the pull request appears", async () => {
  lab.repo.push("topic", "topic head");
  const watch = lab.box.start(["watch", "pr-ci", "topic", "--interval", "0.5"], { env: lab.env });
  await watch.until(/No pull request for the branch "topic" yet/);
  lab.repo.pull(42, { branch: "topic", head: "topic head" }).head.checks("build");
  const { code, stderr } = await watch.ended;
  expect(stderr).toMatch(/^p9: ✓ PR #42 succeeded/m);
  expect(code).toBe(0);
});

test("a push in mid-watch is said at once, and the end names the commit that it is about", async () => {
  const pull = lab.repo.pull(42);
  pull.head.checks({ name: "build", ends: null });
  const watch = lab.box.start(["watch", "42", "--interval", "0.5"], { env: lab.env });
  await watch.until(/waiting for "build"/);
  pull.push("next").checks({ name: "build", ends: null });
  await watch.until(/^p9: PR #42 .*Head moved from \w{7} to \w{7}/m);
  pull.head.endChecks();
  expect((await watch.ended).stderr).toContain(`at ${shaOf("next").slice(0, 7)}: The check passed`);
});

test("over the ceiling, --background says on stderr that it is queued", async () => {
  lab.policy("", 1);
  for (const number of [1, 2]) lab.repo.pull(number).head.checks({ name: "build", ends: null });
  const first = await lab.box.p9(["watch", "1", "--background"], { env: lab.env });
  expect(first.stderr).not.toContain("queued");
  const { code, stdout, stderr } = await lab.box.p9(["watch", "2", "--background"], { env: lab.env });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/ pid=0 pr=2 /)]);
  const words =
    /PR #2 \(octo\/app\).* queued: PR #1 \(octo\/app\) holds the only slot \(ci_watch\.max_concurrent_prs: 1/;
  expect(stderr).toMatch(words);
  expect(stderr).toContain(`, ${lab.box.work}/.control/policy.yaml)`);
  expect((await lab.box.p9(["status"], { env: lab.env })).stdout).toMatch(
    /PR #2 .* queued: PR #1 \(octo\/app\) holds the only slot/,
  );
});

test("a queued pull request that gets its verdict is told at once, while another one holds the slot", async () => {
  lab.policy("", 1);
  lab.repo.pull(1).head.checks({ name: "build", ends: null });
  const { head } = lab.repo.pull(2);
  head.checks({ name: "build", ends: null, conclusion: "FAILURE" });
  for (const pr of ["1", "2"]) await lab.box.p9(["watch", pr, "--background", "--interval", "0.5"], { env: lab.env });
  await eventually("the queued one is looked at", async () =>
    (await lab.rows()).some((row) => row.pr === 2 && row.to_state === "PUSHED" && row.last_look !== null),
  );
  head.endChecks();
  await eventually("it is red", async () => (await stateOf(2)) === "RED_UNCLASSIFIED");
  expect(await stateOf(1)).toBe("WATCHING");
});

test("what failed on a fork's pull request is classified with the word that p9 does not push there", async () => {
  lab.repo.pull(42, { fork: "stranger" }).head.checks({ name: "build", conclusion: "FAILURE", log: "boom" });
  const { stderr } = await lab.box.p9(["heal", "42", "--classify"], { env: lab.env });
  expect(stderr).toContain("#42 comes from a fork: p9 never pushes there, its author must fix it");
});
