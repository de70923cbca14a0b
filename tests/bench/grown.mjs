// What a home that grew for years costs: `node tests/bench/grown.mjs [waits] [runs]`, after a build. The first command after an upgrade is
// shown apart; later ones take turns with the same command on an empty home.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeGrownHome, repoOf } from "./grown-home.mjs";

const p9 = join(process.env.P9_BENCH_DIST ?? join(dirname(fileURLToPath(import.meta.url)), "../../dist"), "p9.js");
const waits = Number(process.argv[2] ?? 150_000);
const RUNS = Number(process.argv[3] ?? 9);
const scratch = mkdtempSync(join(tmpdir(), "p9-grown-"));
const old = Math.floor(waits / 3);
const COMMANDS = [
  ["status", "--json"],
  ["status", "--pr", `${old}`, "--repo", repoOf(old), "--json"],
  ["status", "--pr", "999999999", "--json"],
  ["report", "--json"],
  ["statusline"],
  ["wait-queue", "list", "--json"],
  ["events", "tail", "--since", "1h"],
];

/** Milliseconds, and the most memory (MB) that the command held. */
async function run(args, home) {
  const env = { PATH: process.env.PATH, HOME: scratch, BROOMVA_P9_HOME: home, BROOMVA_P9_SESSION: "s1", NO_COLOR: "1" };
  const start = performance.now();
  const child = spawn(process.execPath, [p9, ...args], {
    env: { ...env, BROOMVA_P9_REPO: "acme/app-1" },
    cwd: scratch,
  });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 5);
  child.stdout.resume();
  child.stderr.resume();
  child.stdin.end();
  await new Promise((resolve) => child.once("close", resolve));
  clearInterval(look);
  return { ms: performance.now() - start, mb: peak / 1024 };
}

function peakOf(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(name, options) {
  const home = join(scratch, name);
  const empty = join(scratch, "empty");
  mkdirSync(empty, { recursive: true, mode: 0o700 });
  makeGrownHome(home, { waits, ...options });
  const { size } = statSync(join(home, "state.jsonl"));
  console.log(`\n${waits} waits, ${name}: ${(size / 1e6).toFixed(0)} MB`);
  for (const args of COMMANDS.slice(0, 2)) {
    const first = await run(args, home);
    console.log(`the first ${args.join(" ")}: ${(first.ms / 1000).toFixed(1)} s, ${first.mb.toFixed(0)} MB`);
  }
  console.log(`${"command".padEnd(46)} ${"empty".padStart(7)} ${"grown".padStart(7)}  ratio  memory`);
  for (const args of COMMANDS) {
    const times = { empty: [], grown: [] };
    let mb = 0;
    for (let i = 0; i < RUNS; i++) {
      times.empty.push((await run(args, empty)).ms);
      const grown = await run(args, home);
      times.grown.push(grown.ms);
      mb = Math.max(mb, grown.mb);
    }
    const [a, b] = [median(times.empty), median(times.grown)];
    const cells = [`${a.toFixed(0)}ms`.padStart(7), `${b.toFixed(0)}ms`.padStart(7), ` ${(b / a).toFixed(2)}`];
    console.log(`${args.join(" ").padEnd(46)} ${cells.join(" ")}   ${mb.toFixed(0)} MB`);
  }
  rmSync(home, { recursive: true, force: true });
}

try {
  await measure("merged over three years", { state: "MERGED" });
  await measure("green within ten days", { state: "GREEN", kind: "command", days: 10 });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
