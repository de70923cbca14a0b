import { oneLine } from "../../base/text.ts";
import { type EvidenceLine, readEvidence } from "../../core/evidence.ts";
import type { TerminationReport } from "../../inbox/report.ts";

const SHOWN = 3;

/**
 * The lines that show why a wait ended as it did, for people: the first of the evidence that was found in a log, the last of the log
 * itself, and where that is.
 */
export function evidenceLines({ evidence, log, log_tail }: TerminationReport): readonly string[] {
  const list = different(readEvidence(evidence));
  const isFound = list.some(({ file, job }) => file !== "" || job !== "");
  const tail = list.length > 0 ? list.map(({ text }) => text) : log_tail;
  const lines = isFound ? list.slice(0, SHOWN).map(found) : tail.slice(-SHOWN).map((text) => `| ${oneLine(text, 160)}`);
  const more = (isFound ? list.length : tail.length) - lines.length;
  const rest = more > 0 ? [`| and ${more} ${isFound ? "more" : "before"} (--json)`] : [];
  const where = lines.length > 0 && log !== null ? [`log: ${oneLine(log, 300)}`] : [];
  return isFound ? [...lines, ...rest, ...where] : [...rest, ...lines, ...where];
}

/** The lines of jobs without those that say the same of the same place again, as those of a matrix do. */
function different(list: readonly EvidenceLine[]): readonly EvidenceLine[] {
  return list.filter(({ job, file, line, text }, at) => {
    if (job === "" && file === "") return true;
    return list.findIndex((one) => one.file === file && one.line === line && one.text === text) === at;
  });
}

function found({ file, line, text }: EvidenceLine): string {
  const place = file ? `${oneLine(file, 80)}${line === null ? "" : `:${line}`}: ` : "";
  return `| ${place}${oneLine(text, 160)}`;
}
