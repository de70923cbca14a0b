import { withTimeLimit } from "../base/time-limit.ts";
import { errorText } from "../core/errors.ts";

/** A requirement on a part of a plugin. */
export interface Check {
  /** A sentence without a subject: `pins the same reference to the same key`. */
  readonly name: string;
  /** Returns why it does not apply, or nothing when it holds; throws {@link ConformanceError} when it does not hold. */
  run(): Promise<string | undefined>;
}

/** Result of a check. */
export interface CheckResult {
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly detail: string | null;
}

/** A plugin breaks a requirement; the message says what was seen and what is wanted. */
class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

/** Runs the checks one after the other. */
export async function runChecks(checks: readonly Check[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    try {
      const skipped = await run();
      results.push({ name, verdict: skipped ? "skipped" : "passed", detail: skipped ?? null });
    } catch (error) {
      results.push({ name, verdict: "failed", detail: errorText(error) });
    }
  }
  return results;
}

/** Fails the check. */
export function fail(message: string): never {
  throw new ConformanceError(message);
}

/** Returns the value or the error of `work`; fails the check when there is neither after `ms`. */
export async function within<T>(
  ms: number,
  what: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: Error }> {
  const settled = work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
  );
  const late = () => new ConformanceError(`${what} did not end within ${ms / 1000} s`);
  return withTimeLimit(settled, { ms, late });
}
