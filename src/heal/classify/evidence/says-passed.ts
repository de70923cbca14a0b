import { saysNothingFailed } from "../mask.ts";
import { isPassedRun } from "../runner-verdicts.ts";

/** Whether the line tells of something that passed: never why a step failed. */
export function saysPassed(text: string): boolean {
  return saysNothingFailed(text) || isPassedRun(text);
}
