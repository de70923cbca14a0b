import { expect, test } from "vitest";
import { sessionFromEnv, sessionNamed } from "../../src/core/session.ts";

test("the session is what p9's variable says, else what the client calls it for its shells, by its name in p9", () => {
  const named: [Record<string, string>, string | null][] = [
    [{}, null],
    [{ BROOMVA_P9_SESSION: "", CLAUDE_CODE_SESSION_ID: "" }, null],
    [{ COPILOT_AGENT_SESSION_ID: "c" }, "copilot:c"],
    [{ COPILOT_AGENT_SESSION_ID: "c", CODEX_THREAD_ID: "x" }, "codex:x"],
    [{ CODEX_THREAD_ID: "x", CLAUDE_CODE_SESSION_ID: "one" }, "one"],
    [{ CODEX_THREAD_ID: "x", CLAUDE_CODE_SESSION_ID: "one", BROOMVA_P9_SESSION: "mine, all" }, "mine, all"],
    [{ CODEX_THREAD_ID: "../x" }, null],
  ];
  for (const [env, session] of named) expect(sessionFromEnv(env)).toBe(session);
  expect(sessionNamed({ CODEX_THREAD_ID: "x" })?.variable).toBe("CODEX_THREAD_ID");
});
