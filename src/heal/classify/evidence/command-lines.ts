/** Lines by which a build tool, a task runner or a CI names what failed, in its own words. */
const NAMES_FAILED: readonly RegExp[] = [
  /^(?:\[ERROR\] )?Failed to execute goal .{1,400}/,
  /^Execution failed for task '.{1,200}'/,
  /^(?:> Task )?:[\w:.-]{1,200} FAILED$/,
  /^\S{0,40}make(?:\[\d+\])?: \*\*\* \[/,
  /^\S{0,40}make(?:\[\d+\])?: \*\*\* No rule/,
  /^FAILED: \S/,
  /^The command ".{1,1000}" (?:failed|exited)/,
  /^(?:npm (?:ERR!|error) (?:command|Lifecycle script|code ELIFECYCLE)|\s*ELIFECYCLE|\s?ERR_PNPM_RECURSIVE|error Command failed|error: script ")/,
  /^task: Failed to run task|^error: Recipe `|^ERROR: InvocationError|^rake aborted!|^error: command .{1,200} failed|^Error: Command failed/,
  /^\S{1,80}: (?:exit|commands failed)\b.{0,200}|^\s{2}\S{1,80}: FAIL (?:code|✖)/,
  /returned non-zero exit (?:status|code) \d+/,
  /^(?:ERROR|error): (?:failed to solve|Service '.{1,80}' failed to build|process ".{1,400}" did not complete)/,
  /^BUILD FAILED$/,
  /^(?:\[ERROR\]|ERROR:|error:) (?:Failed|Could not|Cannot) /i,
];

/** Whether the line names the task, the goal or the command that failed. */
export function namesFailedCommand(text: string): boolean {
  return (
    text.length > 4 &&
    /fail|exit|\*\*\*|error|aborted|ELIFECYCLE|ERR|solve|not /i.test(text) &&
    NAMES_FAILED.some((one) => one.test(text))
  );
}

/** The lines under Gradle's "What went wrong", which give the reason in its own words. */
export function whatWentWrong(texts: readonly string[]): number[] {
  const found: number[] = [];
  texts.forEach((text, index) => {
    if (!/^\* What went wrong:/.test(text)) return;
    for (let line = index + 1; line < texts.length && line < index + 12 && !/^\* |^$/.test(texts[line]!); line++)
      found.push(line);
  });
  return found;
}
