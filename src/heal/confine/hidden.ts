import { existsSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { isAbsolute, sep } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Folders that a confined command does not see as they are. */
export interface Hidden {
  /** The user's homes; the command has an empty one of its own at the same place. */
  readonly homes: readonly string[];
  /** Folders for temporary files, with other programs' sockets in them. */
  readonly temporary: readonly string[];
  /** Shown empty. */
  readonly empty: readonly string[];
}

/** What is hidden from every confined command: logins, sockets, and p9's own state. */
export function hidden(env: Env, others: readonly string[]): Hidden {
  return {
    homes: folders([env.HOME, accountHome()]),
    temporary: folders(["/tmp", "/var/tmp", tmpdir(), env.TMPDIR]),
    empty: folders(["/run", env.XDG_RUNTIME_DIR, env.XDG_CONFIG_HOME, env.XDG_STATE_HOME, env.GNUPGHOME, ...others]),
  };
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
