// What each command costs with 100,000 events in the log, beside the same command on an empty home and `node -e 0`:
// `node tests/bench/commands.mjs [runs]`, after a build. Commands take turns, so that a busy machine slows all of them alike.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLargeHome } from "./large-home.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const p9 = join(root, "dist", "p9.js");
const runs = Number(process.argv[2] ?? 9);
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const homes = { empty: join(scratch, "empty"), large: join(scratch, "large") };
const env = {
  PATH: process.env.PATH,
  HOME: scratch,
  BROOMVA_P9_SESSION: "s1",
  BROOMVA_P9_REPO: "acme/app-1",
  NO_COLOR: "1",
};

const COMMANDS = [
  ["status", "--json"],
  ["status", "--no-reap"],
  ["status", "--pr", "24999", "--json"],
  ["status", "--pr", "1", "--json"],
  ["report"],
  ["wait-queue", "list", "--json"],
  ["wait-queue", "pop", "--json"],
  ["statusline"],
  ["stuck-scan"],
  ["rearm", "--dry-run"],
  ["reap", "--no-reconcile"],
  ["abandon", "w-none"],
  ["merge-ready", "1"],
  ["notify", "title"],
  ["events", "tail", "--since", "1h"],
  ["stats", "--json"],
  ["doctor"],
  ["--version"],
];

/** This process is the watcher of the open waits: nothing is to be re-armed while the clock runs. */
function self() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const boot_id = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return { pid: process.pid, pid_start: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19], boot_id };
}

function time(argv, home) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, argv, {
    env: { ...env, BROOMVA_P9_HOME: home },
    cwd: scratch,
    input: "",
    stdio: ["pipe", "pipe", "pipe"],
  });
  return { ms: performance.now() - start, status };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  mkdirSync(homes.empty, { mode: 0o700 });
  makeLargeHome(homes.large, self());
  const first = time([p9, "status", "--json"], homes.large);
  console.log(`first status on a log that was never folded: ${first.ms.toFixed(0)} ms; median of ${runs} runs each:\n`);
  console.log(`${"command".padEnd(34)} ${"empty".padStart(7)} ${"100k".padStart(7)}  ratio  exits`);
  const node = [];
  for (const args of COMMANDS) {
    const [empty, large] = [[], []];
    const exits = new Set();
    for (let run = 0; run < runs; run++) {
      node.push(time(["-e", "0"], homes.empty).ms);
      for (const [list, home] of [
        [empty, homes.empty],
        [large, homes.large],
      ]) {
        const { ms, status } = time([p9, ...args], home);
        list.push(ms);
        exits.add(status);
      }
    }
    const [a, b] = [median(empty), median(large)];
    console.log(
      `${args.join(" ").padEnd(34)} ${a.toFixed(0).padStart(5)}ms ${b.toFixed(0).padStart(5)}ms  ${(b / a).toFixed(2)}   ${[...exits].join(",")}`,
    );
  }
  console.log(`\nnode -e 0: ${median(node).toFixed(0)} ms`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
