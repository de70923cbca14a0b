import type { LogLine } from "../normalize.ts";
import { isClosing } from "../read/verdicts.ts";
import type { Step } from "../steps.ts";
import { saysPassed } from "./says-passed.ts";

const NOISE =
  /^(?:\s*[-=_*~#━─]{3,}\s*$|\s*$|\s*at \S|\S{1,300}:\d+:in [`']|Download(?:ing|ed)\b|\s*\d{1,3}%|Progress|hint: |env:$|shell: )/;
/** An echoed command begins something else. */
const COMMAND = /^(?:\+{1,4} [\w./]|\$ \S|> \S)/;

/** The last lines that a step printed of its own, for failures that nothing else explains. */
export function lastBlock(step: Step, count: number): number[] {
  const found: number[] = [];
  for (let at = step.output.length - 1; at >= 0 && found.length < count; at--)
    if (tells(step.output[at]!)) found.push(at);
  return found.reverse();
}

/** Lines that are looked at below and above, and how many of them are taken above. */
const FAR = 12;
const ABOVE = 3;
/** Blank lines that may stand between those below. */
const BLANKS = 2;

/**
 * What a tool printed around the line that decided: the lines below it, then those right above, and the command that printed them when
 * it stands there.
 */
export function blockAround(step: Step, at: number, count: number): number[] {
  const below = blockBelow(step, at).slice(0, count);
  const above = blockAbove(step, at);
  return [...below, ...above.slice(Math.max(0, above.length - Math.min(ABOVE, count - below.length)))];
}

function blockBelow({ output }: Step, at: number): number[] {
  const found: number[] = [];
  let blanks = 0;
  for (let line = at + 1; line < output.length && line <= at + FAR; line++) {
    const one = output[line]!;
    if ((one.text.trim() === "" && ++blanks > BLANKS) || ends(one)) break;
    if (tells(one)) found.push(line);
  }
  return found;
}

function blockAbove({ output }: Step, at: number): number[] {
  const found: number[] = [];
  let isApart = false;
  for (let line = at - 1; line >= 0 && line >= at - FAR; line--) {
    const one = output[line]!;
    if (COMMAND.test(one.text)) return [line, ...found];
    if (one.text.trim() === "") isApart = true;
    else if (isApart || ends(one)) break;
    else if (tells(one)) found.unshift(line);
  }
  return found;
}

function ends({ text, level }: LogLine): boolean {
  return level === "group" || level === "endgroup" || isClosing(text) || saysPassed(text) || COMMAND.test(text);
}

function tells({ text, level }: LogLine): boolean {
  if (level === "group" || level === "endgroup" || level === "debug") return false;
  return !NOISE.test(text) && !isClosing(text) && !saysPassed(text);
}
