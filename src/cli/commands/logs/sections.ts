import type { JobStep } from "../../../github/actions/jobs.ts";
import type { LogLine } from "../../../heal/classify/normalize.ts";
import { failingSteps, type Step, splitSteps } from "../../../heal/classify/steps.ts";

/** A step of a job in its log. */
export interface Section {
  readonly name: string;
  /** It failed; where none did, it was cancelled. */
  readonly isRed: boolean;
  /** Its lines: from each first number up to the second, in the order of the log. */
  readonly ranges: readonly Range[];
}

type Range = readonly [from: number, to: number];

/**
 * Splits a log by the steps of its job: by when each began, where the log has times and its service tells the steps, else by what the
 * log says itself. `lines` and `read` are the same lines, as they are written and without what CIs put before them.
 */
export function sectionsOf(
  lines: readonly string[],
  read: readonly LogLine[],
  steps: readonly JobStep[] | null,
): readonly Section[] {
  const told = steps === null ? [] : byTimes(lines, steps);
  if (told.some(({ isRed }) => isRed) || (told.length > 0 && !steps?.some(isFailed))) return told;
  const split = byText(read);
  const red = split.filter(({ isRed }) => isRed);
  const [only, ...others] = (steps ?? []).filter(isFailed);
  // What the log calls by its command, its service calls by the name that people know.
  if (red.length !== 1 || only === undefined || others.length > 0) return split;
  return split.map((section) => (section.isRed ? { ...section, name: only.name } : section));
}

function isFailed({ state }: Pick<JobStep, "state">): boolean {
  return state === "failed";
}

const SECOND = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\S* ?/;
/** What the first line of a step says. */
const BEGINS = /^(?:##\[group\]|Post job cleanup\.|Cleaning up orphan processes)/;

/** Sections by time. A step begins with the first line behind its second, or with the first line within it that begins a step. */
function byTimes(lines: readonly string[], steps: readonly JobStep[]): readonly Section[] {
  const ran = steps.flatMap(({ startedAt, ...step }) =>
    startedAt === null || step.state === "skipped" ? [] : [{ ...step, second: Math.floor(startedAt / 1000) }],
  );
  const [first] = ran;
  if (first === undefined) return [];
  const starts: number[] = [0];
  let [stamp, second, end] = ["", Number.NEGATIVE_INFINITY, 0];
  for (const [at, line] of lines.entries()) {
    const found = SECOND.exec(line);
    if (!found) continue;
    if (found[1] !== stamp) {
      stamp = found[1] ?? "";
      second = Date.parse(`${stamp}Z`) / 1000;
    }
    end = at + 1;
    let next = ran[starts.length];
    for (; next && next.second < second; next = ran[starts.length]) starts.push(at);
    if (next?.second === second && BEGINS.test(line.slice(found[0].length))) starts.push(at);
  }
  if (second < first.second) return [];
  const red = ran.some(isFailed) ? "failed" : "cancelled";
  const sections = ran.map(({ name, state }, index): Section => {
    const [from, to] = [starts[index] ?? end, starts[index + 1] ?? end];
    return { name, isRed: state === red, ranges: from < to ? [[from, to]] : [] };
  });
  return withRest(sections, [end, lines.length]).filter(({ ranges }) => ranges.length > 0);
}

/** What stands behind the last line with a time was told of the job, and belongs to what failed. */
function withRest(sections: readonly Section[], rest: Range): readonly Section[] {
  if (rest[0] === rest[1]) return sections;
  const red = sections.find(({ isRed, ranges }) => isRed && ranges.length > 0) ?? sections.at(-1);
  return sections.map((section) => (section === red ? { ...section, ranges: [...section.ranges, rest] } : section));
}

/** Sections by what the log says of its steps. */
function byText(read: readonly LogLine[]): readonly Section[] {
  const steps = splitSteps(read);
  const failing = failingSteps(steps);
  const isFailing = (step: Step) => failing.some(({ output }) => output === step.output);
  const places = new Map(read.map((line, at) => [line, at]));
  const sections: { readonly name: string; readonly isRed: boolean; readonly from: number }[] = [];
  let from = 0;
  for (const step of steps) {
    const end = step.output.reduce((most, line) => Math.max(most, places.get(line) ?? -1), -1) + 1;
    if (end <= from) continue;
    const [command] = step.script;
    const name = step.name || (command === undefined ? "" : `Run ${command}`);
    sections.push({ name, isRed: isFailing(step), from });
    from = end;
  }
  // A log that names no step which failed is one step that did.
  if (sections.length === 0 || !steps.some(isFailing))
    return [{ name: failing[0]?.name ?? "", isRed: true, ranges: [[0, read.length]] }];
  return sections.map(({ name, isRed, from: start }, index) => {
    return { name, isRed, ranges: [[start, sections[index + 1]?.from ?? read.length]] };
  });
}
