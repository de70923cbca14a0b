import type { LogLine } from "./normalize.ts";
import { exitCode, namedCommand } from "./read/verdicts.ts";

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
  /** The CI ran the next command although this one had failed. */
  readonly goesOn?: boolean;
  /** What later steps of the job printed: some print the reports that the failed one wrote. */
  readonly later?: readonly LogLine[];
}

/** What begins on a line: a part of the job with a name, or a command. */
interface Start {
  readonly name?: string;
  readonly command?: string;
  /** The command's script and settings follow, up to the end of the group. */
  readonly header?: boolean;
}

const CANCELLED = /^The (?:operation|run) was canceled/;
const AFTERWARDS =
  /^(?:Post |Complete job|Cleaning up|Stop containers|after_(?:script|failure|success)|cleanup|upload_|cache[._]|archive_cache|Finalize Job)/;
const UPLOADS = /\b(?:upload|artifact|codecov|coveralls|report|notify|slack|comment|post|summary|cleanup)\b/i;
/** Where a CI says that a part of the job begins; its name is the only group that matched. */
const BEGINS =
  /^(?:Starting: (.{1,200})|section_start:\d{1,16}:([\w.-]{1,80}).{0,200}|travis_fold:start:([\w.-]{1,80}))$/;

/** Splits clean lines into steps: by name where the log names them, else where the CI says that the next part or command begins. */
export function splitSteps(lines: readonly LogLine[]): Step[] {
  const named = new Set<string>();
  for (const { text } of lines) {
    const command = namedCommand(text);
    if (command !== undefined) named.add(command);
  }
  const leveled = lines.some(({ level, text }) => level === "error" && exitCode(text) !== undefined);
  const steps: Step[] = [];
  let script: string[] = [];
  let output: LogLine[] = [];
  let inHeader = false;
  let current: LogLine | undefined;
  const close = (): void => {
    if (current && (output.length > 0 || script.length > 0)) steps.push(makeStep(current, script, output, leveled));
    script = [];
    output = [];
    inHeader = false;
  };
  for (const line of lines) {
    const start = startOf(line, named);
    const moved = current !== undefined && (line.job !== current.job || line.step !== current.step);
    if (start || moved || current === undefined) {
      close();
      current = line;
      inHeader = start?.header === true;
    }
    if (start?.name !== undefined) output.push({ ...line, text: "", ...(line.step ? {} : { step: start.name }) });
    else if (start?.command !== undefined) script.push(start.command);
    else if (inHeader && line.level === "endgroup") inHeader = false;
    else if (inHeader) script.push(line.text);
    else output.push(line);
  }
  close();
  return steps;
}

function startOf({ text, level }: LogLine, named: ReadonlySet<string>): Start | undefined {
  if (level === "group") return text.startsWith("Run ") ? { command: text.slice(4), header: true } : undefined;
  if (level === undefined && text === "Post job cleanup.") return { name: "Post job cleanup" };
  if (text.startsWith("$ ")) return named.has(text.slice(2)) ? { command: text.slice(2) } : undefined;
  if (!/^(?:Starting|section_start|travis_fold):/.test(text)) return undefined;
  const begins = BEGINS.exec(text);
  const name = begins?.[1] ?? begins?.[2] ?? begins?.[3];
  return name === undefined ? undefined : { name };
}

function makeStep(at: LogLine, script: string[], output: LogLine[], leveled: boolean): Step {
  let exit: number | undefined;
  let error = false;
  let cancelled = false;
  for (const { text, level } of output) {
    if (level !== "error" && leveled) continue;
    const code = exitCode(text);
    if (code !== undefined) exit = exit || code;
    else if (level !== "error") continue;
    else if (CANCELLED.test(text)) cancelled = true;
    else error = true;
  }
  const settings = script.findIndex((text) => /^shell: /.test(text));
  const commands = dedupe(settings < 0 ? script : script.slice(0, settings));
  const failed = (exit ?? 0) !== 0 || (exit === undefined && error);
  return {
    job: at.job,
    name: at.step || (output[0]?.step ?? ""),
    script: commands,
    output,
    failed,
    cancelled,
    ...(output.some(({ text }) => namedCommand(text) !== undefined) ? { goesOn: true } : {}),
    ...(exit === undefined ? {} : { exit }),
  };
}

/** Removes the first line of a script when the header repeats it. */
function dedupe(script: string[]): string[] {
  return script.length > 1 && script[0] === script[1] ? script.slice(1) : script;
}

/**
 * The failing steps, one per job, in the order of the log: the last step of a job that exits non-zero (earlier ones had
 * `continue-on-error`; the first where the CI itself goes on), except that what only uploads or reports never hides what came
 * before. Jobs that were only cancelled count when nothing else failed. A log without any such mark is one step that failed.
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
  const unmarked: Step[] = [];
  for (const list of jobs.values()) {
    const exits = list.filter((step) => (step.exit ?? 0) !== 0);
    const others = list.filter((step) => step.failed && step.exit === undefined);
    const real = exits.length > 0 ? exits : others.slice(-1);
    const root = real.filter((step) => !servesOnly(step));
    const goesOn = root.length > 0 && root.every((step) => step.goesOn);
    const pick = (goesOn ? root[0] : root.at(-1)) ?? real[0];
    const stopped = pick ?? list.findLast((step) => step.cancelled);
    const later = pick ? outputOf(list.slice(list.indexOf(pick) + 1)) : [];
    if (pick) failed.push({ ...pick, later });
    else if (stopped) cancelled.push(stopped);
    else unmarked.push(...whole(list));
  }
  // Logs of several jobs hold failed ones only, whether or not the part that is there says so.
  if (failed.length > 0) return [...failed, ...unmarked];
  if (cancelled.length > 0) return cancelled;
  return whole(steps);
}

/** Whether a step only uploads, reports or tidies up: what fails there is not what the job is for. */
export function servesOnly({ name, script }: Step): boolean {
  return UPLOADS.test(`${name} ${script[0] ?? ""}`);
}

/** Loops: a log may have half a million lines. */
function outputOf(steps: readonly Step[]): LogLine[] {
  const all: LogLine[] = [];
  for (const { output } of steps) for (const line of output) all.push(line);
  return all;
}

function whole(steps: readonly Step[]): Step[] {
  const [only] = steps;
  const output = steps.length === 1 && only ? only.output : outputOf(steps);
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
