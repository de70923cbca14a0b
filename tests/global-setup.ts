import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Builds dist/ once before the tests, so that those that run the real binary never run an old one. */
export default function setup(): void {
  if (process.env.P9_TEST_BUILT) return;
  const here = dirname(fileURLToPath(import.meta.url));
  const { status } = spawnSync("node", [join(here, "build.mjs")], { stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed: see above");
}
