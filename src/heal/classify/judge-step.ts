import { commandMeanings, driftType } from "./command-context.ts";
import { isFixable } from "./fixable.ts";
import { type Hit, Lines } from "./line-index.ts";
import { mask, type PrintedDiff } from "./mask.ts";
import { ROOT_ORDER } from "./rubric.ts";
import type { FailureType, Rule } from "./rule.ts";
import { brokenSuiteLines, passedLines } from "./runner-verdicts.ts";
import type { Step } from "./steps.ts";
import { type FailingTest, failingTests } from "./tests/failing-tests.ts";

/** The judgement of one failing step, and the lines that decided it. */
export interface Judgement {
  readonly type: FailureType;
  readonly confidence: number;
  /** The rule or the context that decided. */
  readonly why: string;
  readonly tool: string;
  /** Indices into the step's output, the deciding line first. */
  readonly lines: readonly number[];
  readonly fixable: boolean | null;
  readonly transient: boolean;
  /** The tests that runners named as failed. */
  readonly tests: readonly FailingTest[];
  /** All rules that matched, strongest first, for `--explain`. */
  readonly spoke: readonly {
    rule: string;
    type: FailureType;
    weight: number;
    line: number;
    text: string;
    dropped?: string;
  }[];
}

interface Claim {
  readonly type: FailureType;
  readonly score: number;
  readonly why: string;
  readonly tool: string;
  readonly rules: readonly Rule[];
  readonly lines: readonly number[];
  readonly transient: boolean;
}

const NEAR = 40;
const CLOSE = 0.08;
const TITLE = /^\s*(?:not ok \d|[✗×✕✖❯●] (?!\d)|--- FAIL|FAIL(?:ED)? |\d+\) )/;
const MACHINE: ReadonlySet<FailureType> = new Set(["runner", "timeout", "merge_conflict"]);
const OUTSIDE: ReadonlySet<FailureType> = new Set(["network", "rate_limit", "permission"]);
const FINDINGS: ReadonlySet<FailureType> = new Set([
  "lint",
  "format",
  "type",
  "test",
  "build",
  "codegen_drift",
  "lockfile",
]);

/** Judges one failing step by the rubric. Pure; its cost is linear in the step's output. */
export function judge(step: Step, rules: readonly Rule[]): Judgement {
  const { lines, diffs, commands } = mask(step.output);
  const run = [...step.script, ...commands];
  const text = new Lines(lines);
  const spoke: { hit: Hit; dropped?: string }[] = rules.flatMap((rule) => text.search(rule)).map((hit) => ({ hit }));
  dropQuoted(spoke, lines);
  dropPassed(spoke, lines);
  dropOvercome(spoke);
  const kept = spoke.filter((entry) => entry.dropped === undefined).map((entry) => entry.hit);
  const texts = step.output.map((line) => line.text);
  const tests = failingTests(texts, new Lines(texts));
  const claims = [...toClaims(kept, run), ...contextClaims(step, lines, diffs, run, kept)];
  const best = decide(claims);
  const type = best ? refine(best, lines) : "unclassified";
  return {
    type,
    confidence: best ? confidence(best, claims) : 0,
    why: best?.why ?? "no rubric pattern matched",
    tool: best?.tool ?? "any",
    lines: best?.lines ?? [],
    fixable: best ? isFixable(type, best.rules, lines) : null,
    transient: best?.transient ?? false,
    tests,
    spoke: spoke
      .map(({ hit, dropped }) => ({
        rule: hit.rule.id,
        type: hit.rule.type,
        weight: hit.rule.weight,
        line: hit.line,
        text: lines[hit.line]!,
        ...(dropped ? { dropped } : {}),
      }))
      .sort((a, b) => b.weight - a.weight || a.line - b.line),
  };
}

/** Drops findings in titles of tests, which may name anything. */
function dropQuoted(spoke: { hit: Hit; dropped?: string }[], lines: readonly string[]): void {
  for (const entry of spoke)
    if (entry.hit.rule.type !== "test" && TITLE.test(lines[entry.hit.line]!))
      entry.dropped = "stands in the title of a test";
}

/** Drops what a test runner printed before its verdict, unless a suite could not start or the machine broke. */
function dropPassed(spoke: { hit: Hit; dropped?: string }[], lines: readonly string[]): void {
  const failed = spoke
    .filter(({ hit }) => hit.rule.type === "test" && hit.rule.weight >= 0.85)
    .map(({ hit }) => hit.line);
  const passed = passedLines(lines);
  if (failed.length > 0) {
    const broken = brokenSuiteLines(lines);
    for (const entry of spoke) {
      const { rule, line } = entry.hit;
      if (rule.type === "test" || entry.dropped) continue;
      const near = rule.deep && (MACHINE.has(rule.type) || broken.some((at) => Math.abs(at - line) <= NEAR));
      if (!near) entry.dropped = "printed by a test run";
    }
    return;
  }
  const last = passed.at(-1);
  if (last === undefined) return;
  const later = spoke.some(({ hit }) => hit.line > last || hit.rule.type === "unclassified");
  if (later)
    for (const entry of spoke)
      if (entry.hit.line < last && entry.hit.rule.type !== "unclassified")
        entry.dropped ??= "printed before the tests passed";
}

/** Drops a retry that another tool's finding follows, since the retry had succeeded. */
function dropOvercome(spoke: { hit: Hit; dropped?: string }[]): void {
  const findings = spoke.filter(
    ({ hit, dropped }) => !dropped && FINDINGS.has(hit.rule.type) && hit.rule.weight >= 0.85 && !hit.rule.echo,
  );
  const last = Math.max(-1, ...findings.map(({ hit }) => hit.line));
  for (const entry of spoke)
    if (OUTSIDE.has(entry.hit.rule.type) && entry.hit.line < last)
      entry.dropped ??= "was overcome: a later command had findings";
}

function toClaims(hits: readonly Hit[], run: readonly string[]): Claim[] {
  const ran = run.join("\n").toLowerCase();
  const types = new Map<FailureType, Hit[]>();
  for (const hit of hits) {
    const list = types.get(hit.rule.type);
    if (list) list.push(hit);
    else types.set(hit.rule.type, [hit]);
  }
  return [...types].map(([type, list]) => {
    const top = list.reduce((best, hit) => (hit.rule.weight > best.rule.weight ? hit : best));
    const named = top.rule.tool !== "any" && ran.includes(top.rule.tool.split(" ")[0]!);
    const score = Math.min(0.99, top.rule.weight + (named ? 0.02 : 0) + (list.length > 1 ? 0.01 : 0));
    const lines = [...new Set([top.line, ...list.map((hit) => hit.line).sort((a, b) => a - b)])];
    const transient = list.every((hit) => hit.rule.transient === true);
    return {
      type,
      score: top.rule.echo ? Math.min(score, 0.7) : score,
      why: top.rule.id,
      tool: top.rule.tool,
      rules: list.map((hit) => hit.rule),
      lines,
      transient,
    };
  });
}

/** Claims of the exit code, a printed diff or the command, for steps without a rule. */
function contextClaims(
  step: Step,
  lines: readonly string[],
  diffs: readonly PrintedDiff[],
  run: readonly string[],
  kept: readonly Hit[],
): Claim[] {
  const claims: Claim[] = [];
  const add = (
    type: FailureType,
    score: number,
    why: string,
    at: readonly number[],
    more: Partial<Claim> = {},
  ): void => {
    claims.push({ type, score, why, tool: "any", rules: [], lines: at, transient: false, ...more });
  };
  const end = lastLine(lines);
  if (step.cancelled && step.exit === undefined) add("timeout", 0.9, "cancelled", end);
  if (step.exit === 137) add("runner", 0.88, "exit-137", end, { transient: true });
  if (step.exit === 143) add("runner", 0.84, "exit-143", end, { transient: true });
  if (step.exit === 124) add("timeout", 0.93, "exit-124", end);
  if (step.exit === 127) add("unclassified", 0.9, "exit-127", end);
  if (step.exit === 126) add("permission", 0.88, "exit-126", end);
  const strongest = Math.max(0, ...kept.filter((hit) => !hit.rule.echo).map((hit) => hit.rule.weight));
  const diff = diffs.findLast((candidate) => candidate.by === "git");
  if (diff && !kept.some((hit) => hit.line > diff.at && hit.rule.weight >= 0.85)) {
    const files = diffs.filter((candidate) => candidate.by === "git").flatMap((candidate) => [...candidate.files]);
    add(driftType(run, files), 0.93, "git-diff", [diff.at], { tool: "git" });
  } else if (strongest < 0.8) addCommandClaim(add, lines, diffs, run);
  return claims;
}

function addCommandClaim(
  add: (type: FailureType, score: number, why: string, at: readonly number[], more?: Partial<Claim>) => void,
  lines: readonly string[],
  diffs: readonly PrintedDiff[],
  run: readonly string[],
): void {
  const told = lines
    .flatMap((text, index) => (text.trim() === "" || /^Process completed/.test(text) ? [] : [index]))
    .slice(-30);
  const shaped = (pattern: RegExp): number[] => told.filter((index) => pattern.test(lines[index]!));
  const paths = shaped(PATH);
  const found = {
    paths: paths.length > 0 ? paths : diffs.slice(-1).map((diff) => diff.at),
    findings: shaped(FINDING),
    drift: shaped(DRIFTED),
    errors: shaped(/\b(?:error|fatal|cannot|undefined|undeclared)\b/i),
    anything: told.slice(-1),
  };
  const meaning = commandMeanings(run).find((candidate) => found[candidate.needs].length > 0);
  if (!meaning) return;
  const at = found[meaning.needs];
  const files = at.map((index) => lines[index]!.trim().split(/\s+/).at(-1)!);
  const type = meaning.needs === "drift" ? driftType(run, files) : meaning.type;
  add(type, meaning.weight, `command ${meaning.tool}`, at, { tool: meaning.tool });
}

const PATH = /^\s*(?:\[\w+\] )?(?:\.?\.?\/)?[\w@./+-]{1,300}\.\w{1,10}(?:\.orig)?\s*$/;
const FINDING = /^\s*\S{1,300}[:(]\d+(?:[:,]\d+)?\)?[: ]|^\s+\d+:\d+\s|^\d+ (?:errors?|warnings?|problems?|issues?)\b/;
const DRIFTED = /^(?:\s?[MADRU?]{1,2}\s+\S+| \S.{0,200} \|\s+\d+ [+-]+|\s?\d+ files? changed,)/;

function lastLine(lines: readonly string[]): number[] {
  const at = lines.findLastIndex((text) => text.trim() !== "" && !text.startsWith("Process completed"));
  return at < 0 ? [] : [at];
}

/** Chooses the most fundamental of the strongest claims. */
function decide(claims: readonly Claim[]): Claim | undefined {
  const top = Math.max(0, ...claims.map((claim) => claim.score));
  const close = claims.filter((claim) => claim.score >= top - CLOSE);
  return close.sort((a, b) => ROOT_ORDER.indexOf(a.type) - ROOT_ORDER.indexOf(b.type) || b.score - a.score)[0];
}

/** Turns a linter's finding into a formatter's when it is only about layout. */
function refine(best: Claim, lines: readonly string[]): FailureType {
  if (best.type !== "lint" || best.tool !== "rubocop") return best.type;
  const findings = lines.filter((line) => /^\S{1,300}:\d+:\d+: [CWERF]: /.test(line));
  const layout = findings.filter((line) => / Layout\//.test(line));
  return layout.length > 0 &&
    layout.length === findings.length &&
    findings.every((line) => line.includes("[Correctable]") || layout.length > 1)
    ? "format"
    : best.type;
}

/** The confidence of a claim, lower when another type of failure is present, which a heal would leave. */
function confidence(best: Claim, claims: readonly Claim[]): number {
  const rivals = claims.filter(
    (claim) => claim.type !== best.type && claim.score >= 0.75 && !COMPANIONS[best.type]?.includes(claim.type),
  );
  return Math.round(Math.max(0.05, best.score - 0.12 * rivals.length) * 100) / 100;
}

/** Types that usually follow from a cause, so that they do not lower its confidence. */
const COMPANIONS: Partial<Record<FailureType, readonly FailureType[]>> = {
  merge_conflict: ["build", "type", "permission", "test"],
  runner: ["build", "test", "timeout", "network"],
  timeout: ["test", "runner"],
  network: ["import_missing", "build", "permission", "timeout", "lockfile"],
  rate_limit: ["network", "permission", "import_missing"],
  permission: ["network", "build"],
  lockfile: ["import_missing", "build"],
  import_missing: ["build", "type", "test", "lint"],
  build: ["type", "test", "lint"],
  type: ["build", "test", "lint"],
  lint: ["build"],
  format: ["lint"],
  unclassified: ["test", "lint", "build", "format", "network", "permission"],
};
