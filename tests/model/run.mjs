// `node tests/model/run.mjs [seeds] [--from N] [--seed N]`: p9's verdict beside the oracle's, for random pull requests.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const env = { ...process.env };
delete env.NODE_EXTRA_CA_CERTS;
const deno = [join(root, "node_modules/.bin/deno"), "run", "-A", "--quiet", "--node-modules-dir=manual"];
const [program, ...args] = [...deno, join(here, "main.ts"), ...process.argv.slice(2)];
process.exitCode = spawnSync(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] }).status ?? 1;
