import { isSecretName } from "../../base/redact.ts";
import type { Env } from "../../contract/context.ts";

/**
 * The environment of a plugin's process: p9's own without whatever is named like a secret, unless the plugin declares that it
 * uses it. This keeps accidents small; it confines nothing (references/writing-a-plugin.md says what is and is not confined).
 */
export function pluginEnv(env: Env, declared: readonly string[] = []): Env {
  const kept = Object.entries(env).filter(([name]) => declared.includes(name) || !isSecretName(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}
