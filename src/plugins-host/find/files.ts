import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../../core/errors.ts";
import type { Location } from "./specifier.ts";

/** Folders with other people's code or none; their files are not shown before trust is given. */
const SKIPPED = new Set(["node_modules", ".git", ".venv", "__pycache__"]);
const MAX_FILES = 500;
/** Most bytes that can be shown, and so trusted. */
const MAX_BYTES = 180 * 1024;

/** One file of a plugin. */
export interface PluginFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Every file of a plugin: all that lies in its folder, since any of it may be imported or run.
 *
 * @throws {UsageError} when the folder holds more than a plugin would.
 */
export function pluginFiles(spec: string, { folder }: Location): readonly PluginFile[] {
  if (folder === null) return [];
  const files: PluginFile[] = [];
  let size = 0;
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) {
        walk(path);
        continue;
      }
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isDirectory()) throw refusal(spec, `"${path}" is a link to a folder: put the files themselves there`);
      if (!stat?.isFile()) continue;
      size += stat.size;
      if (files.length >= MAX_FILES || size > MAX_BYTES) {
        throw refusal(spec, `"${folder}" holds too much: put it in a folder of its own`);
      }
      const bytes = readFileSync(path);
      refuseOutsideImports(spec, folder, path, bytes);
      files.push({ path: relative(folder, path), bytes });
    }
  };
  walk(folder);
  return files;
}

function refusal(spec: string, why: string): UsageError {
  return new UsageError(`Cannot read plugin "${spec}": ${why}`);
}

const IMPORT = /(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"'\n]{0,500})["']/g;

/** Refuses imports from outside the plugin's folder, which could change without a new question of trust. */
function refuseOutsideImports(spec: string, folder: string, path: string, bytes: Buffer): void {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return;
  for (const [, name = ""] of bytes.toString("utf8").matchAll(IMPORT)) {
    const target = resolve(dirname(path), name);
    if (!target.startsWith(`${folder}${sep}`)) {
      throw refusal(spec, `"${path}" imports "${name}" from outside its folder "${folder}"`);
    }
  }
}

/**
 * A hash of the plugin's own file and manifest. Not of the whole folder, because a look-up must stay cheap and the folder may be
 * the state directory; `p9 plugin list` asks every plugin anew.
 */
export function fingerprint({ path, folder }: Location): string {
  if (folder === null) return `program:${path}`;
  return createHash("sha256")
    .update(stamp(path) + stamp(join(folder, "package.json")))
    .digest("hex");
}

function stamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${path}:${stat?.mtimeMs}:${stat?.size}:${stat?.ino}`;
}
