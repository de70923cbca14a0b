// What `p9 top` costs: its first frame beside `node -e 0`, `p9 --version` and `p9 status`, and its share of a processor with 100 waits
// that are looked at all the time: `node tests/bench/live/top.mjs [runs] [seconds]`, after a build. Needs script(1) and /proc.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuMs, LOOKS_PER_S, makeHome, startLooks, WAITS } from "./home.mjs";

const p9 = join(dirname(fileURLToPath(import.meta.url)), "../../../dist/p9.js");
const runs = Number(process.argv[2] ?? 9);
const seconds = Number(process.argv[3] ?? 20);
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const home = join(scratch, "state");
const env = { PATH: process.env.PATH, HOME: scratch, BROOMVA_P9_HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8" };

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

function childOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

const ms = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return `${Math.round(sorted[0])} ms at best, ${Math.round(sorted[Math.floor(sorted.length / 2)])} ms median`;
};

makeHome(home);
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
  const endLooks = startLooks(home);
  const [before, start] = [cpuMs(pid), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const share = (cpuMs(pid) - before) / (performance.now() - start);
  endLooks();
  console.log(
    `p9 top with ${WAITS} waits, ${LOOKS_PER_S} looks a second: ${(share * 100).toFixed(1)} % of a processor`,
  );
  top.quit();
  await top.ended;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
