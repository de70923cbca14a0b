import type { JSONPath } from "jsonc-parser";
import { isObject } from "../base/json.ts";
import { parseSettings } from "../config/json-problem.ts";
import { putAt, removeAt } from "./jsonc-edit.ts";
import { isOurs } from "./wiring.ts";

/** A settings file's text after a change, and what was done to it. */
export interface SettingsChange {
  readonly text: string;
  /** One line per change; empty: nothing was to be done. */
  readonly done: readonly string[];
}

interface Entry {
  readonly hooks?: unknown;
  readonly command?: unknown;
  readonly bash?: unknown;
}

/**
 * The text of a client's settings while p9's hooks are put in or taken out, keeping its comments, order, indentation and all other
 * entries. An entry of an event is a handler, or a group of them (`hooks`).
 */
export class HookEdit {
  value: Record<string, unknown>;
  #text: string;
  readonly #before: string;
  readonly #at: readonly string[];
  readonly #done: string[] = [];

  /** `at`: where the events stand; empty: at the top. @throws {SyntaxError} naming line and column, for what is no JSON. */
  constructor(text: string, at: readonly string[] = ["hooks"]) {
    this.#before = text;
    this.#text = text.trim() === "" ? "{}\n" : text;
    this.#at = at;
    this.value = parseSettings(this.#text);
  }

  say(line: string): void {
    this.#done.push(line);
  }

  result(): SettingsChange {
    return { text: this.#done.length === 0 ? this.#before : this.#text, done: this.#done };
  }

  /** Puts a value at a path; undefined takes it out. @throws {SyntaxError} for a way through what is no object. */
  set(path: JSONPath, value: unknown): void {
    for (let depth = 1; depth < path.length; depth += 1) {
      const within = this.get(path.slice(0, depth));
      if (within !== undefined && typeof path[depth] === "string" && !isObject(within))
        throw new SyntaxError(`Cannot add to "${path.slice(0, depth).join(".")}": wanted an object`);
    }
    this.#text = value === undefined ? removeAt(this.#text, path) : putAt(this.#text, path, value);
    this.value = parseSettings(this.#text);
  }

  /** Makes p9's entry of an event the one that is wanted. @throws {SyntaxError} for events in another shape. */
  put(event: string, entry: object): void {
    const mine = this.#entries(event).filter((one) => oursIn(one).length > 0);
    if (mine.length === 1 && JSON.stringify(mine[0]) === JSON.stringify(entry)) return;
    this.#drop(event);
    this.set([...this.#at, event, -1], entry);
    this.say(mine.length > 0 ? `renewed the ${event} hook` : `added the ${event} hook`);
  }

  /** Takes p9's entries out of all events, and what is empty without them. */
  dropAll(): void {
    const events = this.get(this.#at);
    for (const event of isObject(events) ? Object.keys(events) : [])
      if (Array.isArray(this.get([...this.#at, event])) && this.#drop(event)) this.say(`removed the ${event} hook`);
    const left = this.get(this.#at);
    if (this.#at.length > 0 && this.#done.length > 0 && isObject(left) && Object.keys(left).length === 0)
      this.set([...this.#at], undefined);
  }

  /** The value at a path of objects; undefined: there is none. */
  get(path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), this.value);
  }

  #entries(event: string): readonly Entry[] {
    const name = [...this.#at, event].join(".");
    const events = this.get(this.#at);
    if (events === undefined) return [];
    if (!isObject(events)) throw new SyntaxError(`Cannot add to "${this.#at.join(".")}": wanted an object of events`);
    const entries = events[event];
    if (entries === undefined) return [];
    if (!Array.isArray(entries)) throw new SyntaxError(`Cannot add to "${name}": wanted a list`);
    return entries;
  }

  /** Removes p9's handlers of an event, and the groups and lists that are empty without them. */
  #drop(event: string): boolean {
    const path = [...this.#at, event];
    let dropped = false;
    for (let index = this.#entries(event).length - 1; index >= 0; index--) {
      const entry = this.#entries(event)[index] ?? {};
      const ours = oursIn(entry);
      if (ours.length === 0) continue;
      dropped = true;
      if (ours.length === handlers(entry).length) this.set([...path, index], undefined);
      else for (const at of [...ours].reverse()) this.set([...path, index, "hooks", at], undefined);
    }
    if (dropped && this.#entries(event).length === 0) this.set(path, undefined);
    return dropped;
  }
}

/** The handlers of an entry: those of a group, or itself. */
function handlers(entry: Entry): readonly Entry[] {
  if (!isObject(entry)) return [];
  return Array.isArray(entry.hooks) ? entry.hooks.map((one) => (isObject(one) ? one : {})) : [entry];
}

/** Which of an entry's handlers are p9's. */
function oursIn(entry: Entry): readonly number[] {
  return handlers(entry).flatMap(({ command, bash }, at) => (isOurs(command) || isOurs(bash) ? [at] : []));
}
