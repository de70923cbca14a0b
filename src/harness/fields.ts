import { isObject } from "../base/json.ts";

/** A hook's standard input, or an object in it: each field as what is wanted of it, whatever is there. */
export class Fields {
  readonly #raw: Record<string, unknown>;

  constructor(raw: unknown) {
    this.#raw = isObject(raw) ? raw : {};
  }

  /** @throws {SyntaxError} for what is no JSON object. */
  static parse(text: string): Fields {
    const raw: unknown = JSON.parse(text);
    if (!isObject(raw)) throw new SyntaxError("Cannot read the hook's input: wanted a JSON object");
    return new Fields(raw);
  }

  /** The first of these fields that is a text; empty: none is. */
  text(...names: readonly string[]): string {
    return this.#first(names, isText) ?? "";
  }

  /** The same, or undefined. */
  some(...names: readonly string[]): string | undefined {
    return this.#first(names, isText);
  }

  /** Whether one of these fields is true. */
  flag(...names: readonly string[]): boolean {
    return names.some((name) => this.#raw[name] === true);
  }

  /** The first of these fields that is a number. */
  number(...names: readonly string[]): number | undefined {
    return this.#first(names, isNumber);
  }

  /** The first of these fields that is an object; an empty one: none is. */
  at(...names: readonly string[]): Fields {
    return new Fields(this.#first(names, isObject));
  }

  /** The objects of a list. */
  list(name: string): readonly Fields[] {
    const value = this.#raw[name];
    return Array.isArray(value) ? value.filter(isObject).map((each) => new Fields(each)) : [];
  }

  /** The texts of a list. */
  texts(name: string): readonly string[] {
    const value = this.#raw[name];
    return Array.isArray(value) ? value.filter(isText) : [];
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#raw, name);
  }

  #first<T>(names: readonly string[], isWanted: (value: unknown) => value is T): T | undefined {
    return names.map((name) => this.#raw[name]).find(isWanted);
  }
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
