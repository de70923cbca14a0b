// needs: gh
import { describe, expect, test } from "vitest";
import { lab } from "./lab.ts";

const checks = (after = "null") =>
  `pullRequest(number:42){number statusCheckRollup{contexts(first:2,after:${after}){totalCount nodes{...on CheckRun{name}} pageInfo{hasNextPage endCursor}}}}`;

async function world() {
  const all = await lab();
  all.repo.pull(42).head.checks("a", "b", "c", "d");
  const read = async (after?: string) => {
    const { repository, errors } = await all.ask(checks(after && JSON.stringify(after)));
    return { contexts: repository?.pullRequest?.statusCheckRollup?.contexts, pull: repository?.pullRequest, errors };
  };
  return { ...all, read };
}

const field = "StatusCheckRollup.contexts";

describe("a hole in an answer", () => {
  test("the second page is null, all else is there, and the error names the path", async () => {
    const { world: of, read } = await world();
    of.hole({ field, page: 2, what: "RESOURCE_LIMITS_EXCEEDED" });
    const first = await read();
    expect(first.contexts.nodes).toHaveLength(2);
    const second = await read(first.contexts.pageInfo.endCursor);
    expect(second.pull).toEqual({ number: 42, statusCheckRollup: null });
    expect(second.errors).toMatchObject([
      {
        type: "RESOURCE_LIMITS_EXCEEDED",
        message: "Resource limits for this query exceeded.",
        path: ["repository", "pullRequest", "statusCheckRollup", "contexts"],
      },
    ]);
  });

  test("one node is null and its neighbour is not", async () => {
    const { world: of, read } = await world();
    of.hole({ field, node: 1, what: "FORBIDDEN" });
    const { contexts, errors } = await read();
    expect(contexts.nodes).toEqual([{ name: "a" }, null]);
    expect(errors[0].path).toEqual(["repository", "pullRequest", "statusCheckRollup", "contexts", "nodes", 1]);
  });

  test("SAML: the pull request is null, FORBIDDEN, and marked as a matter of single sign-on", async () => {
    const { world: of, read, gh } = await world();
    of.hole({ field: "Repository.pullRequest", what: "saml" });
    const { pull, errors } = await read();
    expect(pull).toBeNull();
    expect(errors[0]).toMatchObject({ type: "FORBIDDEN", extensions: { saml_failure: true } });
    expect((await gh("pr", "view", "42", "-R", "octo/app")).stderr).toMatch(
      /Resource protected by organization SAML enforcement/,
    );
  });

  test("the cursor repeats, or the count disagrees, and no error says so", async () => {
    const { world: of, read } = await world();
    of.hole({ field, what: "repeats", times: 2 });
    const first = await read();
    const again = await read(first.contexts.pageInfo.endCursor);
    expect(again.contexts.pageInfo).toEqual({ hasNextPage: true, endCursor: first.contexts.pageInfo.endCursor });
    of.hole({ field, what: "counts", times: 1 });
    expect((await read()).contexts.totalCount).toBe(5);
    expect((await read()).contexts.totalCount).toBe(4);
  });

  test("it begins and ends when it was planned to", async () => {
    const { world: of, clock, read } = await world();
    of.hole({ field, what: "FORBIDDEN", after: 10, lasts: 10 });
    const seen = [];
    for (let second = 0; second <= 20; second += 10) {
      seen.push((await read()).errors?.length ?? 0);
      clock.advance(10);
    }
    expect(seen).toEqual([0, 1, 0]);
  });
});

test("a token without Actions gets names and states, and only the run is refused", async () => {
  const { world: of, ask } = await world();
  of.permissions.actions = false;
  const select =
    "pullRequest(number:42){statusCheckRollup{contexts(first:1){nodes{...on CheckRun{name checkSuite{workflowRun{event}}}}}}}";
  const { repository, errors } = await ask(select);
  expect(repository.pullRequest.statusCheckRollup.contexts.nodes).toEqual([
    { name: "a", checkSuite: { workflowRun: null } },
  ]);
  expect(errors[0].path.at(-1)).toBe("workflowRun");
});

describe("a request that is refused as a whole says why, in REST and GraphQL", () => {
  test.each([
    ["saml", /organization SAML enforcement/],
    ["ip-allow-list", /has an IP allow list enabled/],
    ["scopes", /has not been granted the required scopes/],
    ["FORBIDDEN", /Resource not accessible by personal access token/],
  ] as const)("%s", async (kind, words) => {
    const { world: of, gh } = await world();
    of.fault({ kind });
    expect((await gh("api", "repos/octo/app")).stderr).toMatch(words);
    expect((await gh("pr", "view", "42", "-R", "octo/app")).stderr).toMatch(words);
  });
});
