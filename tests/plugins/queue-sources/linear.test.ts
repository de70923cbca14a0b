import { afterEach, describe, expect, test } from "vitest";
import linear from "../../../plugins/queue-sources/linear.ts";
import type { DiscoverContext, PullRequestInFlight } from "../../../src/plugin.ts";
import { handClock, NOON } from "../../queue/world.ts";
import { addIssue, addLabel, emptyLinear, type LinearData } from "../../servers/linear/data.ts";
import { type LinearServer, startLinear } from "../../servers/linear/server.ts";
import { asker } from "./asking.ts";

let server: LinearServer | undefined;
afterEach(() => server?.close());

/** A team `BRO` whose issue 1 has the label `area:watch`, with some work in its current cycle. */
function team(): LinearData {
  const data = emptyLinear("BRO", new Date(NOON));
  data.users.push({ id: "user-2", name: "Kim", displayName: "kim", email: "kim@example.org" });
  const watch = addLabel(data, "area:watch");
  const bug = addLabel(data, "bug");
  const other = addLabel(data, "area:web");
  const now = { cycleId: "cycle-now" };
  addIssue(data, { title: "Watch faster", ...now, labelIds: [watch, bug] });
  addIssue(data, { title: "Low, one label", ...now, labelIds: [watch], priority: 4 });
  addIssue(data, { title: "Urgent", ...now, labelIds: [watch], priority: 1 });
  addIssue(data, { title: "No priority, both labels", ...now, labelIds: [watch, bug] });
  addIssue(data, { title: "Mine", ...now, labelIds: [bug], priority: 2, assigneeId: "user-1" });
  addIssue(data, { title: "Kim's", ...now, labelIds: [bug], priority: 1, assigneeId: "user-2" });
  addIssue(data, { title: "Other label", ...now, labelIds: [other], priority: 1 });
  addIssue(data, { title: "Last cycle", cycleId: "cycle-past", labelIds: [watch], priority: 1 });
  addIssue(data, { title: "No cycle", labelIds: [watch], priority: 1 });
  addIssue(data, { title: "Begun", ...now, labelIds: [watch], priority: 1, stateId: "state-started" });
  addIssue(data, { title: "Done", ...now, labelIds: [watch], priority: 1, stateId: "state-completed" });
  return data;
}

const pull = (more: Partial<PullRequestInFlight> = {}): PullRequestInFlight => ({
  repo: "o/r",
  number: 42,
  branch: "topic",
  title: "A change",
  body: "",
  sha: null,
  ...more,
});

async function scene(data = team()) {
  const clock = handClock();
  server = await startLinear(data, { now: () => new Date(NOON) });
  const env = { LINEAR_API_KEY: server.key, LINEAR_API_URL: server.url };
  const asked = asker();
  const ask = (pr: PullRequestInFlight | null, more: Partial<DiscoverContext> = {}, other = {}) =>
    asked(linear, { env: { ...env, ...other } }, { clock, pr, ...more });
  return { server, clock, ask };
}
const OFFERED = ["BRO-3", "BRO-5", "BRO-2", "BRO-4"];
const keys = (answer: { items: readonly { key: string }[] }) => answer.items.map(({ key }) => key);

test("linear offers open issues of the current cycle that share a label with the pull request's issue, most urgent first", async () => {
  const { ask } = await scene();
  const answer = await ask(pull({ branch: "robin/bro-1-watch-faster" }));
  expect(answer.problem).toBeNull();
  expect(keys(answer)).toEqual(OFFERED);
  expect(answer.items[0]).toMatchObject({
    item: "BRO-3: Urgent (https://linear.app/broom/issue/BRO-3)",
    why: "label area:watch as BRO-1, current cycle, urgent priority",
  });
});

test.each<[string, Partial<PullRequestInFlight>]>([
  ["branch", { branch: "fix/BRO-1" }],
  ["title", { title: "Poll less (bro-1)" }],
  ["body", { body: "Encodes as utf-8.\n\nFixes BRO-1" }],
])("linear finds the issue in the %s", async (_, more) => {
  const { ask } = await scene();
  expect(keys(await ask(pull(more)))).toEqual(OFFERED);
});

test("linear asks GitHub for the body only when branch and title name no issue that Linear knows", async () => {
  const { ask } = await scene();
  const paths: string[] = [];
  const github: DiscoverContext["github"] = {
    rest: async <T>(path: string) => {
      paths.push(path);
      return { title: "A change", body: "Part of BRO-1", head: { ref: "topic" } } as T;
    },
    graphql: () => Promise.reject(new Error("not asked for")),
    repository: () => Promise.reject(new Error("not asked for")),
  };
  await ask(pull({ branch: "bro-1", body: null }), { github });
  expect(paths).toEqual([]);
  expect(keys(await ask(pull({ branch: "feature-42", body: null }), { github }))).toEqual(OFFERED);
  expect(paths).toEqual(["repos/o/r/pulls/42"]);
});

test("linear reads every page", async () => {
  const data = team();
  for (let n = 0; n < 120; n++)
    addIssue(data, { title: `More ${n}`, cycleId: "cycle-now", labelIds: ["label-1"], priority: 3 });
  addIssue(data, { title: "Urgent, on the last page", cycleId: "cycle-now", labelIds: ["label-1"], priority: 1 });
  const { ask, server } = await scene(data);
  const answer = await ask(pull({ branch: "bro-1" }), { limit: 200 });
  expect(keys(answer).slice(0, 2)).toEqual(["BRO-3", "BRO-132"]);
  expect(server.requests.map(({ operation }) => operation)).toEqual(["P9Named", "P9Cycle", "P9Cycle", "P9Cycle"]);
});

test("linear asks once for two minutes, and for another pull request at once", async () => {
  const { ask, server, clock } = await scene();
  await ask(pull({ branch: "bro-1" }));
  expect(keys(await ask(pull({ branch: "bro-1" })))).toEqual(OFFERED);
  expect(server.requests).toHaveLength(2);
  await ask(pull({ branch: "bro-2" }));
  expect(server.requests).toHaveLength(4);
  clock.advance(121_000);
  await ask(pull({ branch: "bro-2" }));
  expect(server.requests).toHaveLength(6);
});

describe("linear says why it has nothing", () => {
  test("without a key, with a wrong one, and when no issue is named", async () => {
    const { ask, server } = await scene();
    expect((await ask(pull(), {}, { LINEAR_API_KEY: undefined })).problem).toBe(
      "unavailable: LINEAR_API_KEY is not set",
    );
    expect((await ask(pull({ branch: "bro-1" }), {}, { LINEAR_API_KEY: "lin_api_wrong" })).problem).toBe(
      "unavailable: Linear refuses LINEAR_API_KEY",
    );
    expect((await ask(pull())).problem).toBe("unavailable: the pull request names no issue that Linear knows");
    expect((await ask(pull({ title: "Use utf-8 and sha-256" }))).problem).toBe(
      "unavailable: the pull request names no issue that Linear knows",
    );
    expect(server.requests.every(({ status }) => status < 500)).toBe(true);
  });

  test("when the rate limit is reached, and then it leaves Linear alone", async () => {
    const { ask, server, clock } = await scene();
    server.failNext.push("rate");
    expect((await ask(pull({ branch: "bro-1" }))).problem).toBe(
      "unavailable: Linear's rate limit is reached; again in 5m",
    );
    clock.advance(60_000);
    expect((await ask(pull({ branch: "bro-1" }))).problem).toBe(
      "unavailable: Linear's rate limit is reached; again in 4m",
    );
    expect(server.requests).toHaveLength(1);
    clock.advance(241_000);
    expect(keys(await ask(pull({ branch: "bro-1" })))).toEqual(OFFERED);
  });

  test.each<[string, number, Record<string, string>, string]>([
    ["the limit's own reset", 400, { "x-ratelimit-requests-reset": `${NOON + 720_000}` }, "12m"],
    ["the complexity's reset", 400, { "x-ratelimit-complexity-reset": `${NOON + 60_000}` }, "1m"],
    ["retry-after", 429, { "retry-after": "90" }, "1m 30s"],
  ])("for as long as %s says", async (_, status, headers, left) => {
    const { ask } = await scene();
    const body = status === 400 ? '{"errors":[{"message":"x","extensions":{"code":"RATELIMITED"}}]}' : "";
    const fetch = async () => ({ status, headers, body });
    const { problem } = await ask(pull({ branch: "bro-1" }), { fetch });
    expect(problem).toBe(`unavailable: Linear's rate limit is reached; again in ${left}`);
  });

  test("when Linear answers with an error or not at all", async () => {
    const { ask, server } = await scene();
    // Deno tries a dropped connection again.
    server.failNext.push(502, "drop", "drop", "drop");
    expect((await ask(pull({ branch: "bro-1" }))).problem).toBe("unavailable: Linear answers with status 502");
    expect((await ask(pull({ branch: "bro-1" }))).problem).toMatch(/^unavailable: Linear cannot be reached: /);
  });
});
