import { expect, test } from "vitest";
import { parseEvent } from "../../src/store/parse.ts";

test("a wait of version 1.0 on another host is not taken for one of github.com", () => {
  const row = {
    type: "transition",
    ts: "2026-11-27T10:00:00+00:00",
    wait_id: "w1",
    kind: "pr-ci",
    ref: "#42",
    pr: 42,
    repo: "octo/app",
    sha: null,
    from_state: "PUSHED",
    to_state: "WATCHING",
    watcher_id: "w",
    attempt: 0,
    evaluator_score: null,
    session_id: "s1",
    extra: { key: "octo/app#42", pin: { identity: { url: "https://ghe.example.com/octo/app/pull/42" } } },
  };
  expect(parseEvent(JSON.stringify(row))).toMatchObject({
    repo: "ghe.example.com/octo/app",
    extra: { key: "ghe.example.com/octo/app#42" },
  });
});
