import type { Pattern } from "../../base/outside-pattern.ts";
/** Types of failure. `unclassified` goes to a human. */
export const FAILURE_TYPES = [
  "lint",
  "format",
  "type",
  "test",
  "test_flaky",
  "build",
  "codegen_drift",
  "import_missing",
  "lockfile",
  "network",
  "runner",
  "billing",
  "rate_limit",
  "timeout",
  "permission",
  "merge_conflict",
  "external",
  "review",
  "unclassified",
] as const;

/** One of {@link FAILURE_TYPES}. */
export type FailureType = (typeof FAILURE_TYPES)[number];

/** Whether `value` is one of {@link FAILURE_TYPES}. */
export function isFailureType(value: unknown): value is FailureType {
  return (FAILURE_TYPES as readonly unknown[]).includes(value);
}

/** One rule of the rubric: a line that contains one of `find` (and matches `re`) speaks for `type`. */
export interface Rule {
  /** Unique, kebab-case. */
  readonly id: string;
  readonly type: FailureType;
  /** The tool whose output this is; `any` for wording that many tools share. */
  readonly tool: string;
  /** How sure one such line alone makes us, 0..1; checked against the corpus by bucket. */
  readonly weight: number;
  /** Literals, one of which stands on the line: the cheap first test. Lower-case when `ignoreCase`. */
  readonly find: readonly string[];
  /** Must match the line too. Linear: no nested or adjacent unbounded quantifiers. */
  readonly re?: Pattern;
  /** A real line that the rule matches; a test checks it. */
  readonly example: string;
  readonly ignoreCase?: boolean;
  /** The line counts although a test runner printed it (a suite that could not start, a machine that broke). */
  readonly deep?: boolean;
  /** Running the same again may pass: nothing in the repository is wrong. */
  readonly transient?: boolean;
  /** The tool that printed it can repair every such finding by itself. */
  readonly fixable?: boolean;
  /** Only repeats an earlier cause: loses to any other rule. */
  readonly echo?: boolean;
}

/** The rarer properties of a {@link Row}; see the rule that it makes. */
export interface RuleOptions {
  readonly ignoreCase?: boolean;
  readonly deep?: boolean;
  readonly transient?: boolean;
  readonly fixable?: boolean;
  readonly echo?: boolean;
}

/** A rule as the tables of the rubric write it. */
export type Row = readonly [
  id: string,
  tool: string,
  weight: number,
  find: string | readonly string[],
  re: RegExp | null,
  example: string,
  options?: RuleOptions,
];

/** Turns the rows of one table of the rubric into rules. */
export function rules(type: FailureType, rows: readonly Row[]): readonly Rule[] {
  return rows.map(([id, tool, weight, find, re, example, options]) => {
    const literals = typeof find === "string" ? [find] : find;
    return { id, type, tool, weight, find: literals, ...(re ? { re } : {}), example, ...options };
  });
}
