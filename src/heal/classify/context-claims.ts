import { type CommandMeaning, checksDrift, commandMeanings, driftType, isWrittenDrift } from "./command-context.ts";
import { type Finding, FindingReader } from "./findings/finding.ts";
import type { Hit } from "./line-index.ts";
import type { PrintedDiff } from "./mask.ts";
import type { FailureType, Rule } from "./rule.ts";
import type { Step } from "./steps.ts";
import type { FailingTest } from "./tests/failing-tests.ts";

/** One type of failure that something in a step speaks for. */
export interface Claim {
  readonly type: FailureType;
  readonly score: number;
  readonly why: string;
  readonly tool: string;
  readonly rules: readonly Rule[];
  /** Indices into the step's output, the deciding line first. */
  readonly lines: readonly number[];
  readonly transient: boolean;
  /** Whether a tool could repair it all, where no rule says so; absent: the rules say. */
  readonly fixable?: boolean | null;
}

/** What a step shows beside the lines on which rules held. */
export interface Context {
  readonly step: Step;
  readonly lines: readonly string[];
  readonly diffs: readonly PrintedDiff[];
  /** The commands that ran, the last one last. */
  readonly run: readonly string[];
  readonly kept: readonly Hit[];
  readonly tests: readonly FailingTest[];
}

type Make = (type: FailureType, score: number, why: string, at: readonly number[], more?: Partial<Claim>) => Claim;
const make: Make = (type, score, why, at, more = {}) => {
  return { type, score, why, tool: "any", rules: [], lines: at, transient: false, fixable: null, ...more };
};

/** Claims of the exit code, named tests, a printed diff, findings or the command, for steps where no rule is sure. */
export function contextClaims(context: Context): Claim[] {
  const { step, lines, diffs, run, kept, tests } = context;
  const claims = exitClaims(step, lines, run);
  const strongest = Math.max(0, ...kept.filter((hit) => !hit.rule.echo).map((hit) => hit.rule.weight));
  const failing = tests.filter(({ weak }) => !weak);
  if (failing.length > 0 && strongest < 0.9)
    claims.push(
      make(
        "test",
        0.9,
        "failing-tests",
        failing.map(({ at }) => at),
        { tool: failing[0]!.runner },
      ),
    );
  const diff = diffs.findLast((candidate) => candidate.by === "git");
  if (diff && checksDrift(run) && !kept.some((hit) => hit.line > diff.at && hit.rule.weight >= 0.85)) {
    const files = diffs.filter((candidate) => candidate.by === "git").flatMap((candidate) => [...candidate.files]);
    const fixable = isWrittenDrift(run) ? true : null;
    claims.push(make(driftType(run, files), 0.93, "git-diff", [diff.at], { tool: "git", fixable }));
  } else if (strongest < 0.8 && failing.length === 0) {
    const found = [commandClaim(context), findingsClaim(context)].filter((claim) => claim !== undefined);
    const best = found.toSorted((a, b) => b.score - a.score)[0];
    if (best) claims.push(best);
  }
  return claims;
}

function exitClaims(step: Step, lines: readonly string[], run: readonly string[]): Claim[] {
  const end = lastLine(lines);
  const claims: Claim[] = [];
  const { exit } = step;
  if (step.cancelled && exit === undefined) claims.push(make("timeout", 0.9, "cancelled", end));
  if (exit === 137) claims.push(make("runner", 0.88, "exit-137", end, { transient: true }));
  if (exit === 143) claims.push(make("runner", 0.84, "exit-143", end, { transient: true }));
  if (exit === 124) claims.push(make("timeout", 0.93, "exit-124", end));
  if (exit === 127) claims.push(make("unclassified", 0.9, "exit-127", end));
  if (exit === 126) claims.push(make("permission", 0.88, "exit-126", end));
  if (!commandMeanings(run).some(({ type }) => type === "test")) return claims;
  const crashed = lines.findLastIndex((text) => CRASH.test(text));
  if (exit === 139 || exit === 134 || crashed >= 0)
    claims.push(make("test", 0.82, "crash", crashed >= 0 ? [crashed] : end));
  return claims;
}

const CRASH =
  /^(?:.{0,200}: )?(?:line \d+: +\d+ )?(?:Segmentation fault|Aborted|Illegal instruction|Bus error|Floating point exception)\b|^Fatal Python error: |Received signal: ?SIG(?:SEGV|BUS|ABRT|ILL|FPE)|^\*\*\* (?:Segmentation fault|SIGSEGV)|signal: (?:11|6|7), SIG/;

/** What the last known command means, where its output looks as that command's findings do. */
function commandClaim({ step, lines, diffs, run }: Context): Claim | undefined {
  const told: number[] = [];
  for (let at = lines.length - 1; at >= 0 && told.length < 30; at--)
    if (lines[at]!.trim() !== "" && !/^Process completed/.test(lines[at]!)) told.push(at);
  told.reverse();
  const shaped = (pattern: RegExp): number[] => told.filter((index) => pattern.test(lines[index]!));
  const paths = shaped(PATH);
  const found = {
    paths: paths.length > 0 ? paths : diffs.slice(-1).map((diff) => diff.at),
    findings: shaped(FINDING),
    places: shaped(PLACED),
    drift: shaped(DRIFTED),
    errors: shaped(/\b(?:error|fatal|cannot|undefined|undeclared)\b/i),
    anything: told.slice(-1),
  };
  const meaning = commandMeanings(run).find((one) => found[one.needs].length > 0 && fits(one, run));
  if (!meaning) return undefined;
  const at = found[meaning.needs];
  const files = at.map((index) => lines[index]!.trim().split(/\s+/).at(-1)!);
  const type = meaning.needs === "drift" ? driftType(run, files) : meaning.type;
  const score = meaning.type === "test" && step.goesOn ? Math.max(meaning.weight, 0.72) : meaning.weight;
  return make(type, score, `command ${meaning.tool}`, at, { tool: meaning.tool, fixable: mends(meaning, run) });
}

/** A test command behind `&&` need not have started. */
function fits({ type, needs }: CommandMeaning, run: readonly string[]): boolean {
  return type !== "test" || needs !== "anything" || !/&&/.test(run.at(-1) ?? "");
}

/** A known formatter that lists files writes what it wants; a drift is repaired by what wrote it. Everything else is a guess. */
function mends({ type, needs, known }: CommandMeaning, run: readonly string[]): boolean | null {
  if (needs === "drift") return isWrittenDrift(run) ? true : null;
  return type === "format" && known ? true : null;
}

/** Last lines of a step in which findings are looked for. */
const MAX_READ = 20_000;

const STYLE =
  /\b(?:trailing (?:white ?space|newline|comma)|line (?:is )?(?:too long|longer)|missing (?:trailing |final )?newline|tab characters?|indentation|whitespace|unused (?:import|variable)|naming convention|should be|must (?:be|not)|copyright|license header)\b/i;

/** Not every place in a file is a finding. */
function tells({ severity, rule, text }: Finding): boolean {
  return text !== "" && severity !== "note" && (severity !== null || rule !== null || STYLE.test(text));
}

/** Findings of a tool that no rule knows: what they are is told by their rules, their severity and their words. */
function findingsClaim({ lines, kept }: Context): Claim | undefined {
  const reader = new FindingReader();
  const from = Math.max(0, lines.length - MAX_READ);
  const found = lines.slice(from).flatMap((text, index) => {
    const finding = reader.read(text);
    return finding && tells(finding) ? [{ at: from + index, finding }] : [];
  });
  if (found.length === 0 || kept.some(({ rule }) => !rule.echo && rule.weight >= 0.66)) return undefined;
  const ruled = found.filter(({ finding }) => finding.rule !== null || STYLE.test(finding.text));
  const errors = found.filter(({ finding }) => finding.severity === "error");
  if (ruled.length * 2 >= found.length) return make("lint", 0.74, "findings", ruled.map(({ at }) => at).slice(0, 20));
  if (errors.length > 0) return make("build", 0.66, "findings", errors.map(({ at }) => at).slice(0, 20));
  return undefined;
}

const PATH = /^\s*(?:\[\w+\] )?(?:\.?\.?\/)?[\w@./+-]{1,300}\.\w{1,10}(?:\.orig)?\s*$/;
const FINDING = /^\s*\S{1,300}[:(]\d+(?:[:,]\d+)?\)?[: ]|^\s+\d+:\d+\s|^\d+ (?:errors?|warnings?|problems?|issues?)\b/;
const PLACED = /^\W{0,4}(?:[\w@.+-]{1,80}\/){1,20}[\w@.+-]{1,120}\.\w{1,8}(?::\d+)*: \S/;
const DRIFTED = /^(?:\s?[MADRU?]{1,2}\s+\S+| \S.{0,200} \|\s+\d+ [+-]+|\s?\d+ files? changed,)/;

function lastLine(lines: readonly string[]): number[] {
  const at = lines.findLastIndex((text) => text.trim() !== "" && !text.startsWith("Process completed"));
  return at < 0 ? [] : [at];
}
