// What 20 configured plugins cost: `node tests/bench/plugins.mjs [runs]`, after a build. The same command with and without them,
// in turns, so that a busy machine slows both alike.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const p9 = join(dirname(fileURLToPath(import.meta.url)), "../..", "dist", "p9.js");
const runs = Number(process.argv[2] ?? 31);
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const env = {
  PATH: process.env.PATH,
  HOME: scratch,
  BROOMVA_P9_SESSION: "s1",
  BROOMVA_P9_REPO: "acme/app",
  NO_COLOR: "1",
};

/** A module or a program that provides one wait kind and one source without items. */
function writePlugin(folder, n) {
  const parts = { waitKinds: [{ name: `k${n}`, summary: "S" }], queueSources: [{ name: `s${n}`, summary: "S" }] };
  if (n % 2 === 0) {
    const path = join(folder, `p${n}.mjs`);
    writeFileSync(
      path,
      `export default { name: "p${n}", waitKinds: [{ name: "k${n}", summary: "S", pin() {}, look() {} }],
        queueSources: [{ name: "s${n}", summary: "S", discover: async () => [] }] };`,
    );
    return path;
  }
  const path = join(folder, `p${n}.sh`);
  writeFileSync(
    path,
    `#!/bin/sh\n[ $P9_CALL = describe ] && echo '${JSON.stringify({ name: `p${n}`, ...parts })}'\nexit 0\n`,
  );
  chmodSync(path, 0o755);
  return `exec:${path}`;
}

function time(args, home) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [p9, ...args], {
    env: { ...env, BROOMVA_P9_HOME: home },
    cwd: scratch,
    stdio: "ignore",
  });
  return { ms: performance.now() - start, status };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const [none, twenty] = ["none", "twenty"].map((name) => join(scratch, name));
  for (const home of [none, twenty]) mkdirSync(home, { mode: 0o700 });
  const plugins = Array.from({ length: 20 }, (_, n) => writePlugin(scratch, n));
  writeFileSync(join(twenty, "plugins.jsonc"), JSON.stringify({ plugins }));
  const first = time(["watch", "nobody-has-this", "x"], twenty);
  console.log(`learning what 20 new plugins provide, once: ${first.ms.toFixed(0)} ms; median of ${runs} runs each:\n`);
  console.log(`${"command".padEnd(30)} ${"none".padStart(7)} ${"twenty".padStart(8)}  ratio`);
  for (const args of [["status", "--json"], ["status"], ["statusline"], ["watch", "nobody-has-this", "x"]]) {
    const [a, b] = [[], []];
    for (let run = 0; run < runs; run++) {
      a.push(time(args, none).ms);
      b.push(time(args, twenty).ms);
    }
    const [without, withThem] = [median(a), median(b)];
    const ratio = (withThem / without).toFixed(2);
    console.log(
      `${args.join(" ").padEnd(30)} ${without.toFixed(1).padStart(5)}ms ${withThem.toFixed(1).padStart(6)}ms  ${ratio}`,
    );
  }
  const pops = Array.from({ length: 5 }, () => time(["wait-queue", "pop"], twenty).ms);
  console.log(`\nwait-queue pop that asks all 20 sources, a process each: ${median(pops).toFixed(0)} ms`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
