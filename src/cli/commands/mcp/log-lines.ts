import { counted } from "../../../base/text.ts";
import type { Answer } from "./answer.ts";

/** Lines of a step that are given where nobody says how many. */
export const MOST_LINES = 200;

/** An answer of `p9 logs` with the last lines of each step only. */
export function clippedLogs(answer: Answer, most: number): Answer {
  const { jobs } = answer.document;
  if (!Array.isArray(jobs)) return answer;
  let left = 0;
  const clipped = jobs.map((job: { readonly lines?: unknown }) => {
    const lines = Array.isArray(job.lines) ? job.lines : [];
    left += Math.max(0, lines.length - most);
    return { ...job, lines: lines.slice(-most) };
  });
  const note = left > 0 ? [`${counted(left, "earlier line")} left out: lines gives more of them`] : [];
  return { ...answer, document: { ...answer.document, jobs: clipped }, messages: [...answer.messages, ...note] };
}
