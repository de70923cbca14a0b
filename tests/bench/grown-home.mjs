// A state directory as years leave it: very many ended waits, three rows and about 3.2 KB each.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const DAY_MS = 86_400_000;
const REPOS = 20;
const FLUSH_LINES = 5_000;

/** The id of the wait with that number. */
export const waitId = (number) => `w${number.toString(16).padStart(10, "0")}`;

/** The repository of the wait with that number. */
export const repoOf = (number) => `acme/app-${number % REPOS}`;

/**
 * Writes `state.jsonl` of `home`: `waits` ended waits over the last `days`. `state`: how each ended. Number 0 is the oldest; wait
 * n is pull request n of {@link repoOf}, or with `kind` another kind of wait.
 */
export function makeGrownHome(home, { waits, days = 1_000, state = "MERGED", kind = "pr-ci" }) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const start = Date.now() - days * DAY_MS;
  let lines = [];
  const flush = () => {
    appendFileSync(join(home, "state.jsonl"), lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    lines = [];
  };
  for (let i = 0; i < waits; i++) {
    lines.push(...rowsOf(i, start + (days * DAY_MS * i) / waits, state, kind));
    if (lines.length > FLUSH_LINES) flush();
  }
  flush();
}

function rowsOf(number, at, state, kind) {
  const repo = repoOf(number);
  const [pr, ref] = kind === "pr-ci" ? [number, `#${number}`] : [null, `make target-${number}`];
  const key = `${repo}#${number}`;
  const pin = { ref, key, repo, pr, identity: { url: `https://github.com/${repo}/pull/${number}` }, complete: true };
  const row = (from_state, to_state, second, extra) =>
    JSON.stringify({
      type: "transition",
      ts: `${new Date(at + second * 1000).toISOString().slice(0, 19)}+00:00`,
      wait_id: waitId(number),
      kind,
      ref,
      pr,
      repo,
      sha: number.toString(16).padStart(40, "0"),
      from_state,
      to_state,
      watcher_id: "abc",
      attempt: 0,
      evaluator_score: null,
      session_id: `s${number % 50}`,
      extra: { key, cwd: "/srv/app", argv: ["p9", "watch", ref], pin, pid: 0, generation: 1, ...extra },
    });
  const said = { reason: "All 12 checks passed on the head. ".repeat(30) };
  return [
    row(null, "PUSHED", 0, {}),
    row("PUSHED", "WATCHING", 1, {}),
    ...(state === "MERGED" ? [row("WATCHING", "GREEN", 2, { outcome: "succeeded" })] : []),
    row(state === "MERGED" ? "GREEN" : "WATCHING", state, 3, { outcome: OUTCOME[state], ...said }),
  ];
}

const OUTCOME = { MERGED: "merged", GREEN: "succeeded", RED_UNCLASSIFIED: "failed", ABANDONED: "closed" };
