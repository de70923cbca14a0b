/** The sentences by which the CIs say how a command ended; the code is the first group. */
const ENDS: readonly RegExp[] = [
  /^Process completed with exit code (\d+)/,
  /^(?:Bash|PowerShell|Cmd\.exe|CmdLine|Script) (?:exited|failed) with (?:exit )?code '?(\d+)/,
  /^The process '.{1,400}' failed with exit code (\d+)/,
  /^The command ".{1,1000}" (?:failed and )?exited with (\d+)/,
  /^ERROR: Job failed: (?:command terminated with )?exit (?:code|status) (\d+)/,
  /^ERROR: script returned exit code (\d+)/,
  /^(?:🚨 )?Error: The command exited with status (\d+)/u,
  /^Exited with code (?:exit status )?(\d+)/,
  /^CircleCI received exit code (\d+)/,
  /^Command exited with code (\d+)/,
  /^Process exited with code (\d+)/,
];

/** The exit code that a CI reports on this line, or undefined. */
export function exitCode(text: string): number | undefined {
  if (!/\d/.test(text) || !/exit|Process|Command|code/.test(text)) return undefined;
  for (const pattern of ENDS) {
    const found = pattern.exec(text);
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** The command that a line names together with its exit code. */
export function namedCommand(text: string): string | undefined {
  if (!text.startsWith("The command ")) return undefined;
  return /^The command "(.{1,1000})" (?:failed and )?exited with \d+/.exec(text)?.[1];
}

/** Lines that only repeat that something failed, or end the log: never what a reader needs. */
export function isClosing(text: string): boolean {
  return (
    exitCode(text) !== undefined ||
    /^(?:Cleaning up|Post job cleanup|Done\. Your build exited|Finished: |Your build has been stopped|Job succeeded|\[Pipeline\]|travis_(?:fold|time):|section_(?:start|end):|##\[|Terminate orphan|Uploading artifacts|Build step '.{1,80}' marked build)/.test(
      text,
    )
  );
}
