// needs: gh
import { expect, test } from "vitest";
import { lab } from "./lab.ts";

const head = (stdout: string, name: string) => new RegExp(`^${name}: (.*?)\\r?$`, "im").exec(stdout)?.[1] ?? "";

test("every answer carries the server's own time, and what it shows is in that time", async () => {
  const { repo, clock, gh, ask } = await lab({ skew: 3600 });
  repo.pull(42);
  clock.advance(5);
  const { stdout } = await gh("api", "-i", "repos/octo/app");
  expect(Date.parse(head(stdout, "date"))).toBe(clock.now() + 3_600_000);
  expect(Number(head(stdout, "x-ratelimit-reset")) * 1000).toBeGreaterThan(clock.now() + 3_600_000);
  const { createdAt } = (await ask("pullRequest(number:42){createdAt}")).repository.pullRequest;
  expect(Date.parse(createdAt)).toBe(clock.now() + 3_600_000 - 5000);
});

test("secondary limits come as 403 with and without retry-after, as 429, and as 200", async () => {
  const { world, gh } = await lab();
  const kinds = ["secondary", "secondary-bare", "secondary-429", "secondary-200"] as const;
  for (const kind of kinds) world.fault({ kind, times: 1, retryAfter: 30 });
  const seen = [];
  for (const _ of kinds) {
    const { stdout } = await gh("api", "-i", "graphql", "-f", "query={viewer{login}}");
    seen.push([stdout.split(" ")[1], head(stdout, "retry-after")]);
  }
  expect(seen).toEqual([
    ["403", "30"],
    ["403", ""],
    ["429", "30"],
    ["200", "30"],
  ]);
});

test("a pull request is unknown for some seconds after its creation", async () => {
  const { repo, clock, gh, rest } = await lab();
  repo.pull(42, { appears: 3 });
  const view = () => gh("pr", "view", "42", "-R", "octo/app", "--json", "title");
  expect((await view()).stderr).toMatch(/Could not resolve to a PullRequest/);
  expect(await rest("pulls")).toEqual([]);
  clock.advance(3);
  expect((await view()).code).toBe(0);
});

test("after a push the old head is shown, by all replicas or by every second one", async () => {
  const { repo, clock, ask } = await lab();
  const pull = repo.pull(42, { head: "first" });
  const old = pull.head.sha;
  const { sha } = pull.push("second", { lag: 15 });
  const shown = async () => (await ask("pullRequest(number:42){headRefOid}")).repository.pullRequest.headRefOid;
  expect([await shown(), await shown()]).toEqual([old, old]);
  pull.flips = true;
  expect(new Set([await shown(), await shown()])).toEqual(new Set([old, sha]));
  clock.advance(15);
  expect([await shown(), await shown()]).toEqual([sha, sha]);
});

test("checks of a new head appear late", async () => {
  const { repo, clock, ask } = await lab();
  const { head } = repo.pull(42);
  head.checks("build").status({ context: "ci", states: [[0, "SUCCESS"]] });
  head.lag = 10;
  const of = "pullRequest(number:42){statusCheckRollup{contexts{checkRunCount statusContextCount}}}";
  const read = async () =>
    (await ask(of.replace("contexts{", "contexts(first:5){"))).repository.pullRequest.statusCheckRollup;
  expect(await read()).toBeNull();
  clock.advance(10);
  expect(await read()).toEqual({ contexts: { checkRunCount: 1, statusContextCount: 1 } });
});
