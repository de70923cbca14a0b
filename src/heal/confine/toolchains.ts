import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** A folder or file that is shown, and the path that it is looked for under. */
export interface Shown {
  readonly from: string;
  readonly to: string;
}

/** Folders of a user's home that hold toolchains and what they have downloaded, and no login. */
const IN_HOME = [
  ...[".asdf", ".bun", ".cargo", ".deno", ".fnm", ".ghcup", ".goenv", ".jenv", ".juliaup", ".n", ".nix-profile"],
  ...[".nodenv", ".nvm", ".opam", ".proto", ".pyenv", ".rbenv", ".rustup", ".rye", ".sdkman", ".swiftly", ".volta"],
  ...[".local/bin", ".local/lib", ".local/state/nix", ".local/state/fnm_multishells", "go/bin", "go/pkg/mod"],
  ...[".cache/Cypress", ".cache/deno", ".cache/ms-playwright", ".cache/node/corepack", ".cache/pre-commit"],
  ...[".cache/prisma", ".cache/puppeteer", ".gem", ".mix"],
];

/** The same below the folder of the user's data (`XDG_DATA_HOME`). */
const IN_DATA = [
  "asdf",
  "fnm",
  "hatch",
  "mise",
  "nvm",
  "pdm",
  "pipx",
  "pnpm",
  "pypoetry",
  "rtx",
  "rye",
  "uv",
  "virtualenv",
];

/** Variables that name such folders, or files of certificates. */
const NAMED = [
  ...["ANDROID_HOME", "ANDROID_NDK_HOME", "ANDROID_SDK_ROOT", "AQUA_ROOT_DIR", "BUNDLE_PATH", "CYPRESS_CACHE_FOLDER"],
  ...["GEM_HOME", "GEM_PATH", "GHCUP_INSTALL_BASE_PREFIX", "GRADLE_HOME", "HATCH_DATA_DIR", "HOMEBREW_CELLAR"],
  ...["HOMEBREW_PREFIX", "KOTLIN_HOME", "M2_HOME", "MAVEN_HOME", "MIX_HOME", "OPAMROOT", "OPAM_SWITCH_PREFIX"],
  ...["PDM_HOME", "PERL5LIB", "PERL_LOCAL_LIB_ROOT", "PIPX_HOME", "POETRY_HOME", "PUB_CACHE", "PUPPETEER_CACHE_DIR"],
  ...["RUBYLIB", "R_HOME", "R_LIBS_USER", "SBT_HOME", "SCALA_HOME", "SDKROOT", "STACK_ROOT", "SWIFTLY_HOME_DIR"],
  ...["AWS_CA_BUNDLE", "CARGO_HTTP_CAINFO", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "NIX_SSL_CERT_FILE", "PIP_CERT"],
  ...["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "DENO_CERT"],
  ...["ASDF_DIR", "ASDF_DATA_DIR", "BUN_INSTALL", "CARGO_HOME", "CONDA_PREFIX", "COREPACK_HOME", "DENO_DIR"],
  ...["DENO_INSTALL", "DOTNET_ROOT", "FLUTTER_ROOT", "FNM_DIR", "FNM_MULTISHELL_PATH", "GOENV_ROOT", "GOMODCACHE"],
  ...["GOROOT", "JAVA_HOME", "JDK_HOME", "JENV_ROOT", "MISE_DATA_DIR", "NODENV_ROOT", "NVM_BIN", "NVM_DIR"],
  ...["N_PREFIX", "PLAYWRIGHT_BROWSERS_PATH", "PNPM_HOME", "PRE_COMMIT_HOME", "PROTO_HOME", "PYENV_ROOT"],
  ...["RBENV_ROOT", "RUSTUP_HOME", "SDKMAN_DIR", "UV_PYTHON_INSTALL_DIR", "UV_TOOL_DIR", "VIRTUAL_ENV", "VOLTA_HOME"],
];

/**
 * Where the user's toolchains lie: those that are known by name, those that a variable names, and what is on `PATH`, with what the
 * programs there are links to.
 */
export function toolchains(env: Env, homes: readonly string[], isHidden: (path: string) => boolean): readonly Shown[] {
  const data = env.XDG_DATA_HOME ? [env.XDG_DATA_HOME] : homes.map((home) => join(home, ".local/share"));
  const known = [
    ...homes.flatMap((home) => IN_HOME.map((name) => join(home, name))),
    ...data.flatMap((folder) => IN_DATA.map((name) => join(folder, name))),
    ...NAMED.flatMap((name) => env[name]?.split(delimiter) ?? []),
    ...(env.GOPATH?.split(delimiter) ?? []).flatMap((folder) => [join(folder, "bin"), join(folder, "pkg/mod")]),
  ];
  const programs = (env.PATH ?? "").split(delimiter).flatMap(programFolder);
  return [...[...known, ...programs].flatMap(shown), ...programs.flatMap((folder) => linksIn(folder, isHidden))];
}

/** A path under its own name and its real one. */
export function shown(path: string): Shown[] {
  if (!isAbsolute(path) || !existsSync(path)) return [];
  const real = realpathSync(path);
  return [...new Set([path, real])].map((to) => ({ from: real, to }));
}

/**
 * What the links in a folder lead to in hidden places, with what belongs to it: a package with those beside it, a program with its
 * toolchain.
 */
export function linksIn(folder: string, isHidden: (path: string) => boolean): Shown[] {
  try {
    const links = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
    const real = realpathSync(folder);
    const targets = links.map(({ name }) => resolve(real, readlinkSync(join(real, name)))).filter(isHidden);
    return targets
      .filter(isInstalled)
      .flatMap((target) => [target, realpathSync(target)].flatMap((one) => shown(ownerOf(one))));
  } catch {
    return [];
  }
}

const MANIFESTS = ["package.json", "pyproject.toml", "Cargo.toml", "composer.json", "Gemfile", "mix.exs", "deno.json"];

/** Whether a link leads to a program or a package: it may also lead to somebody's keys. */
function isInstalled(path: string): boolean {
  if (!existsSync(path)) return false;
  const found = statSync(path);
  if (!found.isDirectory()) return found.isFile() && (found.mode & 0o111) !== 0;
  return path.includes("/node_modules/") || MANIFESTS.some((name) => existsSync(join(path, name)));
}

/** A folder of programs; with the folder above it when that is a toolchain. */
function programFolder(folder: string): string[] {
  if (!isAbsolute(folder) || !existsSync(folder)) return [];
  const above = dirname(realpathSync(folder));
  return isToolchain(above) ? [folder, above] : [folder];
}

function ownerOf(path: string): string {
  const at = path.indexOf("/node_modules/");
  if (at >= 0) return path.slice(0, at + "/node_modules".length);
  const above = dirname(dirname(path));
  return /^(?:s?bin|libexec)$/.test(basename(dirname(path))) && isToolchain(above) ? above : path;
}

/**
 * Whether a folder is laid out like one that a toolchain was installed to. A user's `~/.local` is, and a project's checkout may be;
 * they hold much else.
 */
function isToolchain(folder: string): boolean {
  if (basename(folder) === ".local" || existsSync(join(folder, ".git"))) return false;
  return ["lib", "lib64", "libexec", "versions", "pyvenv.cfg"].some((name) => existsSync(join(folder, name)));
}
