import { isSecretName } from "../../base/redact.ts";
import type { Env } from "../../contract/context.ts";

/**
 * The environment of a plugin's process: p9's own without variables named like secrets, unless the plugin declares them. Limits
 * accidents; it is no sandbox (references/writing-a-plugin.md says what is confined).
 */
export function pluginEnv(env: Env, declared: readonly string[] = []): Env {
  const kept = Object.entries(env).filter(([name]) => declared.includes(name) || !isSecretName(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}
