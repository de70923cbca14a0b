import type { Context } from "../../program/context.ts";

/** What one check of `p9 doctor` found. */
export interface Finding {
  readonly name: string;
  /** Whether p9 works: also when something could be better. */
  readonly ok: boolean;
  /** `warn`: p9 works without it. `fail`: something of p9 does not work until it is fixed. */
  readonly level: "ok" | "warn" | "fail";
  /** One line: what was seen. */
  readonly detail: string;
  /** One line: how to fix it. */
  readonly mend?: string;
  /** The policy is the problem: the exit code is 2 and not 1. */
  readonly policy?: boolean;
}

/** A check with any number of findings; an error becomes a finding. */
export interface Check {
  readonly name: string;
  run(context: Context): Promise<readonly Finding[]> | readonly Finding[];
}

/** A finding without a problem. */
export function well(name: string, detail: string): Finding {
  return { name, ok: true, level: "ok", detail };
}

/** A finding that somebody may want to change, though p9 works as it is. */
export function warned(name: string, detail: string, mend?: string): Finding {
  return { name, ok: true, level: "warn", detail, ...(mend === undefined ? {} : { mend }) };
}

/** A finding with a problem. */
export function ill(name: string, detail: string, mend?: string): Finding {
  return { name, ok: false, level: "fail", detail, ...(mend === undefined ? {} : { mend }) };
}
