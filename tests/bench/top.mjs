// What `p9 top` costs: its first frame beside `node -e 0`, `p9 --version` and `p9 status`, and its share of a processor with 100 waits
// that are looked at all the time: `node tests/bench/top.mjs [runs] [seconds]`, after a build. Needs script(1) and /proc.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const p9 = join(dirname(fileURLToPath(import.meta.url)), "../../dist/p9.js");
const runs = Number(process.argv[2] ?? 9);
const seconds = Number(process.argv[3] ?? 20);
const WAITS = 100;
/** A driver looks at each of them every five seconds. */
const LOOKS_PER_S = WAITS / 5;
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const home = join(scratch, "state");
const env = { PATH: process.env.PATH, HOME: scratch, BROOMVA_P9_HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8" };
const stamp = (ms = Date.now()) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** This process is the watcher of all waits: nothing is re-armed meanwhile. */
function self() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const boot_id = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return { pid: process.pid, pid_start: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19], boot_id, generation: 1 };
}

const cycle_at = stamp();

function makeHome() {
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
    look(pr, 0);
  }
  writeFileSync(join(home, "state.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function look(pr, done) {
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

/** `p9 top` on a terminal of its own, with 40 rows. */
function startTop() {
  const command = `stty rows 40 cols 160; exec ${process.execPath} ${p9} top`;
  const child = spawn("script", ["-qfec", command, "/dev/null"], { env, stdio: ["pipe", "pipe", "ignore"] });
  let text = "";
  let seen = () => {};
  const first = new Promise((resolve) => {
    seen = resolve;
  });
  child.stdout.on("data", (data) => {
    text = (text + data).slice(-100_000);
    if (text.includes("\u001b[?2026l")) seen(performance.now());
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  return { child, first, ended, quit: () => child.stdin.write("q") };
}

function timed(argv) {
  const start = performance.now();
  spawnSync(process.execPath, argv, { env, stdio: "ignore" });
  return performance.now() - start;
}

/** Milliseconds of processor time that a process and what it started have used. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

function childOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

const ms = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return `${Math.round(sorted[0])} ms at best, ${Math.round(sorted[Math.floor(sorted.length / 2)])} ms median`;
};

makeHome();
try {
  const times = { "node -e 0": [], "p9 --version": [], "p9 status": [], "p9 top, first frame": [] };
  for (let run = 0; run < runs; run += 1) {
    times["node -e 0"].push(timed(["-e", "0"]));
    times["p9 --version"].push(timed([p9, "--version"]));
    times["p9 status"].push(timed([p9, "status"]));
    const start = performance.now();
    const { first, ended, quit } = startTop();
    times["p9 top, first frame"].push((await first) - start);
    quit();
    await ended;
  }
  for (const [name, values] of Object.entries(times)) console.log(`${name.padEnd(20)} ${ms(values)}`);
  const top = startTop();
  await top.first;
  const pid = childOf(top.child.pid);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  let at = 0;
  const looking = setInterval(() => {
    at += 1;
    look((at % WAITS) + 1, Math.floor(at / WAITS));
  }, 1000 / LOOKS_PER_S);
  const [before, start] = [cpuMs(pid), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const share = (cpuMs(pid) - before) / (performance.now() - start);
  clearInterval(looking);
  console.log(
    `p9 top with ${WAITS} waits, ${LOOKS_PER_S} looks a second: ${(share * 100).toFixed(1)} % of a processor`,
  );
  top.quit();
  await top.ended;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
