import { DegradedError, errorText } from "../core/errors.ts";
import { type FileChange, readText } from "./files.ts";
import { OWN_MARK } from "./harnesses/client.ts";
import type { SettingsChange } from "./hook-edit.ts";
import { uninstall } from "./settings.ts";
import { isOurs } from "./wiring.ts";
import type { WrittenFiles } from "./written.ts";

/**
 * The change that gives a file back: as it was before p9, where nobody has changed it since; else without what is p9's in it. What
 * cannot be told apart stays, with the reason in `left`.
 *
 * @throws {DegradedError} for a settings file that cannot be edited
 */
export function givenBack(path: string, written: WrittenFiles): FileChange {
  const text = readText(path);
  const before = written.before(path);
  const { folders } = written.place(path);
  if (text === null || before === text) return { path, text, done: [] };
  if (before !== undefined) {
    const done = isSettings(path) ? [...edited(path, uninstall).done] : [];
    const back = done.length > 0 ? done : ["took out what p9 had added"];
    return { path, text: before, done: before === null ? ["removed the file, which p9 had made"] : back, folders };
  }
  if (isSettings(path)) {
    const { text: rest, done } = edited(path, uninstall);
    if (done.length > 0) return { path, text: rest, done };
  }
  if (written.has(path)) return { path, text, done: [], ...(isOwn(text) ? { left: CHANGED } : {}) };
  return isOwn(text) ? { path, text: null, done: ["removed the file, which p9 had made"] } : { path, text, done: [] };
}

const CHANGED = "left as it is: it was changed since p9 wrote it";

/** A file's text without what p9 has in it; null: all of it is p9's. */
export function withoutP9(path: string, text: string): string | null {
  try {
    const { text: rest, done } = isSettings(path) ? uninstall(text) : { text, done: [] };
    if (done.length > 0) return rest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return isOwn(text) ? null : text;
}

/** Edits a file's text. @throws {DegradedError} naming the file, for a text that cannot be edited. */
export function edited(path: string, edit: (text: string) => SettingsChange): SettingsChange {
  try {
    return edit(readText(path) ?? "");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = "mend the file by hand, then do this again";
    throw new DegradedError(`Cannot edit "${path}": ${errorText(error)}`, { cause: error, hint });
  }
}

/** Whether a file that p9 makes as a whole is p9's. */
export function isOwn(text: string): boolean {
  return text.includes(OWN_MARK) || commandsIn(text).length > 0;
}

/** The commands of p9 that a file holds, JSON or script. */
export function commandsIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/"((?:[^"\\\n]|\\.)* # p9)"/g)].map(([word]) => String(JSON.parse(word)));
  return [...quoted, ...text.split("\n").filter(isOurs)];
}

function isSettings(path: string): boolean {
  return path.endsWith(".json");
}
