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
  /** It is an external service's status or check, and not of GitHub Actions. */
  readonly external: boolean;
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
}

/** Characters kept of a log's end; the root cause is in the last 2 MiB of a step. */
export const MAX_KEPT = 2 * 1024 * 1024;
const MAX_FETCHED = 64 * 1024 * 1024;
const MAX_JOBS = 12;
const MAX_ANNOTATIONS = 50;

/** The logs of failed checks, fetched once per job run and kept (redacted), so that a re-run does not destroy them. */
export async function jobLogs(checks: readonly Check[], deps: JobLogDeps): Promise<JobLog[]> {
  const logs: JobLog[] = [];
  for (const check of checks.slice(0, MAX_JOBS)) logs.push(await jobLog(check, deps));
  return logs;
}

async function jobLog(check: Check, deps: JobLogDeps): Promise<JobLog> {
  const path = join(deps.folder, `${check.id || shortHash(check.name)}-${slug(check.name).slice(0, 40)}.log`);
  const isJob = check.kind === "check" && check.app === "github-actions" && check.id > 0;
  const annotations = check.kind === "check" && check.id > 0 ? await readAnnotations(check.id, deps) : [];
  const kept = existsSync(path) ? readSmallFile(path, 64 * 1024 * 1024) : null;
  const text = kept ?? redact(await fetchText(check, isJob, annotations, deps), secretValues(deps.env));
  if (kept === null && text !== "") keep(path, text);
  return { job: check.name, run: check.id, text, path, url: check.url, annotations, external: isExternal(check) };
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

/** The job's log, then what only annotations say (time limits, lost runners). */
async function fetchText(
  check: Check,
  isJob: boolean,
  annotations: readonly Annotation[],
  deps: JobLogDeps,
): Promise<string> {
  const log = isJob ? await readLog(check.id, deps) : "";
  const told = isJob ? "" : await readOutput(check, deps);
  const more = annotations.filter(
    ({ message }) => !log.includes(message.slice(0, 200)) && !/^Process completed with exit code/.test(message),
  );
  const lines = more.map(
    ({ path, line, message }) => `##[error]${path && path !== ".github" ? `${path}:${line}: ` : ""}${message}`,
  );
  return [log.slice(-MAX_KEPT), told, ...lines].filter(Boolean).join("\n");
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
