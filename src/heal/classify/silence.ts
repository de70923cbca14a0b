import type { Hit } from "./line-index.ts";
import type { Forgiven } from "./read/forgiven.ts";
import { isClosing } from "./read/verdicts.ts";
import { isAside, isInsideName, isOwnError, isQuotedByTest, needsRights } from "./read/voices.ts";
import type { FailureType } from "./rule.ts";
import { brokenSuiteLines, passedLines } from "./runner-verdicts.ts";

/** A line on which a rule held, and why it does not count. */
export interface Spoken {
  readonly hit: Hit;
  dropped?: string;
  /** It counts after all where nothing else speaks, but says little. */
  faint?: boolean;
}

/** What the lines around a word show. */
export interface Heard {
  readonly lines: readonly string[];
  /** Lines on which a runner names a failing test. */
  readonly failedAt: readonly number[];
  /** Lines on which the step echoes a command that it starts. */
  readonly commandsAt: readonly number[];
  /** Lines that the CI itself marks as errors. */
  readonly errorsAt: readonly number[];
  /** The programs that ran last. */
  readonly programs: readonly string[];
  readonly forgiven: Forgiven;
}

const NEAR = 40;
const TITLE =
  /^\s*(?:not ok \d|[✗×✕✖❯●] (?!\d)|--- FAIL|FAIL(?:ED)? {1,4}(?:\|?[\w@/-]{1,40}\|? {1,4})?[^\s./:\\]{0,300}[./:\\]|\d+\) )/;
const MACHINE: ReadonlySet<FailureType> = new Set(["runner", "timeout", "merge_conflict"]);
const OUTSIDE: ReadonlySet<FailureType> = new Set(["network", "rate_limit", "permission"]);
/** Types whose words programs print in passing. */
const IN_PASSING: ReadonlySet<FailureType> = new Set(["network", "rate_limit", "permission", "runner", "timeout"]);
const FINDINGS: ReadonlySet<FailureType> = new Set([
  "lint",
  "format",
  "type",
  "test",
  "build",
  "codegen_drift",
  "lockfile",
]);

/**
 * Drops what cannot decide: words inside names, what commands found that may fail, side services, titles of tests, what a test run printed before its verdict, and what
 * the step overcame.
 */
export function silence(spoke: Spoken[], heard: Heard): void {
  const { lines, failedAt, commandsAt, errorsAt } = heard;
  dropNames(spoke, lines);
  dropForgiven(spoke, heard.forgiven);
  dropAsides(spoke, lines);
  dropUnvoiced(spoke, heard);
  dropQuoted(spoke, lines);
  dropPassed(spoke, lines, failedAt);
  dropOvercome(spoke, failedAt, commandsAt);
  dropPassedBy(spoke, lines.length, commandsAt, errorsAt);
}

/** Drops words that stand inside a path, a file's name or a longer word. */
function dropNames(spoke: Spoken[], lines: readonly string[]): void {
  for (const entry of spoke)
    if (IN_PASSING.has(entry.hit.rule.type) && isInsideName(lines[entry.hit.line]!, entry.hit.rule))
      entry.dropped = "stands inside a name";
}

/** Drops what a command found that may fail, `black --check . || true`, and words without a tool that can only be its own. */
function dropForgiven(spoke: Spoken[], { programs, printed }: Forgiven): void {
  const isFree = ({ rule, line }: Hit): boolean =>
    programs.has(rule.tool.split(" ")[0]!) || printed.some(([from, to]) => line >= from && line <= to);
  const free = new Set(spoke.filter(({ hit }) => isFree(hit)).map(({ hit }) => hit.rule.type));
  for (const { hit } of spoke) if (hit.rule.tool !== "any" && !isFree(hit)) free.delete(hit.rule.type);
  for (const entry of spoke) {
    if (!FINDINGS.has(entry.hit.rule.type)) continue;
    if (entry.dropped || !(isFree(entry.hit) || (entry.hit.rule.tool === "any" && free.has(entry.hit.rule.type))))
      continue;
    entry.dropped = "its command may fail";
    entry.faint = true;
  }
}

/** Drops what a side service says, unless nothing else speaks. */
function dropAsides(spoke: Spoken[], lines: readonly string[]): void {
  const asides = spoke.filter(
    ({ hit, dropped }) =>
      !dropped &&
      IN_PASSING.has(hit.rule.type) &&
      (hit.rule.tool === "any" || hit.rule.type !== "network") &&
      isAside(lines[hit.line]!),
  );
  for (const entry of asides) {
    entry.dropped = "is said by a side service or as a warning";
    entry.faint = true;
  }
}

/** Lines at the end of a step that tell why it ended. */
const LAST_WORDS = 12;

/**
 * Drops refusals that nothing shows to be the step's own: they need the voice of the CI or of a failing program, a program that
 * works with rights, or the last words of the step.
 */
function dropUnvoiced(spoke: Spoken[], { lines, failedAt, errorsAt, programs }: Heard): void {
  const own = programs.some(needsRights);
  const marked = new Set(errorsAt);
  const end = lines.findLastIndex((text) => text.trim() !== "" && !isClosing(text));
  const refused = new Set(spoke.filter(({ hit }) => OUTSIDE.has(hit.rule.type)).map(({ hit }) => hit.line));
  /** A program that goes on to report an end of its own did not end by the refusal. */
  const errorAfter = (line: number): boolean =>
    lines.slice(line + 1, end + 1).some((text, below) => isOwnError(text) && !refused.has(line + 1 + below));
  for (const entry of spoke) {
    const { rule, line } = entry.hit;
    if (entry.dropped || rule.type !== "permission" || rule.tool === "policy") continue;
    const served = [line - 3, line - 2, line - 1, line].some((near) => isAside(lines[near] ?? ""));
    const isLast = line > end - LAST_WORDS && !errorAfter(line);
    const voiced = marked.has(line) || own || isLast || isOwnError(lines[line]!);
    if (marked.has(line) || (voiced && !served && failedAt.length === 0)) continue;
    entry.dropped = "is not said by what failed";
    entry.faint = true;
  }
}

/** Drops findings in titles of tests, which may name anything, and what a reporter quotes from inside a test. */
function dropQuoted(spoke: Spoken[], lines: readonly string[]): void {
  for (const entry of spoke) {
    if (entry.hit.rule.type === "test" || entry.dropped) continue;
    const text = lines[entry.hit.line]!;
    if (TITLE.test(text)) entry.dropped = "stands in the title of a test";
    else if (isQuotedByTest(text)) entry.dropped = "was raised inside a test";
  }
}

/** Drops what a test runner printed before its verdict, unless a suite could not start or the machine broke. */
function dropPassed(spoke: Spoken[], lines: readonly string[], failedAt: readonly number[]): void {
  const failed = spoke.some(({ hit, dropped }) => !dropped && hit.rule.type === "test" && hit.rule.weight >= 0.85);
  if (failed || failedAt.length > 0) {
    const broken = brokenSuiteLines(lines);
    for (const entry of spoke) {
      const { rule, line } = entry.hit;
      if (rule.type === "test" || entry.dropped) continue;
      const near = rule.deep && (MACHINE.has(rule.type) || broken.some((at) => Math.abs(at - line) <= NEAR));
      if (!near && (failed || line < Math.max(...failedAt) + NEAR)) entry.dropped = "printed by a test run";
    }
    return;
  }
  const last = passedLines(lines).at(-1);
  if (last === undefined) return;
  const later = spoke.some(({ hit, dropped }) => !dropped && (hit.line > last || hit.rule.type === "unclassified"));
  if (later)
    for (const entry of spoke)
      if (entry.hit.line < last && entry.hit.rule.type !== "unclassified")
        entry.dropped ??= "printed before the tests passed";
}

/**
 * Drops what a later finding of the same step shows to be overcome: a retry that succeeded, a file that could not be read. A fainter
 * finding does where another command started between.
 */
function dropOvercome(spoke: Spoken[], failedAt: readonly number[], commandsAt: readonly number[]): void {
  const findings = (least: number) =>
    spoke
      .filter(
        ({ hit, dropped }) => !dropped && FINDINGS.has(hit.rule.type) && hit.rule.weight >= least && !hit.rule.echo,
      )
      .map(({ hit }) => hit.line);
  const last = Math.max(-1, ...failedAt, ...findings(0.85));
  const fainter = Math.max(-1, ...findings(0.75));
  const started = commandsAt.findLast((at) => at < fainter) ?? -1;
  for (const entry of spoke)
    if (OUTSIDE.has(entry.hit.rule.type) && (entry.hit.line < last || entry.hit.line < started))
      entry.dropped ??= "was overcome: a later command had findings";
}

/** Lines of output behind a started command that show that the step went on, and did not only tidy up. */
const WENT_ON = 25;

/** Drops what the step passed by: it started another command afterwards, which had much to say. */
function dropPassedBy(spoke: Spoken[], end: number, commandsAt: readonly number[], errorsAt: readonly number[]): void {
  const marked = new Set(errorsAt);
  const last = commandsAt.findLast((at) => end - at > WENT_ON) ?? -1;
  for (const entry of spoke) {
    if (entry.dropped || !OUTSIDE.has(entry.hit.rule.type) || marked.has(entry.hit.line) || entry.hit.line > last)
      continue;
    entry.dropped = "the step went on";
    entry.faint = true;
  }
}
