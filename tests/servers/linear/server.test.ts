import { afterEach, expect, test } from "vitest";
import { addIssue, addLabel, emptyLinear } from "./data.ts";
import { type LinearServer, startLinear } from "./server.ts";

let server: LinearServer | undefined;
afterEach(() => server?.close());

async function ask(
  query: string,
  variables: object = {},
  key = server!.key,
): Promise<{ status: number; body: Record<string, never> }> {
  const response = await fetch(server!.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: key },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

test("the Linear server pages the issues of the current cycle by label", async () => {
  const data = emptyLinear();
  const area = addLabel(data, "area:watch");
  for (let n = 1; n <= 5; n++)
    addIssue(data, { title: `Issue ${n}`, cycleId: "cycle-now", labelIds: n % 2 ? [area] : [] });
  addIssue(data, { title: "past", cycleId: "cycle-past", labelIds: [area] });
  server = await startLinear(data);
  const query = `query Cycle($after: String) { issues(first: 2, after: $after, filter: { cycle: { isActive: { eq: true } }, labels: { some: { name: { eqIgnoreCase: "AREA:WATCH" } } } }) { nodes { identifier labels { nodes { name } } } pageInfo { hasNextPage endCursor } } }`;
  const first = await ask(query);
  expect(first.body).toMatchObject({
    data: { issues: { nodes: [{ identifier: "BRO-1" }, { identifier: "BRO-3" }], pageInfo: { hasNextPage: true } } },
  });
  const second = await ask(query, {
    after: (first.body as { data?: { issues: { pageInfo: { endCursor: string } } } }).data?.issues.pageInfo.endCursor,
  });
  expect(second.body).toMatchObject({
    data: { issues: { nodes: [{ identifier: "BRO-5" }], pageInfo: { hasNextPage: false } } },
  });
});

test("the Linear server creates, updates and comments on an issue", async () => {
  const data = emptyLinear();
  server = await startLinear(data);
  const created = await ask(
    `mutation Make($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier url } } }`,
    { input: { teamId: "team-BRO", title: "Broken", labelIds: [] } },
  );
  expect(created.body).toMatchObject({ data: { issueCreate: { success: true, issue: { identifier: "BRO-1" } } } });
  await ask(`mutation { issueUpdate(id: "BRO-1", input: { description: "again" }) { success } }`);
  await ask(`mutation { commentCreate(input: { issueId: "BRO-1", body: "seen again" }) { success } }`);
  expect(data.issues[0]).toMatchObject({ title: "Broken", description: "again" });
  expect(data.comments.map((comment) => comment.body)).toEqual(["seen again"]);
});

test("the Linear server refuses wrong queries, wrong keys and, when told, everything", async () => {
  server = await startLinear(emptyLinear());
  expect((await ask("{ issues { nodes { nope } } }")).status).toBe(400);
  expect((await ask("{ viewer { id } }", {}, "wrong")).status).toBe(401);
  server.failNext.push("rate", 502);
  expect(await ask("{ viewer { id } }")).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: "RATELIMITED" } }] },
  });
  expect((await ask("{ viewer { id } }")).status).toBe(502);
  expect((await ask("{ viewer { name } }")).body).toMatchObject({ data: { viewer: { name: "Robin" } } });
});
