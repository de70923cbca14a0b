// needs: gh
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createGitHub } from "../../src/github/client.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { readPullRequest } from "../../src/github/read-pull-request.ts";
import { readWorkflowRuns } from "../../src/github/workflow-runs.ts";
import { type Exec, run } from "../../src/process/exec.ts";
import { type Setup, setUp } from "./ask.ts";

let setup: Setup;
afterEach(() => setup?.stop());

async function problemOf(request: Promise<unknown>): Promise<GitHubError> {
  const error = await request.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof GitHubError) return error;
  throw new Error(`Wanted a GitHubError, got ${String(error)}`);
}

describe("what goes wrong has a name of its own", () => {
  test.each([
    ["502", "server-error"],
    ["500", "server-error"],
    ["drop", "unreachable"],
    ["html", "not-json"],
    ["401", "unauthorized"],
    ["rate-limit", "rate-limit"],
    ["secondary", "secondary-limit"],
  ] as const)("%s is %s, for GraphQL and REST alike", async (kind, problem) => {
    setup = await setUp();
    setup.server.world.repo("octo/app");
    for (const ask of [() => setup.client.graphql("{viewer{login}}"), () => setup.client.rest("repos/octo/app")]) {
      setup.server.world.fault({ kind, times: 1, retryAfter: 90 });
      const error = await problemOf(ask());
      expect(error.problem).toBe(problem);
      if (kind === "secondary" || kind === "rate-limit") expect(error.retryAfterS).toBe(90);
      setup.clock.advance(91);
      await ask();
    }
  });

  test("gh that is not installed, and gh without a login", async () => {
    setup = await setUp({ PATH: "/nonexistent" });
    expect((await problemOf(setup.client.rest("user"))).problem).toBe("no-gh");
    await setup.stop();
    setup = await setUp({ GH_TOKEN: "", GH_CONFIG_DIR: "/nonexistent" });
    expect((await problemOf(setup.client.rest("user"))).problem).toBe("not-logged-in");
  });

  test("a repository and a pull request that are not there", async () => {
    setup = await setUp();
    setup.server.world.repo("octo/app");
    expect((await problemOf(setup.client.repository("octo/nope", "id"))).problem).toBe("repo-not-found");
    expect((await problemOf(readPullRequest(setup.client, "octo/app", { number: 7 }))).problem).toBe("not-found");
  });

  test("an answer without data and without a word is no word on the repository", async () => {
    setup = await setUp();
    setup.server.world.repo("octo/app");
    setup.server.world.fault({ kind: "empty" });
    expect((await problemOf(setup.client.repository("octo/app", "id"))).problem).toBe("partial");
  });

  test("a field that this GitHub does not know", async () => {
    setup = await setUp();
    setup.server.world.repo("octo/app");
    for (const ask of [
      () => setup.client.graphql("{ viewer { shoeSize } }"),
      () => setup.client.repository("octo/app", "shoeSize"),
    ]) {
      const error = await problemOf(ask());
      expect(error).toMatchObject({ problem: "unknown-field", message: expect.stringContaining("'shoeSize'") });
    }
  });

  test("a token that may not read checks is told which permission is missing", async () => {
    setup = await setUp();
    const pull = setup.server.world.repo("octo/app").pull(42);
    pull.head.checks("build");
    setup.server.world.permissions.checks = false;
    const read = await readPullRequest(setup.client, "octo/app", { number: 42, sha: pull.head.sha });
    expect(read.commit?.missing).toMatchObject({ problem: "forbidden", lasting: true });
    expect(read.commit?.missing?.needs).toMatch(/Checks: read/);
  });
});

test("pull requests asked for in the same moment travel in one request", async () => {
  setup = await setUp();
  const repo = setup.server.world.repo("octo/app");
  for (let number = 1; number <= 20; number += 1) repo.pull(number).head.checks("build", "lint");
  const asks = [...repo.pulls.values()].map((pull) => ({ number: pull.number, sha: pull.head.sha }));
  const answers = await Promise.all(asks.map((ask) => readPullRequest(setup.client, "octo/app", ask)));
  expect(answers.map((pull) => pull.commit?.sha)).toEqual(asks.map((ask) => ask.sha));
  expect(setup.server.seen).toHaveLength(1);
  expect(setup.server.points).toBe(1);
});

test("one pull request that is not there does not spoil the others of its request", async () => {
  setup = await setUp();
  setup.server.world.repo("octo/app").pull(1);
  const [one, two] = await Promise.allSettled([
    readPullRequest(setup.client, "octo/app", { number: 1 }),
    readPullRequest(setup.client, "octo/app", { number: 2 }),
  ]);
  expect([one.status, two.status]).toEqual(["fulfilled", "rejected"]);
  expect(setup.server.seen).toHaveLength(1);
});

test("250 contexts are read over three pages", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  for (let index = 0; index < 250; index += 1) pull.head.checks(`check ${index}`);
  const read = await readPullRequest(setup.client, "octo/app", { number: 42, sha: pull.head.sha });
  expect(read.commit?.checks.map((check) => check.name)).toEqual(
    Array.from({ length: 250 }, (_, index) => `check ${index}`),
  );
  expect(setup.server.seen).toHaveLength(3);
});

test("a commit that GitHub does not have yet is null", async () => {
  setup = await setUp();
  setup.server.world.repo("octo/app").pull(42);
  expect((await readPullRequest(setup.client, "octo/app", { number: 42, sha: "b".repeat(40) })).commit).toBeNull();
});

test("a suite without check runs stands for itself, and an idle app's suite does not", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.head
    .checks("build")
    .suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" })
    .suite({ app: "renovate", status: "QUEUED" });
  const read = await readPullRequest(setup.client, "octo/app", { number: 42, sha: pull.head.sha });
  expect(read.commit?.checks.map(({ kind, name, state }) => [kind, name, state])).toEqual([
    ["check", "build", "succeeded"],
    ["suite", "Deploy", "failed"],
  ]);
});

test("the required checks come from rulesets and classic protection", async () => {
  setup = await setUp();
  const repo = setup.server.world.repo("octo/app");
  repo.require({ required: [{ context: "lint", app: "github-actions" }] });
  repo.require({ required: ["build"], source: "protection" });
  repo.pull(42);
  const { rules } = await readPullRequest(setup.client, "octo/app", { number: 42 });
  expect(rules.required).toEqual([
    { name: "lint", appId: 15368 },
    { name: "build", appId: null },
  ]);
});

test("REST lists are followed over their pages", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.files = Array.from({ length: 250 }, (_, index) => `src/${index}.ts`);
  const files = await setup.client.rest<{ filename: string }[]>("repos/octo/app/pulls/42/files?per_page=100", {
    paginate: true,
  });
  expect(files.map((file) => file.filename)).toEqual(pull.files);
});

test("a list without an end is given up", { timeout: 120_000 }, async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.files = Array.from({ length: 60 }, (_, index) => `src/${index}.ts`);
  const { problem, message } = await problemOf(
    setup.client.rest("repos/octo/app/pulls/42/files?per_page=1", { paginate: true }),
  );
  expect(problem).toBe("partial");
  expect(message).toMatch(/more than 50 pages of "repos/);
});

test("a job's log comes as text", async () => {
  setup = await setUp();
  const { head } = setup.server.world.repo("octo/app").pull(42);
  head.checks({ name: "lint", conclusion: "FAILURE", log: "src/a.ts:1:1 error" });
  const job = head.suites[0]?.checks[0]?.id;
  expect(await setup.client.rest<string>(`repos/octo/app/actions/jobs/${job}/logs`, { text: true })).toBe(
    "src/a.ts:1:1 error",
  );
});

describe("the rate-limit budget", () => {
  test("keeps 40 % for the user: below that, all drivers of a home together look once a minute", async () => {
    setup = await setUp();
    setup.server.world.rate.leave(2001);
    await setup.client.graphql("{viewer{login}}");
    await setup.client.graphql("{viewer{login}}");
    const refused = await problemOf(setup.another().graphql("{viewer{login}}"));
    expect(refused.problem).toBe("rate-limit");
    expect(refused.retryAfterS).toBe(60);
    expect(setup.server.seen).toHaveLength(2);
    setup.clock.advance(60);
    await setup.another().graphql("{viewer{login}}");
  });

  test("lets whoever it lets through finish its look", async () => {
    setup = await setUp();
    setup.server.world.rate.leave(1900);
    await setup.client.graphql("{viewer{login}}");
    for (let call = 0; call < 3; call += 1) await setup.client.graphql("{viewer{login}}");
    setup.clock.advance(10);
    expect((await problemOf(setup.client.graphql("{viewer{login}}"))).problem).toBe("rate-limit");
  });

  test("is whole again after its reset", async () => {
    setup = await setUp();
    setup.server.world.rate.leave(100);
    await setup.client.graphql("{viewer{login}}");
    setup.clock.advance(3600);
    for (let call = 0; call < 3; call += 1) await setup.client.graphql("{viewer{login}}");
    expect(setup.server.seen).toHaveLength(4);
  });
});

describe("what GitHub cannot do at once", () => {
  test("a query that it cannot finish is asked in halves from then on", async () => {
    setup = await setUp();
    const repo = setup.server.world.repo("octo/app");
    for (let number = 1; number <= 8; number += 1) repo.pull(number);
    const askAll = () =>
      Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => readPullRequest(setup.client, "octo/app", { number: index + 1 })),
      );
    setup.server.world.fault({ kind: "502", times: 1 });
    expect((await askAll()).every((one) => one.status === "rejected")).toBe(true);
    expect((await askAll()).every((one) => one.status === "fulfilled")).toBe(true);
    expect(setup.server.seen).toHaveLength(3);
  });

  test("after its secondary limit no driver of the home asks until the time is over", async () => {
    setup = await setUp();
    setup.server.world.repo("octo/app");
    setup.server.world.fault({ kind: "secondary", times: 1, retryAfter: 30 });
    await problemOf(setup.client.rest("repos/octo/app"));
    const other = await problemOf(setup.another().graphql("{viewer{login}}"));
    expect([other.problem, other.retryAfterS]).toEqual(["secondary-limit", 30]);
    expect(setup.server.seen).toHaveLength(1);
    setup.clock.advance(30);
    await setup.another().graphql("{viewer{login}}");
  });
});

test("a server that does not know the newer fields is asked without them", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.head.checks("build");
  const asked: string[] = [];
  const older = {
    ...setup.client,
    repository: async (repo: string, selection: string) => {
      asked.push(selection);
      if (!selection.includes("mergeQueueEntry")) return setup.client.repository(repo, selection);
      throw new GitHubError(
        "unknown-field",
        "GitHub refuses the query: Field 'mergeQueueEntry' doesn't exist on type 'PullRequest'",
      );
    },
  };
  for (const _ of [1, 2]) {
    const read = await readPullRequest(older, "octo/app", { number: 42, sha: pull.head.sha });
    expect(read.commit?.checks.map((check) => check.name)).toEqual(["build"]);
  }
  expect(asked).toHaveLength(3);
});

test("an error about a field that is no permission does not read as one", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.head.checks("build");
  const odd = {
    ...setup.client,
    repository: async (repo: string, selection: string) => {
      const answer = await setup.client.repository(repo, selection);
      const path = ["commit", "statusCheckRollup", "contexts", "nodes", 0, "checkSuite", "workflowRun"];
      return {
        ...answer,
        problems: [{ type: "", message: "Cannot return null for non-nullable field WorkflowRun.event.", path }],
      };
    },
  };
  const read = await readPullRequest(odd, "octo/app", { number: 42, sha: pull.head.sha });
  expect(read.commit?.checks).toHaveLength(1);
});

test("workflow runs tell of a run that has no check, where suites cannot be read", async () => {
  setup = await setUp();
  const pull = setup.server.world.repo("octo/app").pull(42);
  pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
  const runs = await readWorkflowRuns(setup.client, "octo/app", pull.head.sha);
  expect(runs?.map(({ name, state, raw }) => [name, state, raw])).toEqual([
    ["Deploy", "failed", "COMPLETED/STARTUP_FAILURE"],
    ["CI", "succeeded", "COMPLETED/SUCCESS"],
  ]);
  setup.server.world.permissions.actions = false;
  expect(await readWorkflowRuns(setup.client, "octo/app", pull.head.sha)).toBeNull();
});

test("a host that does not answer holds up no request to another one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "p9-two-hosts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, "gh"),
    `#!/bin/sh\ncase "$*" in *dead.test*) exec sleep 30;; esac\nprintf 'HTTP/2.0 200 OK\\r\\n\\r\\n{"data":{"viewer":{"login":"me"}}}'\n`,
    { mode: 0o755 },
  );
  const env = { PATH: `${folder}:${process.env.PATH}`, GH_HOST: "dead.test", GH_TOKEN: "t" };
  const stop = new AbortController();
  const exec: Exec = (argv, options) => run(argv, { ...options, signal: stop.signal });
  const client = createGitHub({ exec, env, clock: systemClock, home: folder });
  const never = client.graphql("{viewer{login}}", {}, "dead.test").catch(() => "broken off");
  const answer = client.graphql<{ viewer: { login: string } }>("{viewer{login}}", {}, "github.com");
  expect(await Promise.race([answer, never])).toEqual({ viewer: { login: "me" } });
  stop.abort();
  expect(await never).toBe("broken off");
});
