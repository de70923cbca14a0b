// `p9 wait-queue pop` with 1,000 items tagged with pull requests and 100,000 events in the log, beside an empty queue.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLargeHome } from "./large-home.mjs";

const P9 = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "p9.js");
const RUNS = Number(process.env.P9_BENCH_RUNS ?? 21);
/** Pull requests in the large home; the last twenty are open. */
const WAITS = 25_000;
const ITEMS = 1_000;
const root = mkdtempSync(join(tmpdir(), "p9-bench-queue-"));
const env = { PATH: process.env.PATH, HOME: root, BROOMVA_P9_SESSION: "s1", BROOMVA_P9_REPO: "-", NO_COLOR: "1" };
const ts = (ageS) => `${new Date(Date.now() - ageS * 1000).toISOString().slice(0, 19)}+00:00`;

function writeQueue(home, pr) {
  const rows = Array.from({ length: ITEMS }, (_, n) => ({
    type: "queue.pushed",
    ts: ts(3600),
    id: `q-${n}`,
    source: "session",
    item: `Look at the ${n}th thing that came up in review and say what should become of it`,
    created_at: ts(3600 - n),
    pr: pr(n),
    repo: `acme/app-${pr(n) % 20}`,
    session_id: "s1",
    isolation_tier: "worktree",
    tier: null,
    files: [],
    minutes: null,
    key: null,
    after: null,
    why: null,
  }));
  writeFileSync(join(home, "queue.jsonl"), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
}

function home(name, history, pr) {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  if (history) makeLargeHome(path, { pid: process.pid });
  if (pr) writeQueue(path, pr);
  return path;
}

function pop(path) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync("node", [P9, "wait-queue", "pop", "--json"], {
    cwd: root,
    env: { ...env, BROOMVA_P9_HOME: path },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return { ms: performance.now() - start, found: stdout.trim() !== "null" };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

try {
  const cases = {
    "empty queue, empty log": home("empty", false, null),
    "empty queue, 100,000 events": home("history", true, null),
    "1,000 items of 20 open PRs, 100,000 events": home("open", true, (n) => WAITS - 20 + (n % 20)),
    "1,000 items of 1,000 unwatched PRs, 100,000 events": home("unwatched", true, (n) => 1_000_000 + n),
  };
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (const [name, path] of Object.entries(cases)) console.log(`first pop, ${name}: ${pop(path).ms.toFixed(0)} ms`);
  for (let run = 0; run < RUNS; run++) for (const [name, path] of Object.entries(cases)) times[name].push(pop(path).ms);
  const base = median(times["empty queue, empty log"]);
  for (const [name, values] of Object.entries(times)) {
    const ms = median(values);
    console.log(`pop, ${name}: ${ms.toFixed(1)} ms, ${(ms / base).toFixed(2)}x of the empty queue (target 1.5x)`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
