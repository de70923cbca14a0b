/**
 * The words in a commit's message that keep workflows of `push` and `pull_request` from starting, as they stand there; null when there are
 * none. GitHub reads them in the message of the head alone.
 */
export function skipMarker(message: string): string | null {
  const [word] = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/.exec(message) ?? [];
  const [trailer] = /\n\n(?:[\w-]+: ?.*\n)*skip-checks: ?true\s*$/.exec(message) ?? [];
  return word ?? (trailer === undefined ? null : "skip-checks: true");
}
