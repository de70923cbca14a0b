// The queue source `docs` on a repository of 20,000 files, beside one `git grep` over it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const FILES = Number(process.env.P9_BENCH_FILES ?? 20_000);
const RUNS = Number(process.env.P9_BENCH_RUNS ?? 9);
const repo = mkdtempSync(join(tmpdir(), "p9-bench-docs-"));
const git = (...args) =>
  execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], {
    cwd: repo,
    encoding: "utf8",
  });

/** Prose and code of ordinary words, the same in every run; every 997th file speaks of the change. */
function fill() {
  const words =
    "engine waits for checks and reports a verdict when each one has ended while users read pages about work lease session order retry value state event fold lock".split(
      " ",
    );
  let seed = 7;
  const next = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const line = () => Array.from({ length: 8 + next(8) }, () => words[next(words.length)]).join(" ");
  for (let n = 0; n < FILES; n++) {
    const path = n % 10 === 0 ? `docs/part${n % 97}/page-${n}.md` : `src/part${n % 211}/module-${n}.ts`;
    mkdirSync(dirname(join(repo, path)), { recursive: true });
    const lines = Array.from({ length: 40 + next(40) }, line);
    if (n % 997 === 0) lines.push("See `readLease1` in src/core/lease.ts and pass --lease-time.");
    writeFileSync(join(repo, path), `${lines.join("\n")}\n`);
  }
}

/** A change with forty names in it. */
function change() {
  const code = (suffix) =>
    `${Array.from({ length: 40 }, (_, n) => `export function readLease${n}${suffix}() {}`).join("\n")}\nconst flag = "--lease-time${suffix}";\n`;
  mkdirSync(join(repo, "src/core"), { recursive: true });
  const write = (suffix) => writeFileSync(join(repo, "src/core/lease.ts"), code(suffix));
  write("");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "base");
  git("checkout", "-qb", "topic");
  write("Now");
  git("commit", "-qam", "change");
}

function load() {
  const outfile = join(ROOT, "node_modules", ".cache", "p9-bench-docs.cjs");
  const stdin = {
    contents:
      'export { default as docs } from "./plugins/queue-sources/docs.ts"; export { changesOf } from "./src/queue/isolation/changes.ts"; export { run } from "./src/process/exec.ts";',
    resolveDir: ROOT,
    loader: "ts",
  };
  buildSync({ stdin, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error", external: ["koffi"] });
  return createRequire(import.meta.url)(outfile);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
async function time(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

try {
  fill();
  change();
  const { docs, changesOf, run } = load();
  const signal = new AbortController().signal;
  let found = [];
  const discover = async () => {
    const { files, diff } = changesOf({ root: repo, pr: null, exec: run, github: null });
    const context = { root: repo, exec: run, limit: 50, pr: null, repo: null, changedFiles: files, diff, signal };
    found = await docs.discover(context);
  };
  const grep = () => spawnSync("git", ["grep", "-n", "-I", "-F", "-e", "readLease1"], { cwd: repo });
  const times = { grep: [], docs: [] };
  await discover();
  for (let n = 0; n < RUNS; n++) {
    times.grep.push(await time(grep));
    times.docs.push(await time(discover));
  }
  const [one, all] = [median(times.grep), median(times.docs)];
  console.log(`git grep of one word, ${FILES} files: ${one.toFixed(0)} ms`);
  console.log(
    `docs, diff and search for 42 names: ${all.toFixed(0)} ms, ${(all / one).toFixed(2)}x of that git grep; ${found.length} files found`,
  );
} finally {
  rmSync(repo, { recursive: true, force: true });
}
