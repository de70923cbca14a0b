import { join } from "node:path";
import type { FileChange } from "./files.ts";

const MARK = "# Written by p9 init.";

/**
 * The text of `skills/p9/scripts/p9.py`, for workspaces whose instructions call the Python p9: it passes every argument to this
 * p9.
 */
function shimText(program: string): string {
  return `#!/usr/bin/env python3
${MARK} Hands over to the p9 on PATH, else to the one that wrote this.
import os, shutil, sys

program = shutil.which("p9") or ${JSON.stringify(program)}
os.execv(program, [program, *sys.argv[1:]])
`;
}

/** Where workspaces that call the Python p9 have it. */
export function shimPath(root: string): string {
  return join(root, "skills/p9/scripts/p9.py");
}

/** The shim's change; a file that p9 did not write is never replaced. */
export function shimChange(
  path: string,
  text: string | null,
  program: string,
  remove: boolean,
): FileChange & { readonly problem?: string } {
  const ours = text?.includes(MARK) ?? false;
  if (text !== null && !ours)
    return { path, text, done: [], problem: remove ? undefined : `"${path}" is there already and was not replaced` };
  if (remove) return { path, text: null, done: ours ? ["removed the shim"] : [] };
  const wanted = shimText(program);
  return { path, text: wanted, done: text === wanted ? [] : ["added the shim of the Python p9"], mode: 0o755 };
}
