import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { redact } from "../../base/redact.ts";
import { readSmallFile } from "../../base/small-file.ts";
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

/** Removes a folder, also when a command left folders in it that nobody may write. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openFolders(path);
    rmSync(path, { recursive: true, force: true });
  }
}

function openFolders(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openFolders(join(path, name));
}

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
