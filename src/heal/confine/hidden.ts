import { type Dirent, existsSync, readdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { isAbsolute, join, sep } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Folders that a confined command does not see as they are. */
export interface Hidden {
  /** The user's homes; the command has an empty one of its own at the same place. */
  readonly homes: readonly string[];
  /** Folders for temporary files, with other programs' sockets in them. */
  readonly temporary: readonly string[];
  /** Shown empty. */
  readonly empty: readonly string[];
  /** Files that are shown empty. */
  readonly files: readonly string[];
}

/** What a Linux system has at these places. Whatever else lies there is somebody's data: other homes, disks and checkouts. */
const OF_THE_SYSTEM = {
  "/": [
    ...["bin", "dev", "etc", "gnu", "lib", "lib32", "lib64", "libexec", "libx32", "nix", "opt", "proc", "sbin"],
    ...["snap", "sys", "usr", "var"],
  ],
  "/var": ["cache", "db", "empty", "guix", "lib"],
} as const;

/** What is hidden from every confined command: whatever is not the system's, with logins, sockets and p9's own state in it. */
export function hidden(env: Env, others: readonly string[]): Hidden {
  const strangers = [...strangersIn("/"), ...strangersIn("/var")];
  const named = (is: (entry: Dirent) => boolean) =>
    strangers.flatMap(({ at, entry }) => (is(entry) ? join(at, entry.name) : []));
  return {
    homes: folders([env.HOME, accountHome()]),
    temporary: folders(["/tmp", "/var/tmp", tmpdir(), env.TMPDIR]),
    empty: folders([
      ...named((entry) => entry.isDirectory()),
      ...["/run", env.XDG_RUNTIME_DIR, env.XDG_CONFIG_HOME, env.XDG_STATE_HOME, env.GNUPGHOME, ...others],
    ]),
    files: named((entry) => entry.isFile()),
  };
}

/** A link needs no cover of its own: it leads to the system's folders, or to what is hidden there. */
function strangersIn(at: keyof typeof OF_THE_SYSTEM): { readonly at: string; readonly entry: Dirent }[] {
  const known: readonly string[] = OF_THE_SYSTEM[at];
  try {
    const all = readdirSync(at, { withFileTypes: true });
    return all.filter(({ name }) => !known.includes(name)).map((entry) => ({ at, entry }));
  } catch {
    return [];
  }
}

/** Whether a path is a folder or lies in it. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The real paths of those that are there. The whole file system is never hidden, nor what programs are taken from. */
function folders(paths: readonly (string | undefined)[]): string[] {
  const there = paths.flatMap((path) => (path && isAbsolute(path) && existsSync(path) ? realpathSync(path) : []));
  return [...new Set(there)].filter((path) => !SYSTEM.some((folder) => isIn(folder, path)));
}

const SYSTEM = ["/usr", "/bin", "/lib", "/etc", "/proc", "/dev"];

function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // The system need not know the user: a container with a number only.
    return undefined;
  }
}
