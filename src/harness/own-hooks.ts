import { join } from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import type { HarnessName } from "./harness.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The user's own files that may hold a client's hooks, for clients that run Claude Code's too. */
const FILES: Partial<Record<HarnessName, (env: Env, home: string) => readonly string[]>> = {
  codex: (env, home) => [join(codexHome(env, home), "hooks.json")],
  copilot: ({ COPILOT_HOME }, home) => {
    const folder = COPILOT_HOME || join(home, ".copilot");
    return [join(folder, "hooks/p9.json"), join(folder, "settings.json")];
  },
  cursor: (_, home) => [join(home, ".cursor/hooks.json")],
  droid: (_, home) => [join(home, ".factory/hooks.json"), join(home, ".factory/settings.json")],
  vscode: (_, home) => [join(home, ".vscode/hooks/p9.json")],
  gemini: (_, home) => [join(home, ".gemini/settings.json"), join(home, ".gemini/extensions/p9/hooks/hooks.json")],
};

/** Whether a client's own files hold hooks of p9, and the client runs them. */
export function hasOwnHooks(name: HarnessName, env: Env): boolean {
  const home = env.HOME || "/";
  const holding = (FILES[name]?.(env, home) ?? []).filter((file) => text(file).includes(`--harness ${name}`));
  // Codex skips hooks, without a word, that nobody has reviewed in its /hooks.
  if (name !== "codex") return holding.length > 0;
  const config = holding.length > 0 ? text(join(codexHome(env, home), "config.toml")) : "";
  return holding.some((file) => config.includes(`[hooks.state."${file}:`));
}

function codexHome({ CODEX_HOME }: Env, home: string): string {
  return CODEX_HOME || join(home, ".codex");
}

function text(file: string): string {
  try {
    return readSmallFile(file);
  } catch {
    return "";
  }
}
