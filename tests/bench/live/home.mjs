// A state directory with waits that are looked at all the time, for measuring what shows them.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const WAITS = 100;
/** A driver looks at each of them every five seconds. */
export const LOOKS_PER_S = WAITS / 5;
const stamp = (ms = Date.now()) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** This process is the watcher of all waits: nothing is re-armed meanwhile. */
function self() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const boot_id = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return { pid: process.pid, pid_start: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19], boot_id, generation: 1 };
}

const cycle_at = stamp();

/** Makes a state directory with {@link WAITS} waits that run. */
export function makeHome(home) {
  mkdirSync(join(home, "looks"), { recursive: true, mode: 0o700 });
  const owner = self();
  const rows = [];
  for (let pr = 1; pr <= WAITS; pr += 1) {
    const row = {
      type: "transition",
      ts: cycle_at,
      wait_id: `w-${pr}`,
      kind: "pr-ci",
      ref: `#${pr}`,
      pr,
      repo: `acme/app-${pr % 7}`,
      sha: null,
      watcher_id: "bench",
      attempt: 0,
      evaluator_score: null,
      session_id: `s${pr % 9}`,
    };
    const extra = { ...owner, title: `Change number ${pr}`, ceiling_max: 5 };
    rows.push({ ...row, from_state: null, to_state: "PUSHED", extra });
    rows.push({ ...row, from_state: "PUSHED", to_state: "WATCHING", extra });
    look(home, pr, 0);
  }
  writeFileSync(join(home, "state.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function look(home, pr, done) {
  const checks = ["lint", "test", "e2e", "build", "docs", "types"];
  const items = checks.map((name, at) => ({ name, state: at < done % 6 ? "succeeded" : "running", required: true }));
  const record = {
    wait_id: `w-${pr}`,
    cycle_at,
    last_look: stamp(),
    looks: done,
    status: "pending",
    reason: `${done % 6} of 6 checks passed`,
    progress: { done: done % 6, total: 6, percent: ((done % 6) * 100) / 6, phase: null },
    expected_at: Date.now() + 120_000,
    items,
    errors: 0,
    error: null,
    active_used: 1,
    graces: {},
    memory: {},
    progressed_at: null,
  };
  const path = join(home, "looks", `w-${pr}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(record));
  renameSync(`${path}.new`, path);
}

/** Looks at one wait after the other; gives what ends that. */
export function startLooks(home) {
  let at = 0;
  const looking = setInterval(() => {
    at += 1;
    look(home, (at % WAITS) + 1, Math.floor(at / WAITS));
  }, 1000 / LOOKS_PER_S);
  return () => clearInterval(looking);
}

/** Milliseconds of processor time that a process and what it started have used. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
