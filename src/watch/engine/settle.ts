import type { LookResult, Settle } from "../../contract/wait-kind.ts";

/** What has been seen of an outcome so far. */
export interface Settling {
  readonly fingerprint: string;
  readonly looks: number;
}

/** Whether an outcome may be believed, and if not, when to look again. */
export type SettleVerdict =
  | { readonly believed: true }
  | { readonly believed: false; readonly settling: Settling; readonly nextS: number };

/**
 * Decides whether an outcome has settled: enough looks that agree on outcome and items, and the earliest moment has passed.
 * Without `settle`: at once.
 */
export function settleOutcome(result: LookResult, before: Settling | null, now: number): SettleVerdict {
  if (!result.settle) return { believed: true };
  const { looks = 2, confirmS = 1, notBefore = 0 }: Settle = result.settle;
  const print = fingerprint(result);
  const seen = before?.fingerprint === print ? before.looks + 1 : 1;
  const waitS = (notBefore - now) / 1000;
  if (seen >= looks && waitS <= 0) return { believed: true };
  return { believed: false, settling: { fingerprint: print, looks: seen }, nextS: Math.max(confirmS, waitS) };
}

function fingerprint({ status, pin, newsAt = 0, items = [] }: LookResult): string {
  return JSON.stringify([status, pin?.sha ?? "", newsAt, items.map(({ name, state }) => [name, state]).sort()]);
}
