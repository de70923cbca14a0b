import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { redact, secretValues } from "../../base/redact.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { slug } from "../../base/text.ts";
import { errorCode } from "../../core/errors.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check } from "../../github/pull-request.ts";
import { makeDir, replaceFile } from "../../store/files.ts";
import type { CiLogReader } from "./ci-log.ts";

/** What one failed check left: its log, or what its annotations and output say. */
export interface JobLog {
  readonly job: string;
  /** Job run (check run id); another attempt has another. */
  readonly run: number;
  readonly text: string;
  /** Where it is kept on disk. */
  readonly path: string;
  readonly url: string | null;
  /** Messages with file and line, as GitHub shows them on the pull request. */
  readonly annotations: readonly Annotation[];
  /** It is an external service's status or check, whose log was not read. */
  readonly external: boolean;
  /** Why its service's log is not there, or not the whole. */
  readonly note: string | null;
}

/** A message that a job left on a file. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Dependencies of {@link jobLogs}. */
export interface JobLogDeps {
  readonly github: GitHub;
  readonly repo: string;
  /** Folder that keeps them. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ciLog?: CiLogReader;
}

/** Characters kept of a log's end; the root cause is in the last 2 MiB of a step. */
export const MAX_KEPT = 2 * 1024 * 1024;
const MAX_FETCHED = 64 * 1024 * 1024;
/** So many failed checks have their logs read: the first that failed. */
export const MAX_JOBS = 12;
const MAX_ANNOTATIONS = 50;

/** The logs of failed checks, fetched once per job run and kept (redacted), so that a re-run does not destroy them. */
export async function jobLogs(checks: readonly Check[], deps: JobLogDeps): Promise<JobLog[]> {
  const logs: JobLog[] = [];
  for (const check of checks.slice(0, MAX_JOBS)) logs.push(await jobLog(check, deps));
  return logs;
}

async function jobLog(check: Check, deps: JobLogDeps): Promise<JobLog> {
  const isJob = check.kind === "check" && check.app === "github-actions" && check.id > 0;
  // A service keeps its check or status when it runs again, and changes the page behind it or fails there once more.
  const id = isJob ? `${check.id}` : `${check.id || ""}${shortHash(`${check.name} ${check.url} ${check.endedAt}`)}`;
  const path = join(deps.folder, `${id}-${slug(check.name).slice(0, 40)}.log`);
  const annotations = check.kind === "check" && check.id > 0 ? await readAnnotations(check.id, deps) : [];
  const log = { job: check.name, run: check.id, path, url: check.url, annotations };
  const kept = existsSync(path) ? readSmallFile(path, 64 * 1024 * 1024) : null;
  if (kept !== null)
    return { ...log, text: kept, external: isExternal(check) && !isJob && !hasSteps(kept), note: null };
  const { text: read, note, isRead, isSoFar } = await fetchText(check, isJob, annotations, deps);
  const secrets = secretValues(deps.env);
  const text = redact(read, secrets);
  // What a variable that is set next time may change is asked for again.
  if (text !== "" && (isRead || note === null) && !isSoFar) keep(path, text);
  return { ...log, text, external: isExternal(check) && !isRead, note: note && redact(note, secrets) };
}

/** A check whose app this login may not read may be of GitHub Actions. */
function isExternal({ kind, app }: Check): boolean {
  return kind === "status" || (app !== null && app !== "github-actions");
}

/** Keeps a log on disk. Best effort. */
function keep(path: string, text: string): void {
  try {
    makeDir(dirname(path));
    replaceFile(path, text, { sync: false });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/**
 * What the check itself says (its output), the log of the job, also of another service's, then what only annotations say (time limits,
 * lost runners). `isRead`: the log of another service was read; `isSoFar`: its run goes on.
 */
async function fetchText(
  check: Check,
  isJob: boolean,
  annotations: readonly Annotation[],
  deps: JobLogDeps,
): Promise<{
  readonly text: string;
  readonly note: string | null;
  readonly isRead: boolean;
  readonly isSoFar: boolean;
}> {
  const told = isJob ? "" : await readOutput(check, deps);
  const ci = isExternal(check) ? ((await deps.ciLog?.(check)) ?? null) : null;
  const log = isJob ? await readLog(check.id, deps) : (ci?.text ?? "");
  const more = annotations.filter(
    ({ message }) => !log.includes(message.slice(0, 200)) && !/^Process completed with exit code/.test(message),
  );
  const lines = more.map(
    ({ path, line, message }) => `##[error]${path && path !== ".github" ? `${path}:${line}: ` : ""}${message}`,
  );
  const text = [told, isJob ? log.slice(-MAX_KEPT) : log, ...lines].filter(Boolean).join("\n");
  return { text, note: ci?.note ?? null, isRead: Boolean(ci?.text), isSoFar: ci?.isSoFar === true };
}

/** Whether a kept text is a log with the names of its steps, and not only what a check says of itself. */
function hasSteps(text: string): boolean {
  return /^[^\t\n]*\t[^\t\n]*\t\d{4}-\d\d-\d\dT[\d:.]+Z /m.test(text);
}

async function readLog(id: number, { github, repo }: JobLogDeps): Promise<string> {
  return absentAsEmpty(
    github.rest<string>(`repos/${repo}/actions/jobs/${id}/logs`, { text: true, maxBytes: MAX_FETCHED }),
    "",
  );
}

async function readAnnotations(id: number, { github, repo }: JobLogDeps): Promise<Annotation[]> {
  const rows = await absentAsEmpty(
    github.rest<unknown>(`repos/${repo}/check-runs/${id}/annotations?per_page=${MAX_ANNOTATIONS}`),
    [],
  );
  if (!Array.isArray(rows)) return [];
  return (rows as Record<string, unknown>[])
    .filter((row) => row.annotation_level === "failure" || row.annotation_level === undefined)
    .map((row) => ({
      path: String(row.path ?? ""),
      line: Number(row.start_line ?? 0),
      message: redact(String(row.message ?? "")).slice(0, 2_000),
    }));
}

async function readOutput(check: Check, { github, repo }: JobLogDeps): Promise<string> {
  if (check.kind !== "check" || check.id <= 0) return check.description ?? "";
  const run = await absentAsEmpty(
    github.rest<{ output?: Record<string, unknown> }>(`repos/${repo}/check-runs/${check.id}`),
    {},
  );
  const { title, summary, text } = run.output ?? {};
  return [title, summary, text].filter((part) => typeof part === "string").join("\n");
}

/**
 * Returns `empty` for a log that was deleted or may not be read, so that other logs still count. Rejects when the network is
 * down.
 */
async function absentAsEmpty<T>(request: Promise<T>, empty: T): Promise<T> {
  try {
    return await request;
  } catch (error) {
    const problem = error instanceof Error && "problem" in error ? error.problem : null;
    if (problem === "not-found" || problem === "forbidden" || problem === "refused") return empty;
    throw error;
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
