// A state directory with a long history: 25,000 pull requests over 20 repositories, four events each, 20 of them open.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const WAITS = 25_000;
const REPOS = 20;
const OPEN = 20;
const MINUTE = 60_000;

/** Writes it into `home`; the newest event is as old as now. `owner` is the process that watches the open ones. */
export function makeLargeHome(home, owner) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const start = Date.now() - WAITS * MINUTE;
  let lines = [];
  for (let i = 0; i < WAITS; i++) {
    const repo = `acme/app-${i % REPOS}`;
    const open = i >= WAITS - OPEN;
    const step = (from_state, to_state, second, extra) => {
      const ts = `${new Date(start + i * MINUTE + second * 1000).toISOString().slice(0, 19)}+00:00`;
      const common = { type: "transition", ts, wait_id: `w${i}`, kind: "pr-ci", ref: `#${i}`, pr: i, repo };
      const more = { sha: "a".repeat(40), from_state, to_state, watcher_id: "abc", attempt: 0, evaluator_score: null };
      const pin = { ref: `#${i}`, key: `${repo}#${i}`, repo, pr: i, identity: {}, complete: true };
      return JSON.stringify({
        ...common,
        ...more,
        session_id: "s1",
        extra: { key: pin.key, cwd: "/", pin, ...owner, generation: 1, ...extra },
      });
    };
    lines.push(step(null, "PUSHED", 0), step("PUSHED", "WATCHING", 1));
    if (open) lines.push(step("WATCHING", "GREEN", 30, { outcome: "succeeded" }), step("GREEN", "WATCHING", 40));
    else
      lines.push(
        step("WATCHING", "GREEN", 30, { outcome: "succeeded" }),
        step("GREEN", "MERGED", 50, { outcome: "merged" }),
      );
    if (lines.length > 20_000 || i === WAITS - 1) {
      appendFileSync(join(home, "state.jsonl"), `${lines.join("\n")}\n`, { mode: 0o600 });
      lines = [];
    }
  }
}
