/**
 * Whether a commit's message keeps workflows of `push` and `pull_request` from starting.
 * Source: docs.github.com, "Skip workflow runs": five words anywhere in the message, or a `skip-checks` trailer after two empty lines.
 */
export function skipsRuns(message: string, event: string): boolean {
  if (event !== "push" && event !== "pull_request") return false;
  if (/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(message)) return true;
  return /\n\n\n(?:.+\n)*skip-checks: ?true\s*$/.test(message);
}
