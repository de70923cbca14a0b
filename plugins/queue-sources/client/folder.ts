import { join } from "node:path";
import type { Env } from "../../../src/plugin.ts";

/** Where Claude Code keeps its own files: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function clientFolder(env: Env): string {
  return env.CLAUDE_CONFIG_DIR || join(env.HOME || "/", ".claude");
}
