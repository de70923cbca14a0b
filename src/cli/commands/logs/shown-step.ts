import { classifyJobs } from "../../../heal/classify/classify.ts";
import { type LogLine, normalize } from "../../../heal/classify/normalize.ts";
import type { Rule } from "../../../heal/classify/rule.ts";
import { withoutReport } from "../../program/output.ts";
import type { Job, JobText } from "./job.ts";
import { type Section, sectionsOf } from "./sections.ts";

/** A step of a job as it is shown. */
export interface ShownStep {
  readonly from: Job;
  readonly job: string;
  readonly step: string;
  readonly url: string | null;
  readonly isRed: boolean;
  /** The lines that show why it failed, the most telling first. */
  readonly evidence: readonly string[];
  readonly lines: readonly string[];
}

/** The steps of a job, in the order of its log. `raw`: lines are as the CI wrote them, with its times, prefixes and marks. */
export function shownSteps(
  job: Job,
  { text, steps }: JobText,
  { raw, rules }: { readonly raw: boolean; readonly rules: readonly Rule[] },
): readonly ShownStep[] {
  const clean = withoutReport(text);
  const read = normalize(clean);
  const written = clean.split(/\r\n|\n|\r/);
  // Of a log that is too long to be read whole, only what was read is shown.
  const lines = written.length === read.length ? written : read.map((line) => line.text);
  const sections = sectionsOf(lines, read, steps);
  const evidence = evidenceOf(job, clean, rules);
  return sections.map((section) => {
    const own = sections.filter(({ isRed }) => isRed).length > 1 ? among(evidence, section, read) : evidence;
    return {
      from: job,
      job: job.name,
      step: section.name,
      url: job.url,
      isRed: section.isRed,
      evidence: section.isRed ? own : [],
      lines: trimmed(
        section.ranges.flatMap(([from, to]) =>
          raw ? lines.slice(from, to) : read.slice(from, to).flatMap((line, at) => shownLine(line, lines[from + at])),
        ),
      ),
    };
  });
}

/** Of several steps that failed, those that hold what the classifier shows: what failed in consequence is left out. */
export function deciding(steps: readonly ShownStep[]): readonly ShownStep[] {
  const red = steps.filter(({ isRed }) => isRed);
  const telling = red.filter(({ evidence }) => evidence.length > 0);
  return telling.length > 0 ? telling : red;
}

function evidenceOf(job: Job, text: string, rules: readonly Rule[]): readonly string[] {
  if (job.state !== "failed" && job.state !== "cancelled") return [];
  return classifyJobs([{ job: job.name, text }], rules).whole.evidence.map((line) => line.text);
}

function among(evidence: readonly string[], { ranges }: Section, read: readonly LogLine[]): readonly string[] {
  const own = new Set(ranges.flatMap(([from, to]) => read.slice(from, to).map(({ text }) => evidenceText(text))));
  return evidence.filter((text) => own.has(evidenceText(text)));
}

/** A line as evidence has it, which is cut at its length. */
export function evidenceText(line: string): string {
  return line.trim().slice(0, 300);
}

const VOICES = { error: "Error: ", warning: "Warning: ", notice: "Notice: " } as const;
/** The length at which a line was cut when it was read. */
const CUT = 1000;

/** A line as GitHub's page shows it, whole; none for the end of a group. */
function shownLine({ text, level }: LogLine, written = ""): readonly string[] {
  if (level === "endgroup") return [];
  const at = text.length < CUT ? -1 : written.indexOf(text.slice(0, 80));
  const whole = at < 0 ? text : written.slice(at);
  const voice = level === "error" || level === "warning" || level === "notice" ? VOICES[level] : "";
  return [`${voice}${whole}`];
}

/** Without empty lines at either end. */
function trimmed(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line.trim() !== "");
  return from < 0 ? [] : lines.slice(from, lines.findLastIndex((line) => line.trim() !== "") + 1);
}
