import { safeText } from "../../base/redact.ts";
import type { Evidence } from "../../contract/wait-kind.ts";
import type { Check } from "../../github/pull-request.ts";
import type { Classification } from "../classify/classify.ts";
import type { JobLog } from "./job-logs.ts";

/** The lines that show a failure, each with its job's page; a failed check without a log gets a link, and the reason if there is one. */
export function evidenceLines(
  found: Classification,
  failed: readonly Check[],
  logs: readonly JobLog[],
): readonly Evidence[] {
  return [...decidingLines(found, logs), ...notes(logs), ...links(failed, logs)];
}

function decidingLines(found: Classification, logs: readonly JobLog[]): Evidence[] {
  return found.evidence.map((line) => {
    const log = logs.find(({ job }) => job === line.job);
    const placed =
      line.line === null
        ? log?.annotations.find(({ message }) => message.includes(line.text.slice(0, 80)) && message.length > 8)
        : undefined;
    const file = line.file ?? placed?.path;
    const at = line.line ?? placed?.line;
    return {
      job: line.job,
      ...(line.step ? { step: line.step } : {}),
      ...(file ? { file } : {}),
      ...(at ? { line: at } : {}),
      text: safeText(line.text, 300),
      ...(log?.url ? { url: log.url } : {}),
    };
  });
}

/** Why the log of another service is not there, or not the whole. */
function notes(logs: readonly JobLog[]): Evidence[] {
  return logs
    .flatMap(({ job, note, url }) =>
      note === null ? [] : [{ job, text: safeText(note, 400), ...(url ? { url } : {}) }],
    )
    .slice(0, 5);
}

function links(failed: readonly Check[], logs: readonly JobLog[]): Evidence[] {
  const told = logs.filter(({ text, note }) => text !== "" || note !== null);
  const silent = failed.filter((check) => !told.some(({ job }) => job === check.name));
  return silent.slice(0, 5).map((check) => ({
    job: check.name,
    text: safeText(check.description ?? `${check.name}: ${check.raw}`, 200),
    ...(check.url ? { url: check.url } : {}),
  }));
}
