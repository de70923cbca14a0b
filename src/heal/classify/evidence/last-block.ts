import { isClosing } from "../read/verdicts.ts";
import type { Step } from "../steps.ts";

const NOISE = /^(?:\s*[-=_*~#━─]{3,}\s*$|\s*$|\s*at \S|Download(?:ing|ed)\b|\s*\d{1,3}%|Progress|hint: |env:$|shell: )/;

/** The last lines that a step printed of its own, for failures that nothing else explains. */
export function lastBlock(step: Step, count: number): number[] {
  const found: number[] = [];
  for (let at = step.output.length - 1; at >= 0 && found.length < count; at--) {
    const { text, level } = step.output[at]!;
    if (level === "group" || level === "endgroup" || level === "debug" || NOISE.test(text) || isClosing(text)) continue;
    found.push(at);
  }
  return found.reverse();
}
