import { existsSync } from "node:fs";
import { join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that name a folder to write to; without them tools take one below the home, or below `~/.cache`. */
const WRITES = [
  ...["TMP", "TEMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "NPM_CONFIG_CACHE", "YARN_CACHE_FOLDER"],
  ...["PIP_CACHE_DIR", "UV_CACHE_DIR", "POETRY_CACHE_DIR", "RUFF_CACHE_DIR", "MYPY_CACHE_DIR", "MISE_CACHE_DIR"],
  ...["GOCACHE", "GOBIN", "CARGO_TARGET_DIR", "CCACHE_DIR", "SCCACHE_DIR", "ZIG_GLOBAL_CACHE_DIR", "COMPOSER_HOME"],
  ...["COMPOSER_CACHE_DIR", "TURBO_CACHE_DIR", "NX_CACHE_DIRECTORY", "TF_PLUGIN_CACHE_DIR", "DOTNET_CLI_HOME"],
];

/**
 * The environment of a confined command: a home and caches of its own instead of the user's.
 *
 * @param lent caches of a set-up that the command reads.
 */
export function confinedEnv(env: Env, home: string, installs: boolean, lent: readonly string[]): Env {
  const cache = join(home, ".cache");
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !WRITES.includes(name)));
  return {
    ...rest,
    HOME: home,
    TMPDIR: existsSync("/tmp") ? "/tmp" : join(home, "tmp"),
    npm_config_cache: join(cache, "npm"),
    YARN_GLOBAL_FOLDER: join(cache, "yarn-global"),
    BUN_INSTALL_CACHE_DIR: join(cache, "bun"),
    GRADLE_USER_HOME: join(cache, "gradle"),
    NUGET_PACKAGES: join(cache, "nuget"),
    // What was downloaded before can be read at its own place; a set-up needs one that it can write.
    ...Object.fromEntries(
      Object.entries(DOWNLOADS).flatMap(([variable, name]) =>
        installs || lent.includes(name) ? [[variable, join(cache, name)]] : [],
      ),
    ),
    ...(installs
      ? { npm_config_store_dir: join(cache, "pnpm-store"), pnpm_config_store_dir: join(cache, "pnpm-store") }
      : {}),
  };
}

/** Variables for what set-ups of Rust and Go download, and the folder of the cache. */
const DOWNLOADS: Readonly<Record<string, string>> = { CARGO_HOME: "cargo", GOMODCACHE: "go-mod" };

/**
 * Switches off what installers run of packages: npm, pnpm and Yarn have lifecycle scripts, pip builds from source. A set-up that
 * needs them says so in its own command line, which is trusted: `npm_config_ignore_scripts=false npm ci`.
 */
export const NO_SCRIPTS: Env = {
  npm_config_ignore_scripts: "true",
  pnpm_config_ignore_scripts: "true",
  YARN_ENABLE_SCRIPTS: "false",
  YARN_IGNORE_SCRIPTS: "true",
  PIP_ONLY_BINARY: ":all:",
};
