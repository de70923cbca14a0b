// `npm run soak`: the long forms of tests that CI runs in a short form; `npm run soak -- <name>…`: only those.
// They are the same files, told by P9_SOAK=1 to take their time.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Name → test files. */
const SOAKS = {
  chaos: ["tests/crash/chaos.test.ts"],
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in SOAKS));
if (unknown.length > 0) {
  console.error(`Cannot soak "${unknown[0]}": wanted one of ${Object.keys(SOAKS).join(", ")}`);
  process.exit(3);
}
const env = { ...process.env, P9_SOAK: "1" };
// It makes every start of Node 20 take twice as long.
delete env.NODE_EXTRA_CA_CERTS;
const files = (names.length > 0 ? names : Object.keys(SOAKS)).flatMap((name) => SOAKS[name]);
const vitest = [
  join(root, "node_modules/vitest/vitest.mjs"),
  "run",
  "-c",
  "tests/vitest.config.ts",
  "--disable-console-intercept",
  ...files,
];
process.exitCode = spawnSync(process.execPath, vitest, { cwd: root, env, stdio: "inherit" }).status ?? 1;
