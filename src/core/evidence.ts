import { isObject } from "../base/json.ts";

/** One line of evidence as a row of the log keeps it; empty or null: the row does not say. */
export interface EvidenceLine {
  readonly job: string;
  readonly step: string;
  readonly file: string;
  readonly line: number | null;
  readonly text: string;
  readonly url: string;
}

/** Reads `extra.evidence` of a row, which may come from another version or another program; what is no line is passed over. */
export function readEvidence(evidence: unknown): readonly EvidenceLine[] {
  const lines = Array.isArray(evidence) ? evidence.filter(isObject) : [];
  return lines.map(({ job, step, file, line, text, url }) => ({
    job: textOf(job),
    step: textOf(step),
    file: textOf(file),
    line: typeof line === "number" ? line : null,
    text: String(text ?? ""),
    url: textOf(url),
  }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
