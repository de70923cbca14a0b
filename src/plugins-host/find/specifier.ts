import { existsSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { UsageError } from "../../core/errors.ts";
import { readsTypeScript } from "../call/runtime.ts";

/** Where a plugin's code is. */
export interface Location {
  readonly type: "module" | "program";
  /** The module's file or the program; a bare program name is looked up on PATH. */
  readonly path: string;
  /** The folder whose files make up the plugin; null for a program that PATH names. */
  readonly folder: string | null;
}

const WANTED = 'wanted "npm:<package>", "./path", "/path" or "exec:<program>"';

/**
 * Finds what a specifier names.
 *
 * @param base folder that relative paths start from
 * @param packages folders whose `node_modules` (and those above them) are searched for `npm:`
 * @throws {UsageError} naming the specifier and what is wrong.
 */
export function locate(spec: string, base: string, packages: readonly string[]): Location {
  if (spec.startsWith("exec:")) return program(spec, spec.slice(5), base);
  if (spec.startsWith("npm:")) return npmPackage(spec, spec.slice(4), packages);
  if (!/^\.{0,2}\//.test(spec) && spec !== "." && spec !== "..") {
    throw new UsageError(`Cannot use plugin "${spec}": ${WANTED}`);
  }
  return module(spec, resolve(base, spec));
}

function program(spec: string, name: string, base: string): Location {
  if (!name) throw new UsageError(`Cannot use plugin "${spec}": ${WANTED}`);
  if (!name.includes("/")) return { type: "program", path: name, folder: null };
  const path = isAbsolute(name) ? name : resolve(base, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new UsageError(`Cannot use plugin "${spec}": there is no file "${path}"`);
  if ((stat.mode & 0o111) === 0) {
    throw new UsageError(`Cannot use plugin "${spec}": "${path}" is not executable: run chmod +x on it`);
  }
  return { type: "program", path, folder: dirname(realpathSync(path)) };
}

function npmPackage(spec: string, name: string, packages: readonly string[]): Location {
  if (!/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name)) {
    throw new UsageError(`Cannot use plugin "${spec}": "${name}" is no package name`);
  }
  for (const folder of packages) {
    const found = createRequire(join(folder, "x.js")).resolve.paths(name) ?? [];
    const at = found.map((modules) => join(modules, name)).find((path) => existsSync(join(path, "package.json")));
    if (at) return module(spec, at);
  }
  throw new UsageError(`Cannot use plugin "${spec}": the package is not installed: run "p9 plugin add ${spec}"`);
}

function module(spec: string, path: string): Location {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`Cannot use plugin "${spec}": there is no file "${path}"`);
  const file = realpathSync(stat.isDirectory() ? entryOf(spec, path) : path);
  if ([".ts", ".mts"].includes(extname(file)) && !readsTypeScript()) {
    throw new UsageError(
      `Cannot use plugin "${spec}": this Node cannot read TypeScript: build it to JavaScript, or use Node 22.18 or Deno`,
    );
  }
  return { type: "module", path: file, folder: stat.isDirectory() ? realpathSync(path) : dirname(file) };
}

/** The file that a package's `exports` or `main` names. */
function entryOf(spec: string, folder: string): string {
  const path = join(folder, "package.json");
  let manifest: unknown;
  try {
    manifest = JSON.parse(readSmallFile(path));
  } catch {
    throw new UsageError(`Cannot use plugin "${spec}": "${path}" is missing or unreadable: name the module's file`);
  }
  const { exports, main } = isObject(manifest) ? manifest : {};
  const entry = join(folder, target(exports) ?? (typeof main === "string" ? main : "index.js"));
  if (existsSync(entry)) return entry;
  throw new UsageError(`Cannot use plugin "${spec}": there is no file "${entry}": is it built (npm run build)?`);
}

/** The `exports` of a package for its root, in the conditions that hold here. */
function target(exports: unknown): string | null {
  if (typeof exports === "string") return exports;
  if (!isObject(exports)) return null;
  if ("." in exports) return target(exports["."]);
  const conditions = [...("deno" in process.versions ? ["deno"] : []), "node", "import", "default"];
  for (const [name, value] of Object.entries(exports)) if (conditions.includes(name)) return target(value);
  return null;
}
