import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import { keysAt } from "../providers/describe/schema-keys.ts";
import { BLOCKS, type CiHeal, type CiWatch } from "./schema.ts";

/** A block after checking. */
export interface Checked<T> {
  /** The value of the valid keys, with defaults. */
  readonly value: T;
  /** The block as written, without invalid and unknown keys. */
  readonly left: unknown;
  /** Sentences that name the key and what is wanted. */
  readonly problems: readonly string[];
  /** Unknown keys, which are left out. */
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
  readonly origin?: string;
  readonly maximum?: unknown;
}

/** Checks one block as read from `file`. */
export function checkBlock(name: "ci_watch", raw: unknown, file: string): Checked<CiWatch>;
export function checkBlock(name: "ci_heal", raw: unknown, file: string): Checked<CiHeal>;
export function checkBlock(name: keyof typeof BLOCKS, raw: unknown, file: string): Checked<CiWatch | CiHeal> {
  let left = structuredClone(raw);
  const warnings: string[] = [];
  const problems: string[] = [];
  for (;;) {
    const result = BLOCKS[name].safeParse(left);
    if (result.success) {
      return { value: result.data, left, problems, warnings };
    }
    const issues: readonly Issue[] = result.error.issues;
    const unknown = issues.flatMap(({ code, path, keys = [] }) =>
      code === "unrecognized_keys" ? keys.map((key) => [...path, key]) : [],
    );
    for (const path of unknown) {
      const meant = didYouMean(String(path.at(-1)), keysAt(BLOCKS[name], path.slice(0, -1)));
      warnings.push(`Unknown key "${[name, ...path].join(".")}" in "${file}" is ignored${meant}`);
    }
    // Unknown keys must not make the keys around them invalid, so check again without them.
    const wrong = unknown.length > 0 ? [] : issues;
    // Invalid a second time: the block is wrong as a whole.
    const isBeyondMending = wrong.length > 0 && problems.length > 0;
    for (const issue of wrong) problems.push(sentence(name, left, issue, file));
    left = isBeyondMending ? {} : without(left, [...unknown, ...wrong.map(({ path }) => path)]);
  }
}

/** The block without what stands at these paths; without anything when the block itself is wrong. */
function without(block: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  const once = new Map(paths.map((path) => [path.map(String).join("/"), path]));
  // From the end of a list to its start, because removing an element moves those behind it.
  for (const path of [...once.values()].reverse()) {
    const parent = at(block, path.slice(0, -1));
    const key = path.at(-1);
    if (key === undefined) return {};
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else if (isObject(parent)) delete parent[String(key)];
  }
  return block;
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

/** What zod says where the schema does not say what is wanted. */
const UNSAID = "Invalid input";

function wanted(issue: Issue): string {
  if (issue.code === "invalid_value") return `one of ${(issue.values ?? []).map((value) => `"${value}"`).join(", ")}`;
  if (issue.code === "too_small" && issue.origin === "string") return "a text that is not empty";
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_union" && issue.message !== UNSAID) return issue.message;
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
