// needs: gh
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asLog } from "../../e2e/heal/world.ts";
import { type Sandbox, sandbox } from "../../helpers/p9.ts";
import { type Commit, type GitHub, type Pull, startGitHub } from "../../servers/github/mod.ts";

let github: GitHub;
let pull: Pull;
let base: Commit;
let box: Sandbox;
let env: Record<string, string>;

beforeEach(async () => {
  github = await startGitHub();
  const repo = github.world.repo("octo/app");
  pull = repo.pull(42);
  base = repo.commits.get(repo.branchSha("main"))!;
  box = sandbox();
  box.write(".control/policy.yaml", "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n");
  env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
});
afterEach(() => github.stop());

/** A job that ended so, on the head or on the base branch. */
function ran(on: Commit, name: string, log: string | null): void {
  const event = on === base ? { event: "push" } : {};
  on.checks({
    name,
    ends: 0,
    conclusion: log === null ? "SUCCESS" : "FAILURE",
    ...(log === null ? {} : { log }),
    ...event,
  });
}

/** What `p9 heal 42 --apply` says, and whether it asked for a re-run. */
async function heal(): Promise<{ said: string; again: boolean }> {
  const { stdout, stderr } = await box.p9(["heal", "42", "--apply"], { env, cwd: box.work });
  return { said: stdout + stderr, again: github.seen.some(({ path }) => path.includes("rerun-failed-jobs")) };
}

const TIMED_OUT = asLog(
  "npm ci",
  ["npm error code ETIMEDOUT", "npm error network request to https://a.example.org/x failed"],
  1,
);
const unknown = (command: string, host: string) => asLog(command, [`curl: (6) Could not resolve host: ${host}`], 6);
const short = () => base.sha.slice(0, 7);

test("what passes by itself runs again when the base branch is green", async () => {
  ran(base, "install", null);
  ran(pull.head, "install", TIMED_OUT);
  expect(await heal()).toEqual({ said: expect.stringContaining("run again"), again: true });
});

test("the same failure on the base branch is not run again", async () => {
  ran(base, "install", TIMED_OUT);
  ran(pull.head, "install", TIMED_OUT);
  expect(await heal()).toEqual({ said: expect.stringContaining(`red on base since ${short()}: repair`), again: false });
  const classified = await box.json(["heal", "42", "--classify"], { env });
  expect(classified).toMatchObject({
    failure_type: "network",
    transient: false,
    history: `red on base since ${short()}`,
  });
});

test("nor when it is that of another job than the first one that failed", async () => {
  const reset = asLog("make tools", ["curl: (56) Recv failure: Connection reset by peer"], 56);
  ran(base, "install", null);
  ran(base, "tools", reset);
  pull.head.checks({ name: "install", starts: -60, ends: -30, conclusion: "FAILURE", log: TIMED_OUT });
  ran(pull.head, "tools", reset);
  expect(await heal()).toEqual({
    said: expect.stringContaining(`red on base since ${short()} ("tools")`),
    again: false,
  });
});

test("a host that no job of the base branch finds either is not asked again, whatever asks there", async () => {
  ran(base, "nightly", unknown("make nightly", "gone.example.org"));
  ran(pull.head, "tools", unknown("make tools", "gone.example.org"));
  const said = expect.stringContaining(`red on base since ${short()} (gone.example.org is unknown there too)`);
  expect(await heal()).toEqual({ said, again: false });
});

test("a host that only the head does not find is asked again", async () => {
  ran(base, "nightly", unknown("make nightly", "gone.example.org"));
  ran(pull.head, "tools", unknown("make tools", "other.example.org"));
  expect((await heal()).again).toBe(true);
});

test("a failure that the base branch had before its newest commit passed is run again", async () => {
  ran(base, "install", TIMED_OUT);
  ran(pull.head, "install", TIMED_OUT);
  expect((await heal()).again).toBe(false);
  const repo = github.world.repo("octo/app");
  base = repo.push("main", "without a run of it");
  expect((await heal()).again).toBe(false);
  base = repo.push("main", "newer");
  ran(base, "install", null);
  expect((await heal()).again).toBe(true);
});

test("a known flake beside a job that does not compile is not run again", async () => {
  const flaky = asLog("go test ./...", ["--- FAIL: TestCart (0.01s)", "FAIL"], 1);
  pull.head.checks({ name: "test", starts: -60, ends: -30, conclusion: "FAILURE", log: flaky });
  ran(pull.head, "build", asLog("make", ["main.c:5:12: error: expected ';' before 'return'"], 2));
  await heal();
  const ledger = join(box.home, "ledger.jsonl");
  const failed = readFileSync(ledger, "utf8")
    .split("\n")
    .find((row) => row.includes('"job":"test"'));
  appendFileSync(
    ledger,
    `${JSON.stringify({ ...JSON.parse(failed ?? ""), outcome: "passed", signature: null, run: 1 })}\n`,
  );
  const classified = await box.json(["heal", "42", "--classify"], { env });
  expect(classified).toMatchObject({ failure_type: "test_flaky", history: "known flake 1/2", transient: false });
  expect((await heal()).again).toBe(false);
});
