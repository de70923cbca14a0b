import { isAbsolute } from "node:path";

/** The directory that a process was started in. */
export interface WorkingDir {
  readonly path: string;
  /** The directory was removed, as an agent's worktree often is while a shell or a client still uses it. */
  readonly gone: boolean;
}

/**
 * The directory that this process works in. When it was removed, the process goes on from the root directory, so that nothing
 * that asks for it later fails; its path is then what the shell calls it.
 */
export function workingDir(env: Readonly<Record<string, string | undefined>>): WorkingDir {
  try {
    return { path: process.cwd(), gone: false };
  } catch {
    const named = env.PWD && isAbsolute(env.PWD) ? env.PWD : null;
    // Another directory may have that name by now.
    if (named !== null && enter(named)) return { path: named, gone: false };
    enter("/");
    return { path: named ?? "/", gone: true };
  }
}

function enter(path: string): boolean {
  try {
    process.chdir(path);
    return true;
  } catch {
    return false;
  }
}
