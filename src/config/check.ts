import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import { keysAt } from "../providers/describe/schema-keys.ts";
import { BLOCKS, type CiHeal, type CiWatch } from "./schema.ts";
import { serviceProblems } from "./services.ts";

/** A block after checking: `value` is null when there are problems. */
export interface Checked<T> {
  readonly value: T | null;
  /** Sentences that name the key and what is wanted. */
  readonly problems: readonly string[];
  /** Unknown keys, which are left out of `value`, and services that cannot be used as they are described. */
  readonly warnings: readonly string[];
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/** Checks one block as read from `file`. */
export function checkBlock(name: "ci_watch", raw: unknown, file: string): Checked<CiWatch>;
export function checkBlock(name: "ci_heal", raw: unknown, file: string): Checked<CiHeal>;
export function checkBlock(name: keyof typeof BLOCKS, raw: unknown, file: string): Checked<CiWatch | CiHeal> {
  const input = structuredClone(raw);
  const warnings: string[] = [];
  for (;;) {
    const result = BLOCKS[name].safeParse(input);
    if (result.success) {
      if (name === "ci_watch") warnings.push(...serviceProblems(result.data as CiWatch, file));
      return { value: result.data, problems: [], warnings };
    }
    const issues: readonly Issue[] = result.error.issues;
    const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
    if (unknown.length === 0)
      return { value: null, problems: issues.map((issue) => sentence(name, input, issue, file)), warnings };
    for (const issue of unknown) {
      const parent = at(input, issue.path);
      for (const key of issue.keys ?? []) {
        if (isObject(parent)) delete parent[key];
        const meant = didYouMean(key, keysAt(BLOCKS[name], issue.path));
        warnings.push(`Unknown key "${[name, ...issue.path, key].join(".")}" in "${file}" is ignored${meant}`);
      }
    }
  }
}

function sentence(block: string, input: unknown, issue: Issue, file: string): string {
  const key = [block, ...issue.path].join(".");
  return `Cannot use "${key}" in "${file}": wanted ${wanted(issue)}, got ${got(at(input, issue.path))}`;
}

const TYPES: Readonly<Record<string, string>> = {
  boolean: "true or false without quotes",
  number: "a number",
  int: "a whole number",
  string: "text",
  array: "a list",
  object: "a block of keys",
  record: "a block of keys",
};

function wanted(issue: Issue): string {
  if (issue.code === "invalid_value") return `one of ${(issue.values ?? []).map((value) => `"${value}"`).join(", ")}`;
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "custom") return issue.message;
  return TYPES[issue.expected ?? ""] ?? "a value of another form (references/config.md)";
}

function got(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return `the text ${JSON.stringify(clip(value))}`;
  return clip(JSON.stringify(value));
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value)) value = value[String(key)];
    else return undefined;
  }
  return value;
}
