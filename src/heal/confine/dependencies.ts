import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";

/** A working tree and the user's checkout that it belongs to. */
interface Trees {
  readonly dir: string;
  readonly root: string;
}

/** Installed dependencies of the checkout, which fit the worktree. */
export interface BoundFolder {
  /** The same in both: `packages/a/node_modules`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** Folders in it whose links may lead elsewhere: programs, packages that are worked on beside it. */
  readonly linked: readonly string[];
}

/** Installed dependencies and the files that must be equal for them to fit. */
const DEPENDENCIES: readonly { readonly folder: string; readonly locks: readonly string[] }[] = [
  {
    folder: "node_modules",
    locks: [
      "package-lock.json",
      "npm-shrinkwrap.json",
      "pnpm-lock.yaml",
      "yarn.lock",
      "bun.lock",
      "bun.lockb",
      "package.json",
    ],
  },
  { folder: ".venv", locks: ["uv.lock", "poetry.lock", "pdm.lock", "requirements.txt", "pyproject.toml"] },
  { folder: "vendor", locks: ["Gemfile.lock", "composer.lock"] },
  { folder: "deps", locks: ["mix.lock"] },
];

/** The checkout's installed dependencies that the worktree lacks and whose lock files are equal. */
export function installed(trees: Trees): BoundFolder[] {
  // A package under a second name, by a link, is brought under its first one.
  const folders = ["", ...packages(trees.dir)].filter(
    (base) => realpathSync(join(trees.dir, base)) === join(realpathSync(trees.dir), base),
  );
  return folders.flatMap((base) =>
    DEPENDENCIES.flatMap(({ folder, locks }) => {
      const path = join(base, folder);
      const from = join(trees.root, path);
      const to = join(trees.dir, path);
      const has = lstatSync(from, { throwIfNoEntry: false })?.isDirectory() === true;
      const taken = lstatSync(to, { throwIfNoEntry: false }) !== undefined;
      return has && !taken && sameLocks(trees, base, locks) ? [{ path, from, to, linked: linkedIn(from) }] : [];
    }),
  );
}

function linkedIn(folder: string): string[] {
  const scopes = readdirSync(folder).filter((name) => name.startsWith("@") || name === ".bin" || name === "bin");
  return [folder, ...scopes.map((name) => join(folder, name))];
}

function sameLocks({ root, dir }: Trees, base: string, locks: readonly string[]): boolean {
  const relevant = locks.filter(
    (lock) => !lock.endsWith(".json") || lock.includes("lock") || lock.includes("shrinkwrap"),
  );
  const here = relevant.filter((lock) => existsSync(join(dir, base, lock)) || existsSync(join(root, base, lock)));
  // Without a lock file the manifest is compared.
  const compared = here.length > 0 ? here : locks.filter((lock) => existsSync(join(dir, base, lock)));
  return compared.length > 0
    ? compared.every((lock) => same(join(root, base, lock), join(dir, base, lock)))
    : base !== "";
}

/** The largest lock file that is compared. */
const MAX_LOCK_BYTES = 64 * 1024 * 1024;

function same(a: string, b: string): boolean {
  try {
    return readSmallFile(a, MAX_LOCK_BYTES) === readSmallFile(b, MAX_LOCK_BYTES);
  } catch {
    return false;
  }
}

/** Folders of workspace packages, one and two levels down. */
function packages(dir: string): string[] {
  const found: string[] = [];
  for (const group of ["packages", "apps", "libs", "services", "crates"]) {
    const at = join(dir, group);
    if (!existsSync(at) || !lstatSync(at).isDirectory()) continue;
    for (const name of readdirSync(at)) if (existsSync(join(at, name, "package.json"))) found.push(join(group, name));
  }
  return found.slice(0, 100);
}
