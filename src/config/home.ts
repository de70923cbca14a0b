import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** The state directory: `BROOMVA_P9_HOME`, else `$XDG_CONFIG_HOME/broomva/p9`, else `~/.config/broomva/p9`. It need not exist. */
export function resolveHome(env: Env, cwd: string): string {
  if (env.BROOMVA_P9_HOME)
    return isAbsolute(env.BROOMVA_P9_HOME) ? env.BROOMVA_P9_HOME : join(cwd, env.BROOMVA_P9_HOME);
  // The XDG rules: a relative XDG_CONFIG_HOME is to be ignored.
  const config =
    env.XDG_CONFIG_HOME && isAbsolute(env.XDG_CONFIG_HOME)
      ? env.XDG_CONFIG_HOME
      : join(env.HOME || homedir(), ".config");
  return join(config, "broomva", "p9");
}
