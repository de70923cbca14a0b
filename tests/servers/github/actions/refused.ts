import type { CheckPlan } from "../plan.ts";

/**
 * What GitHub writes on a job that it never started. The job's conclusion is FAILURE, it has no step and no log.
 * Source: the texts as users quote them (gabrielkoerich/orch#2526, qf-studio/pilot#4591).
 */
export const refusals = {
  billing:
    "The job was not started because recent account payments have failed or your spending limit needs to be increased. Please check the 'Billing & plans' section in your settings",
  locked: "The job was not started because your account is locked due to a billing issue.",
} as const;

/** A job that GitHub refused to start, some seconds after it appeared. */
export function notStarted(name: string, why: keyof typeof refusals, more: Partial<CheckPlan> = {}): CheckPlan {
  const annotations = [{ path: ".github", line: 1, message: refusals[why] }];
  return { name, starts: 2, ends: 2, conclusion: "FAILURE", steps: [], annotations, ...more };
}
