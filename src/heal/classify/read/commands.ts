import type { Step } from "../steps.ts";
import { exitCode, namedCommand } from "./verdicts.ts";

/** Sentences by which runners of tasks name the task that failed, as a command. */
const FAILED_TASK: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^\S{0,40}make(?:\[\d+\])?: \*\*\* \[(?:\S{1,300}:\d+: )?([\w./%-]{1,200})\] Error/, (name) => `make ${name}`],
  [/^error: Recipe `([\w-]{1,100})` failed/, (name) => `just ${name}`],
  [/^task: Failed to run task "([\w:.-]{1,100})"/, (name) => `task ${name}`],
  [/^(?:> Task )?(:[\w:.-]{1,200}) FAILED$/, (name) => `gradle ${name.replaceAll(":", " ")}`],
  [/Failed to execute goal [\w.-]{1,200}:([\w-]{1,60}:[\w.-]{1,40}:[\w-]{1,60})/, (name) => `mvn ${name}`],
  [/^npm (?:ERR!|error) Lifecycle script `([\w:.-]{1,100})` failed/, (name) => `npm run ${name}`],
];

/** The command that a page of GitHub shows above a step's output. */
const SHOWN = /^\s{0,20}Run (?=[\w./])(?!.{0,80}\b(?:npm audit|with|the|this)\b)(\S.{1,400})$/;

/** The last commands of a step are those that can have failed. */
const MAX_COMMANDS = 100;

/**
 * What a step ran, in order: its script, the commands that its output echoes, and last what a CI or a runner of tasks names as the
 * one that failed.
 */
export function commandsOf(step: Step, echoed: readonly string[]): string[] {
  const first = step.script.length > 0 ? undefined : step.output.find(({ text }) => text.trim() !== "");
  const shown = first && first.level === undefined ? SHOWN.exec(first.text)?.[1] : undefined;
  const all = [...step.script, ...(shown ? [shown] : []), ...echoed, ...failedCommands(step)];
  return all.slice(-MAX_COMMANDS);
}

/** The commands that something in the log says failed: the CI's own words first, then those of a runner of tasks inside. */
function failedCommands(step: Step): string[] {
  const byCi: string[] = [];
  const byTask: string[] = [];
  for (const { text } of step.output) {
    if (text.length < 10 || !/rror|fail|exited|FAILED/.test(text)) continue;
    const named = namedCommand(text);
    if (named !== undefined && exitCode(text) !== 0) byCi.push(named);
    for (const [pattern, command] of FAILED_TASK) {
      const name = pattern.exec(text)?.[1];
      if (name !== undefined) byTask.push(command(name));
    }
  }
  return [...byCi, ...byTask];
}
