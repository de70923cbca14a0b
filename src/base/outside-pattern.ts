import { createContext, Script } from "node:vm";

/** What p9 asks a regular expression. A `RegExp` is one. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
  exec(text: string): RegExpExecArray | null;
}

/** A pattern from outside took too long on a text. It is not tried again in this process. */
export class SlowPatternError extends Error {
  override readonly name = "SlowPatternError";
}

/** How long one text may take, in ms of this process's own time. An honest pattern takes less than one for a megabyte. */
const LIMIT_MS = 200;
/** A machine that has much to do may give a process hardly any time of it: then it is tried again, so often at most. */
const TRIES = 15;
/** What had this much of it and came to no end is slow, in ms. */
const ENOUGH_MS = 50;
/** Without repetition and choice a pattern takes time in proportion to the text. */
const PLAIN = /^[^*+?{|()[\]]*$/;

const script = new Script("pattern.exec(text)");
const scope: { pattern?: RegExp; text?: string } = {};
const slow = new Set<string>();

/**
 * A regular expression that a policy, a repository or a plugin wrote. Some take for ever on some texts, which cannot be told by
 * looking at them, and would stop every watch of the process: each use has a time limit.
 *
 * @throws {SyntaxError} when it is none. {@link Pattern.test} and {@link Pattern.exec} throw {@link SlowPatternError}.
 */
export function outsidePattern(source: string, flags = ""): Pattern {
  const pattern = new RegExp(source, flags);
  if (PLAIN.test(source)) return pattern;
  const exec = (text: string) => withinLimit(pattern, text);
  return { source, exec, test: (text) => exec(text) !== null };
}

function withinLimit(pattern: RegExp, text: string): RegExpExecArray | null {
  const key = String(pattern);
  if (slow.has(key)) throw tooSlow(pattern);
  Object.assign(scope, { pattern, text });
  context ??= createContext(scope);
  let spentMs = 0;
  for (let tries = 1; ; tries += 1) {
    const before = process.cpuUsage();
    try {
      return script.runInContext(context, { timeout: LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.cpuUsage(before);
      const ownMs = (user + system) / 1000;
      spentMs += ownMs;
      if (ownMs < ENOUGH_MS && spentMs < LIMIT_MS && tries < TRIES) continue;
      slow.add(key);
      throw tooSlow(pattern);
    }
  }
}

let context: ReturnType<typeof createContext> | undefined;

/** Not by `instanceof`: the error belongs to the other context. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

function tooSlow({ source }: RegExp): SlowPatternError {
  const shown = source.length > 80 ? `${source.slice(0, 79)}…` : source;
  return new SlowPatternError(
    `Cannot use the pattern "${shown}": it takes too long; bound its repetitions, as in ".{0,80}"`,
  );
}
