// What a fresh clone needs before anything of it can run: the packages, and dist/.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Installs what is missing or older than the lock file, and builds. Throws with the step that failed. */
export function setUp() {
  const [major] = process.versions.node.split(".");
  if (Number(major) < 20) throw new Error(`Cannot run on Node ${process.versions.node}: wanted 20 or newer`);
  const installed = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  const fresh = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
  if (!fresh) step("npm ci", "npm", ["ci", "--no-audit", "--no-fund"]);
  // The tests build once, and then run several programs at once.
  if (!process.env.P9_TEST_BUILT) step("build", process.execPath, ["tests/build.mjs"]);
}

function step(what, program, args) {
  console.log(`== ${what}`);
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (error || status !== 0) throw new Error(`Cannot go on: ${what} failed${error ? `: ${error.message}` : ""}`);
}
