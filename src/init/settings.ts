import type { JSONPath } from "jsonc-parser";
import { isObject } from "../base/json.ts";
import { parseSettings } from "../config/json-problem.ts";
import { putAt, removeAt } from "./jsonc-edit.ts";
import { chainedCommand, type HandlerGroup, isOurs, MARK } from "./wiring.ts";

/** What p9 wants in a settings file of Claude Code. */
export interface Wanted {
  readonly hooks: ReadonlyMap<string, HandlerGroup>;
  /**
   * Makes the command line that prints p9's status line, after the one that was there. Null: p9's is taken out, for a file that others
   * share. Undefined: the status line is left alone.
   */
  readonly statusline: ((chained: string | null) => string) | null | undefined;
}

/** A settings file's text after the change, and what was done to it. */
export interface SettingsChange {
  readonly text: string;
  /** One line per change; empty: nothing was to be done. */
  readonly done: readonly string[];
}

/**
 * Puts p9's hooks and status line into the text of a settings file, keeping its comments, order, indentation and all other
 * entries. Idempotent.
 *
 * @throws {SyntaxError} naming line and column, or the key that has another shape than Claude Code documents.
 */
export function install(text: string, wanted: Wanted): SettingsChange {
  const edit = new Edit(text);
  for (const [event, group] of wanted.hooks) {
    const groups = edit.groups(event);
    const mine = groups.filter((entry) => handlers(entry).some(({ command }) => isOurs(command)));
    if (mine.length === 1 && JSON.stringify(mine[0]) === JSON.stringify(group)) continue;
    edit.dropOurs(event);
    edit.set(["hooks", event, -1], group);
    edit.say(mine.length > 0 ? `renewed the ${event} hook` : `added the ${event} hook`);
  }
  if (wanted.statusline === null) dropStatusline(edit);
  else if (wanted.statusline !== undefined) installStatusline(edit, wanted.statusline);
  return edit.result();
}

/** Takes out what {@link install} put in, and restores the status line that was there before. */
export function uninstall(text: string): SettingsChange {
  const edit = new Edit(text);
  const hooks = edit.value.hooks;
  for (const event of isObject(hooks) ? Object.keys(hooks) : [])
    if (edit.dropOurs(event)) edit.say(`removed the ${event} hook`);
  if (isObject(edit.value.hooks) && Object.keys(edit.value.hooks).length === 0) edit.set(["hooks"], undefined);
  dropStatusline(edit);
  return edit.result();
}

/** Says in the command that p9 added the refresh of a status line that had none, so that it goes again. */
const REFRESHED = "# refreshed ";
/** Without a refresh the client runs the line after messages only, and a session that waits would show what was true then. */
const REFRESH_S = 5;

const isRefreshedByUs = (command: string) => isOurs(command) && command.endsWith(REFRESHED + MARK);

function dropStatusline(edit: Edit): void {
  const { statusLine } = edit.value;
  if (!isObject(statusLine) || !isOurs(statusLine.command)) return;
  const command = String(statusLine.command);
  const chained = chainedCommand(command);
  if (chained === null) edit.set(["statusLine"], undefined);
  else {
    if (isRefreshedByUs(command)) edit.set(["statusLine", "refreshInterval"], undefined);
    edit.set(["statusLine", "command"], chained);
  }
  edit.say(chained === null ? "removed the status line" : "restored the status line that was there before");
}

function installStatusline(edit: Edit, line: (chained: string | null) => string): void {
  const { statusLine } = edit.value;
  if (!isObject(statusLine) || typeof statusLine.command !== "string") {
    const command = `${line(null)} ${MARK}`;
    edit.set(["statusLine"], { type: "command", command, padding: 0, refreshInterval: REFRESH_S });
    edit.say("added the status line");
    return;
  }
  const { command } = statusLine;
  const ours = isOurs(command);
  const isRefreshed = statusLine.refreshInterval !== undefined;
  const note = !isRefreshed || isRefreshedByUs(command) ? REFRESHED : "";
  const next = `${line(ours ? chainedCommand(command) : command)} ${note}${MARK}`;
  if (next === command && isRefreshed) return;
  edit.set(["statusLine", "command"], next);
  if (!isRefreshed) edit.set(["statusLine", "refreshInterval"], REFRESH_S);
  edit.say(ours ? "renewed the status line" : "chained the status line that was there: it is shown first");
}

interface Entry {
  readonly hooks?: unknown;
}

function handlers(entry: Entry): { command?: unknown }[] {
  return isObject(entry) && Array.isArray(entry.hooks) ? entry.hooks.filter(isObject) : [];
}

/** A settings text while it is edited. */
class Edit {
  value: Record<string, unknown>;
  #text: string;
  readonly #before: string;
  readonly #done: string[] = [];

  constructor(text: string) {
    this.#before = text;
    this.#text = text.trim() === "" ? "{}\n" : text;
    this.value = parseSettings(this.#text);
  }

  say(line: string): void {
    this.#done.push(line);
  }

  result(): SettingsChange {
    return { text: this.#done.length === 0 ? this.#before : this.#text, done: this.#done };
  }

  set(path: JSONPath, value: unknown): void {
    this.#text = value === undefined ? removeAt(this.#text, path) : putAt(this.#text, path, value);
    this.value = parseSettings(this.#text);
  }

  groups(event: string): Entry[] {
    const { hooks } = this.value;
    if (hooks === undefined) return [];
    if (!isObject(hooks)) throw new SyntaxError('Cannot add to "hooks": wanted an object of events');
    const groups = hooks[event];
    if (groups === undefined) return [];
    if (!Array.isArray(groups)) throw new SyntaxError(`Cannot add to "hooks.${event}": wanted a list`);
    return groups;
  }

  /** Removes p9's handlers of an event, and the groups and lists that are empty without them. */
  dropOurs(event: string): boolean {
    let dropped = false;
    for (let index = this.groups(event).length - 1; index >= 0; index--) {
      const all = handlers(this.groups(event)[index] ?? {});
      const ours = all.flatMap(({ command }, at) => (isOurs(command) ? [at] : []));
      if (ours.length === 0) continue;
      dropped = true;
      if (ours.length === all.length) this.set(["hooks", event, index], undefined);
      else for (const at of ours.reverse()) this.set(["hooks", event, index, "hooks", at], undefined);
    }
    if (dropped && this.groups(event).length === 0) this.set(["hooks", event], undefined);
    return dropped;
  }
}

/** Whether Claude Code itself would read the file: it ignores one with comments or trailing commas, and with it all its hooks. */
export function isPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
