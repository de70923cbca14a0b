import { existsSync } from "node:fs";
import { join } from "node:path";

/** The first script that one of these commands of p9 falls back to and that is not there; undefined: all are. */
export function goneScript(commands: readonly string[]): string | undefined {
  return commands.map(scriptOf).find((script): script is string => script !== null && !existsSync(script));
}

/** The script that a command falls back to; null when it only looks p9 up on PATH. */
function scriptOf(command: string): string | null {
  const file = /^f=\/\.\.(\/hooks\/[\w-]+\.sh);/.exec(command)?.[1];
  const folder = /\|\| p9=(?:'([^']+)'|([^\s;]+));/.exec(command);
  if (file !== undefined && folder !== null) return join(folder[1] ?? folder[2] ?? "", "..", file);
  return /^'([^']+\.sh)'/.exec(command)?.[1] ?? /^(\/\S+\.sh)/.exec(command)?.[1] ?? null;
}
