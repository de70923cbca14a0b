// needs: gh
import { execFile } from "node:child_process";
import { parse } from "graphql";
import { afterEach, expect, test } from "vitest";
import { type GitHub, manualClock, startGitHub } from "./mod.ts";
import { githubSchema } from "./schema.ts";
import { costOf } from "./serve/cost.ts";

let github: GitHub | undefined;
afterEach(() => github?.stop());

async function start() {
  const clock = manualClock();
  github = await startGitHub({ clock });
  return { github, clock, world: github.world };
}

function gh(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...github?.env };
    execFile("gh", args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

test("the real gh sees checks go from running to failed as time passes", async () => {
  const { world, clock } = await start();
  world.repo("octo/app").pull(42).head.checks("build", { name: "lint", starts: 5, ends: 30, conclusion: "FAILURE" });
  const before = await gh("pr", "checks", "42", "-R", "octo/app");
  expect(before.stdout).toMatch(/lint\tpending/);
  clock.advance(31);
  const after = await gh("pr", "checks", "42", "-R", "octo/app");
  expect(after.stdout).toMatch(/lint\tfail/);
  expect(after.code).toBe(1);
});

test("a query that GitHub would refuse is refused", async () => {
  await start();
  const unknown = await gh("api", "graphql", "-f", "query={viewer{nonsense}}");
  expect(unknown.stderr).toMatch(/nonsense/);
  const unpaged = await gh(
    "api",
    "graphql",
    "-f",
    'query={repository(owner:"o",name:"r"){pullRequests{nodes{number}}}}',
  );
  expect(unpaged.stdout).toMatch(/You must provide a `first` or `last` value/);
});

test("a token without the right to read checks gets the rest of the data and an error beside it", async () => {
  const { world } = await start();
  world
    .repo("octo/app")
    .pull(42)
    .head.checks("build")
    .status({ context: "ci", states: [[0, "SUCCESS"]] });
  world.permissions.checks = false;
  const query =
    'query={repository(owner:"octo",name:"app"){pullRequest(number:42){number statusCheckRollup{contexts(first:9){nodes{__typename}}}}}}';
  const { stdout, code } = await gh("api", "graphql", "-f", query);
  expect(code).toBe(1);
  const { data, errors } = JSON.parse(stdout);
  expect(data.repository.pullRequest.statusCheckRollup.contexts.nodes).toEqual([null, { __typename: "StatusContext" }]);
  expect(errors[0].type).toBe("FORBIDDEN");
});

test("the log of a finished job is served behind a redirect", async () => {
  const { world, clock } = await start();
  const { head } = world.repo("octo/app").pull(42);
  head.checks({ name: "lint", ends: 10, conclusion: "FAILURE", log: "error: boom" });
  const job = head.suites[0]?.checks[0]?.id;
  expect((await gh("api", `repos/octo/app/actions/jobs/${job}/logs`)).code).toBe(1);
  clock.advance(10);
  expect((await gh("api", `repos/octo/app/actions/jobs/${job}/logs`)).stdout).toBe("error: boom");
});

test("a re-run of the failed jobs replaces them by their next attempt", async () => {
  const { world, clock } = await start();
  const { head } = world.repo("octo/app").pull(42);
  head.checks("build", { name: "flaky", conclusion: "FAILURE" });
  const run = head.suites[0]?.runId;
  expect((await gh("api", "-X", "POST", `repos/octo/app/actions/runs/${run}/rerun-failed-jobs`)).code).toBe(0);
  clock.advance(6);
  const { stdout } = await gh("api", `repos/octo/app/actions/runs/${run}/jobs`);
  const jobs: { name: string; conclusion: string; run_attempt: number }[] = JSON.parse(stdout).jobs;
  expect(jobs.map((job) => [job.name, job.conclusion, job.run_attempt])).toEqual([
    ["build", "success", 1],
    ["flaky", "success", 2],
  ]);
});

test("faults hit as many requests as planned, and then no more", async () => {
  const { world } = await start();
  world.repo("octo/app");
  for (const kind of ["502", "drop", "html", "secondary"] as const) world.fault({ kind, times: 1 });
  const codes = [];
  for (let call = 0; call < 5; call += 1) codes.push((await gh("api", "repos/octo/app")).code);
  expect(codes).toEqual([1, 1, 0, 1, 0]);
});

test("an exhausted rate limit comes back at its reset", async () => {
  const { world, clock } = await start();
  world.rate.exhaust(120);
  const refused = await gh("api", "graphql", "-f", "query={viewer{login}}");
  expect(refused.stdout).toMatch(/RATE_LIMITED/);
  clock.advance(121);
  expect((await gh("api", "graphql", "-f", "query={viewer{login}}")).code).toBe(0);
});

test("the cost of a query follows GitHub's published example", () => {
  const query = `{ viewer { repositories(first: 100) { nodes { issues(first: 50) { nodes { labels(first: 60) { nodes { name } } } } } } } }`;
  expect(costOf(githubSchema(), parse(query), {}).points).toBe(51);
});
