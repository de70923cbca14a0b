import { describe, expect, test } from "vitest";
import { handWait, type WatchedTarget } from "../../../src/hooks/hand-wait/hand-wait.ts";

const PR: WatchedTarget = { kind: "pr-ci", ref: "#42", repo: "octo/app", pr: 42, sha: "c0ffee".repeat(6), marks: [] };
const HTTP: WatchedTarget = {
  kind: "http",
  ref: "preview",
  repo: null,
  pr: null,
  sha: null,
  marks: ["https://preview.example.com/health"],
};

const WAITS: [string, string][] = [
  ["sleep 10", "sleep"],
  ["sleep 2m", "sleep"],
  ["sleep 5; sleep 5", "sleep"],
  ["sleep 20 && echo done", "sleep"],
  ["sh -c 'sleep 30'", "sleep"],
  ["sleep 20 # give the checks a moment", "sleep"],
  ["sleep 15 && gh pr checks 42", "sleep and look"],
  ["sleep 15; gh pr view 42 --json statusCheckRollup", "sleep and look"],
  ["sleep 20 && gh run list --limit 1", "sleep and look"],
  ["sleep 20 && gh pr checks https://github.com/octo/app/pull/42", "sleep and look"],
  ["sleep 20 && gh pr checks 42 -R octo/app | tail -3", "sleep and look"],
  [`sleep 20 && gh api repos/octo/app/commits/${"c0ffee".repeat(6)}/check-runs`, "sleep and look"],
  ["sleep 20 && curl -fsS https://preview.example.com/health", "sleep and look"],
  ["gh pr checks --watch", "watch"],
  ["gh pr checks 42 --watch --interval 10", "watch"],
  ["timeout 300 gh pr checks 42 --watch", "watch"],
  ["cd app && gh run watch 987 --exit-status", "watch"],
  ["watch -n 10 gh pr checks 42", "watch"],
  ["while gh pr checks 42 | grep -q pending; do sleep 5; done", "loop"],
  ["until gh pr checks 42; do sleep 10; done; echo finished", "loop"],
  ["for i in $(seq 1 30); do gh pr checks 42 && break; sleep 10; done", "loop"],
  ['while [ "$(gh pr checks 42 | grep -c pending)" -gt 0 ]; do sleep 3; done', "loop"],
  ["bash -c 'while true; do gh run view 987; sleep 8; done'", "loop"],
];

const LEFT_ALONE: string[] = [
  "sleep 9",
  "sleep 1 && sleep 2",
  "sleep 15 && curl localhost:3000",
  "npm start & sleep 15 && curl -s http://127.0.0.1:8080/ready",
  "sleep 12 && npm test",
  "sleep 30 && docker compose ps",
  "docker compose up -d && sleep 20",
  "gh pr checks 42",
  "gh pr view 42 --json state",
  "sleep 5 && gh pr checks 42",
  "sleep 20 && gh pr checks 43",
  "sleep 20 && gh pr checks 42 --repo octo/other",
  "gh pr checks 43 --watch",
  "gh run watch 9 -R octo/other",
  'echo "sleep 60 && gh pr checks 42"',
  "git commit -m 'sleep 60; gh pr checks 42 --watch'",
  "# sleep 60",
  "grep -rn 'sleep 30' src",
  "while read -r line; do echo $line; sleep 1; done < file",
  "for f in *.ts; do sleep 1; npx prettier $f; done",
  "until curl -s localhost:3000; do sleep 1; done",
  "npm run watch",
  "sleep infinity",
  "",
  "sleep",
  "sleep $((60*2))",
  "'",
];

describe("handWait() knows waiting by hand", () => {
  test.each(WAITS)("%s", (command, how) => {
    expect(handWait(command, [PR, HTTP])?.how).toBe(how);
  });
});

describe("handWait() leaves alone", () => {
  test.each(LEFT_ALONE)("%s", (command) => {
    expect(handWait(command, [PR, HTTP])).toBeNull();
  });
});

test("handWait() says nothing when p9 watches nothing", () => {
  for (const [command] of WAITS) expect(handWait(command, [])).toBeNull();
});

test("handWait() names the target that is asked about, not all of them", () => {
  expect(handWait("gh pr checks --watch", [PR, HTTP])?.targets).toEqual([PR]);
  expect(handWait("sleep 60", [PR, HTTP])?.targets).toEqual([PR, HTTP]);
});
