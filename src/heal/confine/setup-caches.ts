import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Exec } from "../../base/exec-types.ts";
import { removeTree } from "./scratch.ts";

/** What a command gets of the caches that set-ups of its repository filled. */
interface Use {
  /** Read where it lies: environments and packages that a tool only loads. */
  readonly read: readonly string[];
  /** Of no use without the network: what was downloaded stands in the worktree by now; what was compiled is compiled anew. */
  readonly left: readonly string[];
}

/** Whatever is in neither list is copied, for a tool that writes to its cache while it runs (Gradle, uv). */
const USE: Use = {
  read: [
    ...[
      "cargo",
      "composer",
      "Cypress",
      "deno",
      "electron",
      "go-mod",
      "hatch",
      "mise",
      "ms-playwright",
      "node",
      "nuget",
    ],
    ...["pipenv", "pre-commit", "prisma", "puppeteer", "pypoetry", "virtualenv", "yarn-global"],
  ],
  left: ["bun", "ccache", "go-build", "node-gyp", "npm", "pip", "pnpm", "pnpm-store", "sccache", "yarn"],
};

const COPY_LIMIT_MS = 60_000;

/**
 * Lends the caches to the commands of one heal: copies what they may write to, and gives the names of the folders to read. What a
 * command writes goes with its heal: a later heal, of another branch, would run it.
 */
export async function lend(from: string, to: string, exec: Exec): Promise<readonly string[]> {
  const read: string[] = [];
  // A set-up may have put a link there, which would show what it leads to.
  const folders = readdirSync(from).filter((name) => lstatSync(join(from, name)).isDirectory());
  for (const name of folders.filter((one) => !USE.left.includes(one))) {
    if (USE.read.includes(name) || !(await copied(join(from, name), join(to, name), exec))) read.push(name);
  }
  return read;
}

async function copied(from: string, to: string, exec: Exec): Promise<boolean> {
  if (existsSync(to)) removeTree(to);
  const { code } = await exec(["cp", "-RpP", from, to], { timeoutMs: COPY_LIMIT_MS });
  if (code !== 0) removeTree(to);
  return code === 0;
}
