import { oneLine } from "../../../base/text.ts";
import { broken, flow, type Part } from "../../show/styled.ts";
import { evidenceText, type ShownStep } from "./shown-step.ts";

/** How {@link stepText} is laid out. */
export interface Layout {
  readonly columns: number | null;
  /** Whether the terminal opens links, so that an address need not stand there. */
  readonly links: boolean;
}

/** A step for people: its job and name, the lines that show the failure, and its whole text, in which they are marked. */
export function stepText(step: ShownStep, { columns, links }: Layout): readonly (readonly Part[])[] {
  const { url, evidence, lines } = step;
  const name = [oneLine(step.job, 120), oneLine(step.step, 120)].filter(Boolean).join(" › ");
  const heading: Part = { text: name, href: url, tone: "bold" };
  const told = evidence.flatMap((line) => broken(`  | ${oneLine(line, 300)}`, columns));
  return [
    ...flow([heading, ...(links || url === null ? [] : [oneLine(url, 500)])], columns, 2),
    ...told.map((text): readonly Part[] => [{ text, tone: "red" }]),
    ...(told.length > 0 ? [[]] : []),
    ...marked(lines, new Set(evidence.map(evidenceText))),
  ];
}

/** Lines with those of `telling` in colour; what lies between is one piece, so that it is made safe in one go. */
function marked(lines: readonly string[], telling: ReadonlySet<string>): readonly (readonly Part[])[] {
  const pieces: Part[][] = [];
  let from = 0;
  for (const [at, line] of lines.entries()) {
    if (telling.size === 0 || !telling.has(evidenceText(line.replace(/^(?:Error|Warning|Notice): /, "")))) continue;
    if (at > from) pieces.push([lines.slice(from, at).join("\n")]);
    pieces.push([{ text: line, tone: "red" }]);
    from = at + 1;
  }
  return from < lines.length ? [...pieces, [lines.slice(from).join("\n")]] : pieces;
}
