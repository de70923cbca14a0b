import { chooseLines, placesOf } from "./evidence/choose.ts";
import { type IsTouched, touchedBy } from "./evidence/touched.ts";
import type { Finding } from "./findings/finding.ts";
import { type Judgement, judge } from "./judge-step.ts";
import { normalize } from "./normalize.ts";
import { DEFAULT_FLOOR, FLOORS, RULES } from "./rubric.ts";
import type { FailureType, Rule } from "./rule.ts";
import { signature } from "./signature.ts";
import { failingSteps, type Step, servesOnly, splitSteps } from "./steps.ts";

/** One line that shows the failure. */
export interface EvidenceLine {
  readonly job: string;
  readonly step: string;
  /** Line in the file that the text names, or null. */
  readonly line: number | null;
  readonly text: string;
  /** File that the text names. */
  readonly file?: string;
}

/** What a log says, before the policy is asked what to do about it. */
export interface Classification {
  readonly failure_type: FailureType;
  readonly confidence: number;
  readonly signature_hash: string;
  readonly rationale: string;
  readonly evidence: readonly EvidenceLine[];
  /** Whether the tool can repair everything that it found; null: it does not say. */
  readonly fixable: boolean | null;
  /** Every failing step is transient, so running it again is justified. */
  readonly transient: boolean;
  /** Number of failing lines found, for the evaluator. */
  readonly failures: number;
  /** Each failing step with its judgement, root first. */
  readonly steps: readonly { step: Step; judgement: Judgement }[];
}

/** The confidence that `type` needs, with the policy's own floors first. */
export function floorOf(type: FailureType, own: Readonly<Record<string, number>> | number = {}): number {
  if (typeof own === "number") return own;
  return own[type] ?? FLOORS[type] ?? DEFAULT_FLOOR;
}

const MAX_EVIDENCE = 20;
/** Lines of each further failing step, and such steps. */
const FURTHER_EACH = 4;
const FURTHER_STEPS = 2;
const MAX_TEXT = 300;
const MAX_SUBJECTS = 20;

/**
 * Classifies a log of any shape: splits it into steps, judges the failing ones and takes the first root cause.
 * @param extra the user's own rules, which come before the built-in ones
 */
export function classify(log: string, extra: readonly Rule[] = []): Classification {
  return summarize(judgeLog(log, extra));
}

/** What the logs of several jobs say. */
export interface JobsClassification {
  /** All of them together: the root cause is in the first job that has one. */
  readonly whole: Classification;
  /** Signature of each job's own failure, in the order of the logs. */
  readonly signatures: readonly string[];
}

/**
 * The same for the logs of several jobs, in the order in which they failed; each log is judged once.
 * @param touched files that the pull request changes: what is said of them is shown before what is said of others
 */
export function classifyJobs(
  logs: readonly { readonly job: string; readonly text: string }[],
  extra: readonly Rule[] = [],
  touched: readonly string[] = [],
): JobsClassification {
  const jobs = logs.map(({ job, text }) =>
    judgeLog(text, extra).map(({ step, judgement }) => ({ step: { ...step, job }, judgement })),
  );
  return {
    whole: summarize(jobs.flat(), touchedBy(touched)),
    signatures: jobs.map((judged) => summarize(judged).signature_hash),
  };
}

type JudgedStep = Classification["steps"][number];

function judgeLog(log: string, extra: readonly Rule[]): JudgedStep[] {
  const rules = extra.length > 0 ? [...extra, ...RULES] : RULES;
  return failingSteps(splitSteps(normalize(log))).map((step) => judgeStep(step, rules));
}

/** A step that says too little is judged again with the reports that later steps print, where these name failing tests. */
function judgeStep(step: Step, rules: readonly Rule[]): JudgedStep {
  const judgement = judge(step, rules);
  if (judgement.confidence >= 0.7 || !step.later || step.later.length === 0) return { step, judgement };
  const reported = { ...step, output: [...step.output, ...step.later] };
  const again = judge(reported, rules);
  return again.tests.some(({ weak }) => !weak) ? { step: reported, judgement: again } : { step, judgement };
}

/** Takes the first root cause of the failing steps. */
function summarize(judged: readonly JudgedStep[], isTouched: IsTouched = () => false): Classification {
  const telling = judged.filter(({ judgement }) => judgement.confidence > 0);
  const root = telling.find(({ step }) => !servesOnly(step)) ?? telling[0] ?? judged[0];
  if (!root)
    return {
      failure_type: "unclassified",
      confidence: 0,
      signature_hash: signature("unclassified", []),
      rationale: "no output of a failing step",
      evidence: [],
      fixable: null,
      transient: false,
      failures: 0,
      steps: [],
    };
  const { judgement } = root;
  const matched = judgement.confidence > 0;
  return {
    failure_type: judgement.type,
    confidence: judgement.confidence,
    signature_hash: signatureOf(root),
    rationale: matched
      ? `matched ${judgement.type} at confidence ${judgement.confidence.toFixed(2)}`
      : "no rubric pattern matched",
    evidence: evidenceOf(
      root,
      judged.filter((other) => other !== root),
      isTouched,
    ),
    fixable: judgement.fixable,
    transient: judged.every(({ judgement: other }) => other.transient),
    failures: judged.reduce((total, { judgement: other }) => total + Math.max(1, other.lines.length), 0),
    steps: [root, ...judged.filter((other) => other !== root)],
  };
}

/** Lines of the root cause, then of what else failed. */
function evidenceOf(root: JudgedStep, others: readonly JudgedStep[], isTouched: IsTouched): EvidenceLine[] {
  const further = others.slice(0, FURTHER_STEPS);
  const own = linesOf(root, MAX_EVIDENCE - FURTHER_EACH * further.length, isTouched);
  return [...own, ...further.flatMap((other) => linesOf(other, FURTHER_EACH, isTouched))];
}

function linesOf({ step, judgement }: JudgedStep, limit: number, isTouched: IsTouched): EvidenceLine[] {
  const shown = chooseLines(step, judgement, limit, isTouched);
  const places = placesOf(step, shown);
  return shown.map(({ at, text }) => toEvidence(step, text ?? step.output[at]!.text, places.get(at)));
}

function tailOf(step: Step): number[] {
  const told: number[] = [];
  for (let at = step.output.length - 1; at >= 0 && told.length < 5; at--) {
    const { text } = step.output[at]!;
    if (text.trim() !== "" && !text.startsWith("Process completed with")) told.push(at);
  }
  return told.reverse();
}

/** Lines that distinguish a failure from others of its type: tests, files, commands. */
const NAMED = /^\s*(?:FAIL(?:ED)? |--- FAIL|not ok |[✗×✕✖●] |\d+\) |---- .{1,200} stdout|\+\+\+ )/;
const LISTED = /^\s*(?:\[\w+\] )?(?:\.{0,2}\/)?[\w@./+-]{1,300}\.\w{1,10}$/;

function isSubject(text: string): boolean {
  return NAMED.test(text) || (text.includes(".") && LISTED.test(text));
}

/** One name for every job that was not paid for: one escalation tells it for all pull requests. */
function signatureOf({ step, judgement }: JudgedStep): string {
  return signature(judgement.type, judgement.type === "billing" ? [] : signatureLines(step, judgement));
}

/** The deciding lines (the last ones of the step when nothing decided), what they are about, and what was run. */
function signatureLines(step: Step, judgement: Judgement): string[] {
  const at = judgement.lines.length > 0 ? judgement.lines : tailOf(step);
  const subjects = step.output.filter(({ text }) => isSubject(text)).slice(-MAX_SUBJECTS);
  return [
    ...at.map((index) => step.output[index]!.text),
    ...subjects.map(({ text }) => text),
    ...step.script.slice(0, 5),
  ];
}

/** What some tools draw behind a headline, up to the width of a terminal. */
const RULED = /\s{0,20}[━─═]{4,}$/;

const PLACE = /((?:[A-Za-z]:)?[\w@./+-]{1,300}\.[A-Za-z]\w{0,9})(?::|\(|, line |", line )(\d{1,7})/;

function toEvidence(step: Step, raw: string, finding: Finding | undefined): EvidenceLine {
  const text = raw.trim().slice(0, MAX_TEXT).replace(RULED, "");
  const place = PLACE.exec(text);
  const file = place?.[1] ?? finding?.file;
  const line = place ? Number(place[2]) : (finding?.line ?? null);
  return { job: step.job, step: step.name, line, text, ...(file ? { file } : {}) };
}
