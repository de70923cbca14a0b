import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { connect } from "./clients.ts";

/** The session that a queued item of a call belongs to, as the queue shows it to everybody. */
async function sessionOfPush(
  box: Sandbox,
  env: Readonly<Record<string, string>>,
  meta?: Record<string, unknown>,
): Promise<string | undefined> {
  const { call } = await connect(box, { env });
  const { of } = await call("queue_push", { item: "Something" }, { meta });
  const items = await box.json<{ id: string; session_id: string }[]>(["wait-queue", "list", "--all"]);
  return items.find(({ id }) => id === of.id)?.session_id;
}

test.each([
  [{ BROOMVA_P9_SESSION: "mine", COPILOT_AGENT_SESSION_ID: "c1" }, { threadId: "t1" }, "mine"],
  [{ COPILOT_AGENT_SESSION_ID: "c1" }, { threadId: "t1" }, "codex:t1"],
  [{ COPILOT_AGENT_SESSION_ID: "c1", CLAUDE_CODE_SESSION_ID: "a1" }, undefined, "copilot:c1"],
  [{ CLAUDE_CODE_SESSION_ID: "a1" }, undefined, "a1"],
] as const)("with %j and %j of the call the session is %s", async (env, meta, session) => {
  expect(await sessionOfPush(sandbox(), env, meta)).toBe(session);
});

test.each(["", "a b", "x".repeat(201), "t\u001b[31m", 5, null])(
  "%j is no thread: the kept default is the session",
  async (threadId) => {
    const box = sandbox();
    const session = await sessionOfPush(box, {}, { threadId });
    expect(session).toMatch(/^[0-9a-f-]{36}$/);
    expect(await sessionOfPush(box, {})).toBe(session);
  },
);

test("where hooks of the same client work, their session is the server's", async () => {
  const box = sandbox();
  // The client is whoever starts both.
  const env = { CLAUDE_PID: String(process.pid), CLAUDE_CODE_SESSION_ID: "hooked" };
  const input = JSON.stringify({
    session_id: "hooked",
    cwd: box.work,
    hook_event_name: "SessionStart",
    source: "startup",
  });
  await box.p9(["hook", "SessionStart"], { env, input });
  expect(await sessionOfPush(box, {})).toBe("hooked");
});

test("two threads of one server have work of their own", async () => {
  const { call } = await connect(sandbox());
  const one = { meta: { threadId: "one" } };
  const two = { meta: { threadId: "two" } };
  const { of: pushed } = await call("queue_push", { item: "Of one" }, one);
  expect((await call("queue_pop", { no_discover: true }, two)).of.empty).toBe(true);
  expect((await call("queue_pop", { no_discover: true }, one)).of.id).toBe(pushed.id);
});
