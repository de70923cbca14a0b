// needs: gh
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { createGitHub } from "../../../src/github/client.ts";
import { gather } from "../../../src/heal/evidence/gather.ts";
import { readLedger } from "../../../src/heal/evidence/ledger.ts";
import type { RedPullRequest } from "../../../src/heal/evidence/red-pull-request.ts";
import { run } from "../../../src/process/exec.ts";
import { paths } from "../../../src/store/paths.ts";
import { asLog } from "../../e2e/heal/world.ts";
import { type GitHub, type Pull, startGitHub } from "../../servers/github/mod.ts";

let github: GitHub;
let pull: Pull;
let home: string;

beforeEach(async () => {
  github = await startGitHub();
  pull = github.world.repo("octo/app").pull(42);
  home = mkdtempSync(join(tmpdir(), "p9-evidence-"));
});
afterEach(async () => {
  await github.stop();
  rmSync(home, { recursive: true, force: true });
});

function look(env: Record<string, string> = {}): Promise<RedPullRequest> {
  const all = { ...process.env, ...github.env, ...env };
  const client = createGitHub({ exec: run, env: all, clock: systemClock });
  return gather("octo/app", 42, null, { github: client, paths: paths(home), env: all, now: Date.now });
}

/** Every file below the state directory, as one text. */
function kept(): string {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"))
    .join("\n");
}

test("the job that failed first is the root, with its file, line and page", async () => {
  const types = asLog(
    "npx tsc",
    ["src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'."],
    2,
  );
  pull.head.checks(
    {
      name: "later",
      starts: 0,
      ends: 0,
      conclusion: "FAILURE",
      log: asLog("npm test", ["      Tests  1 failed (1)"], 1),
      app: "github-actions",
      workflow: "B",
    },
    { name: "ok" },
  );
  pull.head.checks({ name: "types", starts: -60, ends: -30, conclusion: "FAILURE", log: types, workflow: "A" });
  const red = await look();
  expect(red.found.failure_type).toBe("type");
  expect(red.evidence[0]).toMatchObject({
    job: "types",
    file: "src/a.ts",
    line: 12,
    url: expect.stringContaining("github.com/octo/app"),
  });
  expect(red.history.answer).toBe("new");
});

test("what only annotations say is read: time limits and lost runners", async () => {
  const message = "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.";
  pull.head.checks({
    name: "e2e",
    ends: 0,
    conclusion: "CANCELLED",
    log: asLog("npm run e2e", ["Starting"], 0),
    annotations: [{ path: ".github", line: 1, message }],
  });
  expect((await look()).found.failure_type).toBe("timeout");
});

test("an annotation gives the file and line that the log has lost", async () => {
  const log = asLog("rubocop --format github", ["##[error]Style/StringLiterals: Prefer single-quoted strings."], 1);
  pull.head.checks({
    name: "lint",
    ends: 0,
    conclusion: "FAILURE",
    log,
    annotations: [{ path: "app/a.rb", line: 7, message: "Style/StringLiterals: Prefer single-quoted strings." }],
  });
  expect((await look()).evidence[0]).toMatchObject({ file: "app/a.rb", line: 7 });
});

test("an external service's status is linked and called external", async () => {
  pull.head.status({
    context: "ci/elsewhere",
    states: [[0, "FAILURE"]],
    targetUrl: "https://ci.example.org/build/7",
    description: "Build 7 broke",
  });
  const red = await look();
  expect(red.found).toMatchObject({ failure_type: "external" });
  expect(red.evidence).toContainEqual(expect.objectContaining({ url: "https://ci.example.org/build/7" }));
});

test.each([
  ["without a log", { conclusion: "FAILURE" }, 'no log of "build" can be read'],
  ["that was cancelled", { conclusion: "CANCELLED" }, '"build" was cancelled and nothing failed: run it again'],
])("a job of GitHub Actions %s is no external service's", async (_, check, rationale) => {
  pull.head.checks({ name: "build", ends: 0, ...check });
  const { found, evidence } = await look();
  expect(found).toMatchObject({ failure_type: "unclassified", confidence: 0, rationale });
  expect(evidence).toMatchObject([{ job: "build", url: expect.stringContaining("/actions/runs/") }]);
});

test("a workflow that could not start is no external service's", async () => {
  pull.head.suite({ workflow: "CI", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
  expect((await look()).found).toMatchObject({
    failure_type: "unclassified",
    rationale: 'no log of "CI" can be read',
  });
});

test("an external failure beside a job without a log does not speak for it", async () => {
  pull.head.status({ context: "ci/elsewhere", states: [[0, "FAILURE"]], description: "Build 7 broke" });
  pull.head.checks({ name: "build", ends: 0, conclusion: "FAILURE" });
  expect((await look()).found).toMatchObject({
    failure_type: "unclassified",
    rationale: 'no log of "build" can be read',
  });
});

test("secrets reach neither the disk nor the evidence", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const log = asLog("npm run deploy", [`Error: bad token ${token} and hunter2secret`, "Error: Deployment failed"], 1);
  pull.head.checks({ name: "deploy", ends: 0, conclusion: "FAILURE", log });
  const red = await look({ MY_SERVICE_TOKEN: "hunter2secret" });
  const all = JSON.stringify(red.evidence) + kept();
  expect(all).not.toContain(token);
  expect(all).not.toContain("hunter2secret");
});

test("a log is fetched once, kept, and still there when a re-run has taken the check away", async () => {
  pull.head.checks({
    name: "test",
    ends: 0,
    conclusion: "FAILURE",
    log: asLog("npm test", ["      Tests  1 failed (1)"], 1),
  });
  await look();
  await look();
  expect(github.seen.filter(({ path }) => path.includes("/logs"))).toHaveLength(1);
  expect(kept()).toContain("Tests  1 failed");
  expect(readLedger(paths(home)).filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
});

test("several jobs that fail for want of the network are an outage, and may run again", async () => {
  const log = asLog(
    "npm ci",
    ["npm error code ETIMEDOUT", "npm error network request to https://registry.example.org/x failed"],
    1,
  );
  pull.head.checks(
    { name: "a", ends: 0, conclusion: "FAILURE", log },
    { name: "b", ends: 0, conclusion: "FAILURE", log },
  );
  expect(await look()).toMatchObject({ outage: true, found: { failure_type: "network", transient: true } });
});

test("one failing job that is not transient forbids a re-run", async () => {
  const net = asLog("npm ci", ["npm error code ETIMEDOUT"], 1);
  pull.head.checks(
    { name: "a", ends: 0, conclusion: "FAILURE", log: net },
    {
      name: "b",
      ends: 0,
      conclusion: "FAILURE",
      log: asLog("make", ["main.c:5:12: error: expected ';' before 'return'"], 2),
    },
  );
  expect((await look()).found.transient).toBe(false);
});

test("a failure that the base branch has too is said to be the base's, and another failure there is not", async () => {
  const same = asLog("npm test", ["--- FAIL: TestCart (0.01s)", "FAIL"], 1);
  const repo = github.world.repo("octo/app");
  const base = repo.commits.get(repo.branchSha("main"))!;
  base.checks({ name: "test", ends: 0, conclusion: "FAILURE", log: same, event: "push" });
  pull.head.checks({ name: "test", ends: 0, conclusion: "FAILURE", log: same });
  expect((await look()).history).toMatchObject({ answer: `red on base since ${base.sha.slice(0, 7)}`, onBase: true });
  const other = repo.pull(43, { branch: "other" });
  other.head.checks({
    name: "test",
    ends: 0,
    conclusion: "FAILURE",
    log: asLog("npm test", ["--- FAIL: TestOther (0.01s)", "FAIL"], 1),
  });
  const client = createGitHub({ exec: run, env: { ...process.env, ...github.env }, clock: systemClock });
  const red = await gather("octo/app", 43, null, { github: client, paths: paths(home), env: {}, now: Date.now });
  expect(red.history).toMatchObject({ answer: "new", onBase: false });
});
