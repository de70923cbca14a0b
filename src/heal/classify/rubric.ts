import type { FailureType, Rule } from "./rule.ts";
import { MERGE_CONFLICT, PERMISSION, TIMEOUT } from "./rules/access.ts";
import { BUILD } from "./rules/build.ts";
import { CODEGEN } from "./rules/codegen.ts";
import { FORMAT } from "./rules/format.ts";
import { IMPORT_MISSING } from "./rules/import-missing.ts";
import { LINT } from "./rules/lint.ts";
import { LOCKFILE } from "./rules/lockfile.ts";
import { NETWORK, RATE_LIMIT } from "./rules/network.ts";
import { OTHER } from "./rules/other.ts";
import { BILLING, RUNNER } from "./rules/runner.ts";
import { TEST } from "./rules/test.ts";
import { TYPE } from "./rules/type.ts";

/** Every built-in rule, in the order of the rubric's tables. */
export const RULES: readonly Rule[] = [
  ...LINT,
  ...FORMAT,
  ...TYPE,
  ...TEST,
  ...BUILD,
  ...CODEGEN,
  ...IMPORT_MISSING,
  ...LOCKFILE,
  ...NETWORK,
  ...RATE_LIMIT,
  ...RUNNER,
  ...BILLING,
  ...TIMEOUT,
  ...PERMISSION,
  ...MERGE_CONFLICT,
  ...OTHER,
];

/** The confidence that a type needs before p9 calls the failure classified. Types that are absent need 0.8. */
export const FLOORS: Readonly<Partial<Record<FailureType, number>>> = {
  lint: 0.8,
  format: 0.8,
  codegen_drift: 0.8,
  import_missing: 0.8,
  test_flaky: 0.9,
};

/** The default of {@link FLOORS}. */
export const DEFAULT_FLOOR = 0.8;

/**
 * Which type is the root when several speak in one step, the most fundamental first: a conflict breaks the parse, a full disk breaks
 * the build, a missing module breaks the types, a compile error breaks the tests.
 */
export const ROOT_ORDER: readonly FailureType[] = [
  "merge_conflict",
  "billing",
  "timeout",
  "runner",
  "unclassified",
  "rate_limit",
  "permission",
  "network",
  "lockfile",
  "import_missing",
  "build",
  "type",
  "lint",
  "format",
  "codegen_drift",
  "test",
  "external",
  "review",
  "test_flaky",
];
