// `npm run bench`: all measurements, one after the other; `npm run bench -- <name>…`: only those. A path (with a slash) is given to them.
// They print and never fail by time.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const deno = [join(root, "node_modules/.bin/deno"), "run", "-A", "--quiet", "--node-modules-dir=manual"];
const node = [process.execPath];

/** Name → program and file. */
const BENCHES = {
  commands: [...node, join(here, "commands.mjs")],
  hooks: [...node, join(here, "hooks.mjs")],
  queue: [...node, join(here, "queue.mjs")],
  docs: [...node, join(here, "docs.mjs")],
  grown: [...node, join(here, "grown.mjs")],
  memory: [...deno, join(here, "memory.ts")],
  "pull-requests": [...deno, join(here, "pull-requests.ts")],
  "gh-side-by-side": [...deno, join(here, "gh-side-by-side.ts")],
  classify: [...deno, join(here, "classify.ts")],
  "text-model": [...deno, join(here, "text-model.ts")],
  plugins: [...node, join(here, "plugins.mjs")],
  top: [...node, join(here, "live/top.mjs")],
  board: [...node, join(here, "live/board.mjs")],
};

const given = process.argv.slice(2);
const paths = given.filter((one) => one.includes("/"));
const names = given.filter((one) => !one.includes("/"));
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`Cannot measure "${unknown[0]}": wanted one of ${Object.keys(BENCHES).join(", ")}`);
  process.exit(3);
}
const env = { ...process.env };
// It adds 35 ms to every start of Node 20.
delete env.NODE_EXTRA_CA_CERTS;
const run = ([program, ...args]) => spawnSync(program, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
let code = run([process.execPath, "tests/build.mjs"]);
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  console.log(`\n== ${name}`);
  code = run([...BENCHES[name], ...paths]) || code;
}
process.exitCode = code;
