import { expect, test } from "vitest";
import { type Connection, readConnection } from "../../../src/github/answer/connection.ts";
import { holeError, isWithheld } from "../../../src/github/answer/hole.ts";
import type { FieldProblem, PieceAnswer } from "../../../src/github/answer/problem.ts";

const path = ["commit", "list"];

function page(nodes: unknown, more: { cursor?: string | null; total?: number; problems?: FieldProblem[] } = {}) {
  const { cursor, total, problems = [] } = more;
  const pageInfo = { hasNextPage: cursor !== undefined, endCursor: cursor ?? null };
  return { data: { commit: { list: { nodes, totalCount: total, pageInfo } } }, problems };
}

const problem = (type: string, at: (string | number)[], message = "no"): FieldProblem => ({ type, message, path: at });

/** Reads pages one after the other. */
function pages(first: PieceAnswer, ...rest: PieceAnswer[]): Promise<Connection> {
  return readConnection(first, { path, next: async () => rest.shift() ?? page([]) });
}

test("a list is whole when its last page says so", async () => {
  const found = await pages(page([1, 2], { cursor: "a", total: 3 }), page([3], { total: 3 }));
  expect(found).toEqual({ nodes: [1, 2, 3], hole: null });
});

const endless = Array.from({ length: 40 }, (_, index) => page(Array(100).fill(1), { cursor: `c${index}` }));

test.each<[string, PieceAnswer[], unknown[], string]>([
  ["the page is null", [page(null)], [], "it is not there"],
  [
    "the page is null, and GitHub says why",
    [page(null, { problems: [problem("SERVICE_UNAVAILABLE", path, "Try again")] })],
    [],
    "Try again",
  ],
  ["what it stands in is null", [{ data: null, problems: [problem("X", ["commit"], "Gone")] }], [], "Gone"],
  ["a later page is null", [page([1], { cursor: "a" }), page(null)], [1], "it is not there"],
  ["a node is null", [page([1, null])], [1], "a part of it is null"],
  ["a field of a node is null", [page([1], { problems: [problem("X", [...path, "nodes", 0, "name"])] })], [1], "no"],
  ["the cursor comes back", [page([1], { cursor: "a" }), page([2], { cursor: "a" })], [1, 2], "its pages do not go on"],
  ["a page has no cursor", [page([1], { cursor: null })], [1], "its pages do not go on"],
  ["it counts more than it shows", [page([1], { total: 5 })], [1], "it says 5 and shows 1"],
  [
    "its pages are empty and have no end",
    Array.from({ length: 130 }, (_, index) => page([], { cursor: `c${index}` })),
    [],
    "there are more than 0",
  ],
  ["it has no end", endless, Array(3000).fill(1), "there are more than 3000"],
])("not whole: %s", async (_, [first = page([]), ...rest], nodes, why) => {
  const found = await pages(first, ...rest);
  expect(found.nodes).toEqual(nodes);
  expect(found.hole?.why).toContain(why);
});

test("a list without a way to the next page has a hole when there is one", async () => {
  expect((await readConnection(page([1], { cursor: "a" }), { path })).hole?.why).toBe("there are more than 1");
});

test("what is too much at once is asked for in smaller pages", async () => {
  const sizes: number[] = [];
  const tooMuch = page(null, { problems: [problem("RESOURCE_LIMITS_EXCEEDED", path)] });
  const found = await readConnection(tooMuch, {
    path,
    next: async (after, size) => {
      sizes.push(size);
      return after === null ? page([1], { cursor: "a" }) : page([2]);
    },
  });
  expect(found).toEqual({ nodes: [1, 2], hole: null });
  expect(sizes).toEqual([25, 25]);
});

test("a field that may be missing stops nothing, unless it takes its node with it", async () => {
  const optional = (inside: readonly (string | number)[]) => inside.includes("workflowRun");
  const problems = [problem("FORBIDDEN", [...path, "nodes", 0, "workflowRun"])];
  expect((await readConnection(page([1], { problems }), { path, optional })).hole).toBeNull();
  expect((await readConnection(page([null], { problems }), { path, optional })).hole?.problem?.type).toBe("FORBIDDEN");
});

test("what is withheld needs somebody; what is missing now is asked for again", () => {
  const forbidden = { why: "no", problem: problem("FORBIDDEN", path, "Resource not accessible by integration") };
  expect(isWithheld(forbidden)).toBe(true);
  expect(holeError(forbidden, "the checks", "Checks: read")).toMatchObject({
    problem: "forbidden",
    lasting: true,
    needs: "Checks: read",
  });
  const now = { why: "Try again", problem: problem("SERVICE_UNAVAILABLE", path, "Try again") };
  expect(isWithheld(now)).toBe(false);
  expect(holeError(now, "the checks of 1234567")).toMatchObject({
    problem: "partial",
    lasting: false,
    message: "GitHub showed only a part of the checks of 1234567: Try again",
  });
});
