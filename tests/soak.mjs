// `npm run soak [-- <name>]`: the long form of every test that has one (it reads P9_SOAK); with a name, of those files whose path holds it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tests = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" }).map((name) =>
  join("tests", name),
);
const long = tests.filter(
  (path) => path.endsWith(".test.ts") && readFileSync(join(root, path), "utf8").includes("P9_SOAK"),
);
const files = long.filter((path) => path.includes(process.argv[2] ?? ""));
if (files.length === 0) {
  console.error(`Cannot find a soak "${process.argv[2]}": wanted a part of ${long.join(", ")}`);
  process.exit(3);
}
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = ["run", "-c", "tests/vitest.config.ts", "--testTimeout", "3600000", "--no-file-parallelism", ...files];
const { status } = spawnSync(process.execPath, [vitest, ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, P9_SOAK: "1" },
});
process.exitCode = status ?? 1;
