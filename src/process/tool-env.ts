import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, sep } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that make a shell or an interpreter run a file before its own program. */
const RUNS_FIRST = ["BASH_ENV", "ENV", "NODE_OPTIONS", "PERL5OPT", "PYTHONSTARTUP", "RUBYOPT"];

/**
 * The environment in which p9 runs a program itself. Entries of `PATH` that depend on the folder, or lie in the repository around it
 * (`npx` and `npm run` put its `node_modules/.bin` there), are left out: p9 runs unasked in whatever repository the agent stands in,
 * and must not take a `git` from there.
 */
export function toolEnv(env: Env, cwd?: string): Env {
  return withPath(env, (entries) => entries.filter(isOfNoRepository([cwd, here()], env.HOME)));
}

/**
 * The environment of a command line of the user's or of a repository: what it names may be installed in the repository. Entries of
 * `PATH` that depend on the folder are left out.
 */
export function shellEnv(env: Env): Env {
  return withPath(env, (entries) => entries);
}

function withPath(env: Env, pick: (entries: readonly string[]) => readonly string[]): Env {
  const { PATH, ...others } = env;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !RUNS_FIRST.includes(name)));
  return PATH === undefined ? rest : { ...rest, PATH: pick(PATH.split(delimiter).filter(isAbsolute)).join(delimiter) };
}

/** Whether an entry is a folder of packages of some project, or lies in the repository around one of these folders. */
function isOfNoRepository(
  around: readonly (string | null | undefined)[],
  home = homedir(),
): (entry: string) => boolean {
  // A home that is kept in git holds the user's own programs.
  const roots = around.flatMap((folder) => (folder ? (rootAround(real(folder)) ?? []) : []));
  const theirs = roots.filter((root) => !isIn(real(home), root));
  return (entry) => {
    const folder = real(entry);
    return !folder.endsWith(join(sep, "node_modules", ".bin")) && !theirs.some((root) => isIn(folder, root));
  };
}

/** The nearest folder around this one with a `.git`. */
function rootAround(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return null;
  }
}

function here(): string | null {
  try {
    return process.cwd();
  } catch {
    // The folder was removed.
    return null;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
