/** Every exit code of p9 and its one meaning (contract, "Exit codes"). 10 to 14 come from the outcome of a watch: see core/states.ts. */
export const EXIT = {
  ok: 0,
  degraded: 1,
  policy: 2,
  usage: 3,
  external: 4,
  ceiling: 5,
  healLock: 6,
  forbidden: 7,
  stillWaiting: 8,
  failed: 10,
  blocked: 11,
  timedOut: 12,
  gone: 13,
  unknown: 14,
  stateLost: 99,
} as const;

/** What `--help` says of each code. */
export const EXIT_TEXT: Readonly<Record<number, string>> = {
  0: "ok; for a watch: GREEN",
  1: "degraded, try again",
  2: "policy missing or malformed",
  3: "usage",
  4: "external: gh, Linear or the network failed",
  5: "ceiling of concurrent pull requests reached",
  6: "heal lock not free in time",
  7: "policy or trust forbids it",
  8: "still waiting",
  10: "ended red: failed or cancelled",
  11: "blocked: a human must act",
  12: "timed out",
  13: "merged, closed, superseded or abandoned",
  14: "killed, or result unknown",
  99: "state could not be kept",
};
