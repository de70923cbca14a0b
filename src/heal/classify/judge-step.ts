import { type Claim, contextClaims } from "./context-claims.ts";
import { isFixable } from "./fixable.ts";
import { type Hit, Lines } from "./line-index.ts";
import { mask } from "./mask.ts";
import { commandsOf } from "./read/commands.ts";
import { forgiven, withoutForgiven } from "./read/forgiven.ts";
import { invocations } from "./read/shell.ts";
import { isLasting, isOwnServer } from "./read/voices.ts";
import { ROOT_ORDER } from "./rubric.ts";
import type { FailureType, Rule } from "./rule.ts";
import { passedLines } from "./runner-verdicts.ts";
import { type Spoken, silence } from "./silence.ts";
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

const CLOSE = 0.08;
/** How sure words make us that were said in passing. */
const FAINT = 0.65;
/** Judges one failing step by the rubric. Pure; its cost is linear in the step's output. */
export function judge(step: Step, rules: readonly Rule[]): Judgement {
  const { lines, diffs, commands, commandsAt } = mask(step.output);
  const run = commandsOf(step, commands).map(withoutForgiven).filter(Boolean);
  const index = new Lines(lines);
  const texts = step.output.map((line) => line.text);
  const spoke: Spoken[] = rules.flatMap((rule) => index.search(rule)).map((hit) => ({ hit }));
  const tests = stillFailing(failingTests(texts, new Lines(texts)), spoke, lines);
  silence(spoke, {
    lines,
    failedAt: tests.flatMap(({ weak, at }) => (weak ? [] : [at])),
    commandsAt,
    forgiven: forgiven(step.script, commands, commandsAt, lines.length),
    programs: run.slice(-3).flatMap((command) => invocations(command).map(({ program }) => program)),
    errorsAt: markedLines(step),
  });
  const kept = spoke.filter((entry) => entry.dropped === undefined).map((entry) => entry.hit);
  const heard = [...toClaims(kept, run, lines), ...contextClaims({ step, lines, diffs, run, kept, tests })];
  const claims = heard.some(({ score }) => score >= FAINT) ? heard : [...heard, ...faintClaims(spoke, run, lines)];
  const best = decide(claims);
  const type = best ? refine(best, lines) : "unclassified";
  return {
    type,
    confidence: best ? confidence(best, claims) : 0,
    why: best?.why ?? "no rubric pattern matched",
    tool: best?.tool ?? "any",
    lines: best?.lines ?? [],
    fixable: best && !disputes(best, claims) ? mendable(best, type, lines) : null,
    transient: best?.transient === true && rivals(best, claims).length === 0,
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

/** Tests that failed without a verdict of their runner, before it said that all passed, were tried again. */
function stillFailing(
  tests: readonly FailingTest[],
  spoke: readonly Spoken[],
  lines: readonly string[],
): readonly FailingTest[] {
  if (tests.length === 0 || spoke.some(({ hit }) => hit.rule.type === "test" && hit.rule.weight >= 0.8)) return tests;
  const passed = passedLines(lines).at(-1) ?? -1;
  return tests.filter(({ at }) => at > passed);
}

function markedLines({ output }: Step): number[] {
  const found: number[] = [];
  for (let at = 0; at < output.length; at++) if (output[at]!.level === "error") found.push(at);
  return found;
}

/** Whether a tool can repair it all: by what it said itself, else by what the claim knows. */
function mendable(best: Claim, type: FailureType, lines: readonly string[]): boolean | null {
  return best.fixable === undefined ? isFixable(type, best.rules, lines) : best.fixable;
}

/** What was said in passing, for steps in which nothing speaks louder. */
function faintClaims(spoke: readonly Spoken[], run: readonly string[], texts: readonly string[]): Claim[] {
  const hits = spoke.filter(({ faint }) => faint === true).map(({ hit }) => hit);
  return toClaims(hits, run, texts).map((claim) => ({ ...claim, score: FAINT, transient: false }));
}

function toClaims(hits: readonly Hit[], run: readonly string[], texts: readonly string[]): Claim[] {
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
    const lasting = list.some(({ line }) => [line - 1, line, line + 1].some((near) => isLasting(texts[near] ?? "")));
    const own = type === "network" && list.some(({ line }) => isOwnServer(texts[line] ?? ""));
    const transient = !lasting && !own && list.every((hit) => hit.rule.transient === true);
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
  return Math.round(Math.max(0.05, best.score - 0.12 * rivals(best, claims).length) * 100) / 100;
}

function others(best: Claim, claims: readonly Claim[]): Claim[] {
  return claims.filter((claim) => claim.type !== best.type && claim.score >= 0.75);
}

/** Types that a printed difference shows alike: what a formatter or a generator wants written. */
const WRITTEN: ReadonlySet<FailureType> = new Set(["format", "codegen_drift"]);

/** Whether something else failed too, so that a repair of this one would leave the step red. */
function disputes(best: Claim, claims: readonly Claim[]): boolean {
  return others(best, claims).some(({ type }) => !(WRITTEN.has(best.type) && WRITTEN.has(type)));
}

/** Those that do not follow from this one. While there are any, running again is a guess. */
function rivals(best: Claim, claims: readonly Claim[]): Claim[] {
  return others(best, claims).filter((claim) => !COMPANIONS[best.type]?.includes(claim.type));
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
