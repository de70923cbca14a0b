import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { isObject, type JsonObject } from "../../base/json.ts";
import { readSmallFile, withoutMark } from "../../base/small-file.ts";
import { schemaAddress } from "../../config/schema-address.ts";
import { errorCode, errorText, UsageError } from "../../core/errors.ts";
import { makeDir, replaceFile } from "../../store/files.ts";
import { withLock } from "../../store/lock/lock.ts";

/** One entry of `plugins.jsonc`. */
export interface PluginEntry {
  /** `npm:<package>`, a path, or `exec:<program>`. */
  readonly use: string;
  /** Options by name of queue source or notifier. */
  readonly options: Readonly<Record<string, JsonObject>>;
}

const NEW_FILE = `{\n  "$schema": "${schemaAddress("plugins")}"\n}\n`;

const WANTED = 'wanted { "plugins": ["npm:…", { "use": "./path", "options": { "<source>": { … } } }] }';

/**
 * The entries of a `plugins.jsonc`; none when there is no such file.
 *
 * @throws {UsageError} with line and column, or naming the entry.
 */
export async function readPluginsFile(path: string): Promise<readonly PluginEntry[]> {
  const text = textOf(path);
  if (text === null) return [];
  const value = await parseFile(withValue(text), path);
  const list = isObject(value) ? (value.plugins ?? []) : value;
  if (!Array.isArray(list)) throw new UsageError(`Cannot read "${path}": ${WANTED}`);
  return list.map((entry: unknown) => readEntry(entry, path));
}

function readEntry(entry: unknown, path: string): PluginEntry {
  const { use, options = {} } = isObject(entry) ? entry : { use: entry };
  if (typeof use !== "string" || !isObject(options) || !Object.values(options).every(isObject)) {
    throw new UsageError(`Cannot read "${path}": the entry ${JSON.stringify(entry)} is none: ${WANTED}`);
  }
  return { use, options: options as PluginEntry["options"] };
}

/**
 * Adds an entry at the end, or takes it out; comments stay. Commands that edit it at once do it one after the other. Returns false when
 * there was nothing to do.
 */
export async function editPluginsFile(path: string, use: string, action: "add" | "remove"): Promise<boolean> {
  makeDir(dirname(path));
  return withLock(`${path}.lock`, () => edit(path, use, action));
}

async function edit(path: string, use: string, action: "add" | "remove"): Promise<boolean> {
  const entries = await readPluginsFile(path);
  const index = entries.findIndex((entry) => entry.use === use);
  if (action === "add" ? index >= 0 : index < 0) return false;
  const { modify, applyEdits } = await import("jsonc-parser");
  const text = withValue(textOf(path) ?? NEW_FILE);
  const at = Array.isArray(await parseFile(text, path)) ? [] : ["plugins"];
  const where = action === "add" ? [...at, entries.length] : [...at, index];
  const change = modify(text, where, action === "add" ? use : undefined, {
    formattingOptions: { insertSpaces: true, tabSize: 2 },
    isArrayInsertion: action === "add",
  });
  const next = applyEdits(text, change);
  // The user's own file may be a link to where they keep it.
  replaceFile(existsSync(path) ? realpathSync(path) : path, next.endsWith("\n") ? next : `${next}\n`);
  return true;
}

function textOf(path: string): string | null {
  try {
    return withoutMark(readSmallFile(path));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw new UsageError(`Cannot read "${path}": ${errorText(error)}`);
  }
}

/** The text with a value: a file with only comments counts as empty. */
function withValue(text: string): string {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").trim();
  return bare === "" ? `${text}{}` : text;
}

async function parseFile(text: string, path: string): Promise<unknown> {
  const { parseJsonc } = await import("../../config/json-problem.ts");
  try {
    return parseJsonc(text) ?? {};
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${errorText(error)}`);
  }
}
