/** A branch that git reported as pushed. */
export interface SaidRef {
  /** What was pushed, as git names it: a branch, or `HEAD`. */
  readonly from: string;
  readonly branch: string;
  /** The beginning of the commit's id; null for a new branch, of which git shows none. */
  readonly sha: string | null;
}

/** What one `git push` reported. */
export interface SaidPush {
  /** The address, without user and password. */
  readonly to: string;
  readonly refs: readonly SaidRef[];
}

const TO = /^To (\S+)$/;
/** `print_ref_status` of git's transport.c: a flag, a summary, and the refs. */
const STATUS = /^ ([ +*!=-]) (\[[a-z ]+\]|[0-9a-f]{4,64}\.{2,3}[0-9a-f]{4,64}) +(\S.*)$/;
const REFS = /^(\S+) -> (\S+)(?: \(forced update\))?$/;
/** What git allows in the name of a ref, and none that it would take for something else. */
const NAME = /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|[/.]$|\.lock$))[^\s~^:?*[\\\u0000-\u001f\u007f]+$/u;

/**
 * Reads the pushes out of a command's output, which is text from outside: the lines that follow `To <address>` at once, each of git's
 * very form. Tags, deleted, rejected and unchanged refs are none.
 */
export function saidRefs(output: string): SaidPush[] {
  const found: { to: string; refs: SaidRef[] }[] = [];
  let open: { to: string; refs: SaidRef[] } | null = null;
  for (const line of output.split("\n")) {
    const to = TO.exec(line)?.[1];
    if (to !== undefined) {
      open = { to, refs: [] };
      found.push(open);
      continue;
    }
    const [, flag = "", summary = "", rest = ""] = STATUS.exec(line) ?? [];
    if (flag === "") open = null;
    const ref = flag === "" ? null : refOf(flag, summary, rest);
    if (ref !== null) open?.refs.push(ref);
  }
  return found.filter(({ refs }) => refs.length > 0);
}

function refOf(flag: string, summary: string, rest: string): SaidRef | null {
  const [, from = "", branch = ""] = REFS.exec(rest) ?? [];
  if (!NAME.test(from) || !NAME.test(branch)) return null;
  const isForced = rest.endsWith(" (forced update)");
  if (flag === "*" && summary === "[new branch]" && !isForced) return { from, branch, sha: null };
  const [, dots = "", sha = ""] = /^[0-9a-f]+(\.{2,3})([0-9a-f]+)$/.exec(summary) ?? [];
  if (flag === " " && dots === ".." && !isForced) return { from, branch, sha };
  return flag === "+" && dots === "..." && isForced ? { from, branch, sha } : null;
}
