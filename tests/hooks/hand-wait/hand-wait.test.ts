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
  // What wraps a command, with options that take a word of their own.
  ["nice -n 10 sleep 60", "sleep"],
  ["sudo -u bob sleep 60", "sleep"],
  ["env -u GH_HOST -i FOO=1 BAR='a b' sleep 60", "sleep"],
  ["timeout -k 5 90 sleep 60", "sleep"],
  ["timeout --signal=TERM 90s sleep 60", "sleep"],
  ["timeout --kill-after 5 -- 90s sleep 60", "sleep"],
  ["time -p sleep 60", "sleep"],
  ["nohup sleep 60 > /dev/null 2>&1", "sleep"],
  ["FOO=$(date) sleep 60", "sleep"],
  ["stdbuf -oL gh run watch 987", "watch"],
  ["ionice -c 3 nice gh pr checks 42 --watch", "watch"],
  ["sudo -E env GH_TOKEN=x gh run watch 987", "watch"],
  ['eval "sleep 60"', "sleep"],
  ['bash -lc "sleep 60; gh pr checks 42"', "sleep and look"],
  ['sh -c "while ! gh pr checks 42; do sleep 20; done"', "loop"],
  // Groups, branches, substitutions.
  ["sleep 60 & wait", "sleep"],
  ["{ sleep 30; sleep 30; }", "sleep"],
  ["(sleep 30; sleep 30)", "sleep"],
  ["! sleep 60", "sleep"],
  ['case "$1" in a|b) sleep 60;; *) sleep 20;; esac', "sleep"],
  ["case $(gh pr checks 42) in *pass*) echo ok;; *) sleep 30;; esac", "sleep and look"],
  ["if gh pr checks 42; then echo ok; else sleep 30; fi", "sleep and look"],
  ['x=$(sleep 30; gh pr checks 42); echo "$x"', "sleep and look"],
  ['echo "$(sleep 30 && gh pr checks 42)"', "sleep and look"],
  ['echo "state: `gh pr view 42 --json state`"; sleep 30', "sleep and look"],
  ["diff <(sleep 20; gh pr checks 42) old.txt", "sleep and look"],
  ["for ((i=0;i<30;i++)); do gh pr checks 42; sleep 10; done", "loop"],
  ["while sleep 10; do gh pr checks 42 && break; done", "loop"],
  ["until [[ $(gh pr view 42 --json state -q .state) == MERGED ]]; do sleep 15; done", "loop"],
  ["for i in 1 2 3; do\n  sleep 20\n  gh pr checks 42 | grep -q pass && break\ndone", "loop"],
  ["sleep 60 \\\n  && gh pr \\\n checks 42", "sleep and look"],
  ["gh pr checks 42 --watch &> log.txt", "watch"],
  // What a shell reads as its input, and what is expanded in a here-document.
  ["bash <<'EOF'\nsleep 60\ngh pr checks 42\nEOF", "sleep and look"],
  ["cat <<EOF\n$(sleep 30; gh pr checks 42)\nEOF", "sleep and look"],
  ["cat <<'EOF' > note; sleep 60\nnothing to see\nEOF\ngh pr checks 42", "sleep and look"],
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
  "cat <<'EOF'\nsleep 60\ngh pr checks 42 --watch\nEOF",
  "cat > wait.sh <<EOF\nwhile true; do gh pr checks 42; sleep 5; done\nEOF",
  "gh pr comment 42 --body-file - <<-EOF\n\tsleep 60; gh pr checks 42 --watch\n\tEOF\necho done",
  `git commit -m "$(cat <<'EOF'\nDo not sleep 60 && gh pr checks 42 --watch (it's slow)\n\nsleep 60; gh pr checks 42 --watch\nEOF\n)"`,
  "git commit -m 'wait\nsleep 60 && gh pr checks 42'",
  "python3 - <<'PY'\nimport time\ntime.sleep(60) # gh pr checks 42\nPY\nsleep 1",
  "cat <<A <<\\B\nsleep 60\nA\n$(sleep 60; gh pr checks 42)\nB",
  "bash script.sh <<'EOF'\nsleep 60; gh pr checks 42\nEOF",
  "echo $'it\\'s; sleep 60; gh pr checks 42 --watch'",
  "command -v sleep && gh pr checks 42",
  "for f in sleep 60 gh pr checks 42; do echo $f; done",
  "echo hi#sleep; sleep 2",
  "cat <<EOF",
  "cat <<",
  "a)",
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

test("handWait() reads a line of any form in time, also one that never ends", () => {
  for (const piece of ['"$(', "$(", "`", "<<A\n", "(", "case x in a|", "'", "$'\\", "while sleep 1; do "]) {
    const before = process.cpuUsage();
    handWait(`sleep 5; ${piece.repeat(3_000)}`, [PR, HTTP]);
    expect([piece, process.cpuUsage(before).user < 1_000_000]).toEqual([piece, true]);
  }
});

test("a question to GitHub's API about a repository of another host names it without the host", () => {
  const there = { ...PR, repo: "github.acme.com/octo/app" };
  const command = "sleep 20 && gh api --hostname github.acme.com repos/octo/app/actions/runs/7";
  expect(handWait(command, [there])).not.toBeNull();
});
