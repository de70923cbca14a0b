// needs: gh
import { expect, onTestFinished, test } from "vitest";
import * as p9 from "../src/mod.ts";
import { setUp } from "./github/ask.ts";

/** Every value that `@broomva/p9` of version 1.0 exported. */
const NAMES = `API_VERSION GitHubError ObservationError RefError SOURCE_ORDER TrustError UnavailableError at checkKey checkRunState
  checksSelection commitField commitSelection completeRules defineNotifier definePlugin defineProvider defineQueueSource defineWaitKind
  expectedChecks findPullRequests firstText formatDuration givenValues hasPassed interpret isObject isOutcome isPending isTrueAt
  latestChecks listAt numberAt oneLine parseDuration parseRepo providerKind readChecks readCommit readPullRequest readWorkflowRuns sameRepo
  slug statusContextState stripControls tellingLines textAt timeAt`;

/** A pull request with one check, as a plugin of version 1.0 reaches it. */
async function world() {
  const { server, client, clock, stop } = await setUp();
  onTestFinished(stop);
  const repo = server.world.repo("octo/app");
  const pull = repo.pull(1);
  pull.head.checks({ name: "ci", ends: 0 });
  clock.advance(1000);
  return { world: server.world, client, pull };
}

test("every name of version 1.0 is there", () => {
  const missing = NAMES.split(/\s+/).filter((name) => Reflect.get(p9, name) === undefined);
  expect(missing).toEqual([]);
});

test("what was asked of GitHub in version 1.0 is answered in its form", async () => {
  const { client, pull } = await world();
  const sha = pull.head.sha;
  const { data } = await client.repository("octo/app", p9.commitField(sha, p9.checksSelection(null)));
  const checks: p9.Check[] = p9.readChecks(p9.at(data, "commit"));
  expect(checks.map(({ name, state }) => [name, state])).toEqual([["ci", "succeeded"]]);
  expect(p9.readChecks(null)).toEqual([]);
  const pulls: p9.PullRequest[] = await p9.findPullRequests(client, "octo/app", pull.branch);
  expect(pulls.map(({ number }) => number)).toEqual([1]);
  const runs: p9.Check[] = await p9.readWorkflowRuns(client, "octo/app", sha);
  expect(runs.map(({ kind }) => kind)).toEqual(["suite"]);
  const { protection, rulesets, required } = (await p9.readPullRequest(client, "octo/app", { number: 1, sha })).rules;
  expect(await p9.completeRules(client, "octo/app", "main", { protection, rulesets, required })).toMatchObject({
    required: [],
  });
});

test("what may not be read is thrown or empty, as in version 1.0, and is never taken for the whole", async () => {
  const { world: github, client, pull } = await world();
  Object.assign(github.permissions, { checks: false, statuses: false, actions: false });
  const question = { number: 1, sha: pull.head.sha };
  await expect(p9.readPullRequest(client, "octo/app", question)).rejects.toMatchObject({ problem: "forbidden" });
  const answer = await client.repository("octo/app", p9.commitField(pull.head.sha, p9.commitSelection(null)));
  await expect(p9.readCommit(client, "octo/app", answer, null)).rejects.toMatchObject({ problem: "forbidden" });
  expect(await p9.readWorkflowRuns(client, "octo/app", pull.head.sha)).toEqual([]);
});
