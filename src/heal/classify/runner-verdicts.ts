const PASSED =
  /^\s*(?:Tests:?\s+\d+ (?:passed|skipped)|Test Suites: \d+ passed|Test Files\s+\d+ passed|\d+ passing\b|# fail 0$|ℹ fail 0$|test result: ok\.|\d+ examples?, 0 failures|\d+ tests?, 0 failures|\d+ runs, .{0,40} 0 failures, 0 errors|OK \(\d+ tests?|ok\s+\S+\s+\d+\.\d+s|Result: PASS|100% tests passed|=+ \d+ passed.{0,80} in |\d+ passed.{0,60} in \d|Passed!\s+- Failed:\s+0|All tests passed|\[ FAIL 0 \||0 fail$|Executed \d+ of \d+ SUCCESS|BUILD SUCCESS)/;

/** A suite that could not start: the lines near it are the cause, not a test. */
const BROKEN_SUITE =
  /Test suite failed to run|Failed Suites \d|\[ \S{1,200}\.(?:test|spec)\.\S{1,10} \]$|Tests:?\s+no tests|Tests:\s+0 total|collected 0 items|errors? during collection|ERROR collecting|ImportError while (?:loading|importing)|\[(?:build|setup) failed\]|errors? occurred outside of examples|could not compile `|An error occurred while loading|Cannot run test suite|0 tests? (?:run|executed)|UNRESOLVED|failed to load (?:test|spec)|Compilation failed|error: no tests to run/;

/** Whether the line ends a passing run. */
export function isPassedRun(text: string): boolean {
  return text !== "" && PASSED.test(text);
}

/** The lines that end a passing run. */
export function passedLines(lines: readonly string[]): number[] {
  return linesWhere(lines, isPassedRun);
}

/** The lines that say that a suite could not start. */
export function brokenSuiteLines(lines: readonly string[]): number[] {
  return linesWhere(lines, (text) => text !== "" && BROKEN_SUITE.test(text));
}

function linesWhere(lines: readonly string[], holds: (text: string) => boolean): number[] {
  const found: number[] = [];
  for (let line = 0; line < lines.length; line++) if (holds(lines[line]!)) found.push(line);
  return found;
}
