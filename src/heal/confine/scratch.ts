import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { redact } from "../../base/redact.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { runNow, SHELL } from "../../process/exec.ts";
import { makeDir } from "../../store/files.ts";

/** Folders that one heal has for itself, beside its worktree. */
export interface Scratch {
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;
  /** The caches of its commands. */
  readonly cache: string;
  /** An empty one, for the mechanism. */
  readonly base: string;
}

/** Makes the folders. */
export function makeScratch(folder: string): Scratch {
  const at = (name: string) => join(folder, name);
  const scratch = { folder, home: at("home"), temporary: at("tmp"), cache: at("cache"), base: at("base") };
  for (const path of [scratch.home, scratch.temporary, scratch.cache, scratch.base]) makeDir(path);
  return scratch;
}

/** Removes a folder, also when a command left folders in it that nobody may write, or deeper ones than a path can name. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    // Neither of the two follows a link.
    runNow([SHELL, "-c", 'chmod -R u+rwx "$1"; rm -rf "$1"', "p9-remove", path], REMOVE_LIMIT_MS);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw error;
  }
}

const REMOVE_LIMIT_MS = 120_000;

/** Settings of tools that a heal needs as the user has them: mirrors, a name for commits. */
const SETTINGS = [
  ...[".npmrc", ".yarnrc", ".yarnrc.yml", ".bunfig.toml", ".gitconfig", ".config/git/config", ".config/git/ignore"],
  ...[".config/pip/pip.conf", ".config/uv/uv.toml", ".config/mise/config.toml", ".tool-versions"],
];

/** Copies settings from the user's home into a heal's, without the lines that hold a secret. */
export function copySettings(from: string, to: string): void {
  for (const name of SETTINGS) {
    const text = withoutSecrets(join(from, name));
    if (text === null) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(join(to, name), text);
  }
}

/** A small text file without the lines that hold a secret; null when there is none that can be read. */
export function withoutSecrets(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    return readSmallFile(path)
      .split("\n")
      .filter((line) => redact(line) === line)
      .join("\n");
  } catch {
    return null;
  }
}
