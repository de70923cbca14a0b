import type { LogLine } from "./normalize.ts";

/** One step of a job: what it was asked to run, and what it printed. */
export interface Step {
  readonly job: string;
  readonly name: string;
  /** The script and inputs as the log echoes them: never output. */
  readonly script: readonly string[];
  readonly output: readonly LogLine[];
  /** Exit code, when the log says it. */
  readonly exit?: number;
  /** The step ended with an error of its own. */
  readonly failed: boolean;
  readonly cancelled: boolean;
}

const EXIT = /^Process completed with exit code (\d+)/;
const CANCELLED = /^The (?:operation|run) was canceled/;
const AFTERWARDS = /^(?:Post |Complete job|Cleaning up|Stop containers)/;
const UPLOADS = /\b(?:upload|artifact|codecov|coveralls|report|notify|slack|comment|post|summary|cleanup)\b/i;

/** Splits clean lines into steps: by name where the log names them, else at each `##[group]Run`. */
export function splitSteps(lines: readonly LogLine[]): Step[] {
  const steps: Step[] = [];
  let script: string[] = [];
  let output: LogLine[] = [];
  let inHeader = false;
  let current: LogLine | undefined;
  const close = (): void => {
    if (current && (output.length > 0 || script.length > 0)) steps.push(makeStep(current, script, output));
    script = [];
    output = [];
    inHeader = false;
  };
  for (const line of lines) {
    const starts = line.level === "group" && line.text.startsWith("Run ");
    const moved = current !== undefined && (line.job !== current.job || line.step !== current.step);
    const ends = line.text === "Post job cleanup." && line.level === undefined;
    if (starts || moved || ends || current === undefined) {
      close();
      current = ends ? { ...line, step: "Post job cleanup" } : line;
      if (ends) continue;
    }
    if (starts) {
      inHeader = true;
      script.push(line.text.slice(4));
    } else if (inHeader && line.level === "endgroup") inHeader = false;
    else if (inHeader) script.push(line.text);
    else output.push(line);
  }
  close();
  return steps;
}

function makeStep(at: LogLine, script: string[], output: LogLine[]): Step {
  let exit: number | undefined;
  let error = false;
  let cancelled = false;
  for (const line of output) {
    if (line.level !== "error") continue;
    const code = EXIT.exec(line.text);
    if (code) exit = Number(code[1]);
    else if (CANCELLED.test(line.text)) cancelled = true;
    else error = true;
  }
  const settings = script.findIndex((text) => /^shell: /.test(text));
  const commands = dedupe(settings < 0 ? script : script.slice(0, settings));
  const failed = (exit ?? 0) !== 0 || (exit === undefined && error);
  return {
    job: at.job,
    name: at.step,
    script: commands,
    output,
    failed,
    cancelled,
    ...(exit === undefined ? {} : { exit }),
  };
}

/** Removes the first line of a script when the header repeats it. */
function dedupe(script: string[]): string[] {
  return script.length > 1 && script[0] === script[1] ? script.slice(1) : script;
}

/**
 * The failing steps, one per job, in the order of the log: the last step of a job that exits non-zero (earlier ones had
 * `continue-on-error`), except that what only uploads or reports never hides what came before. Jobs that were only cancelled count
 * when nothing else failed. A log without any such mark is one step that failed.
 */
export function failingSteps(steps: readonly Step[]): Step[] {
  const jobs = new Map<string, Step[]>();
  for (const step of steps) {
    if (AFTERWARDS.test(step.name)) continue;
    const list = jobs.get(step.job);
    if (list) list.push(step);
    else jobs.set(step.job, [step]);
  }
  const failed: Step[] = [];
  const cancelled: Step[] = [];
  for (const list of jobs.values()) {
    const exits = list.filter((step) => (step.exit ?? 0) !== 0);
    const others = list.filter((step) => step.failed && step.exit === undefined);
    const real = exits.length > 0 ? exits : others.slice(-1);
    const root = real.filter((step) => !UPLOADS.test(`${step.name} ${step.script[0] ?? ""}`));
    const pick = root.at(-1) ?? real[0];
    if (pick) failed.push(pick);
    else {
      const stopped = list.findLast((step) => step.cancelled);
      if (stopped) cancelled.push(stopped);
    }
  }
  if (failed.length > 0) return failed;
  if (cancelled.length > 0) return cancelled;
  return whole(steps);
}

function whole(steps: readonly Step[]): Step[] {
  const output = steps.flatMap((step) => [...step.output]);
  if (output.length === 0) return [];
  const last = steps.findLast((step) => step.output.length > 0);
  return [
    {
      job: last?.job ?? "",
      name: last?.name ?? "",
      script: last?.script ?? [],
      output,
      failed: true,
      cancelled: false,
    },
  ];
}
