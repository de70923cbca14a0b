/**
 * Finds the marker in a commit's message that keeps workflows of `push` and `pull_request` from starting; null when there is none.
 * GitHub reads only the message of the head.
 */
export function skipMarker(message: string): string | null {
  const [word] = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/.exec(message) ?? [];
  const [trailer] = /\n\n(?:[\w-]+: ?.*\n)*skip-checks: ?true\s*$/.exec(message) ?? [];
  return word ?? (trailer === undefined ? null : "skip-checks: true");
}
