import { redact, secretValues } from "../../../base/redact.ts";
import { type EvidenceLine, readEvidence } from "../../../core/evidence.ts";
import { isRunning } from "../../../core/states.ts";
import { pinnedPage, type Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { readJobs } from "../../../github/actions/jobs.ts";
import { actionsPage } from "../../../github/actions/page.ts";
import type { CheckState } from "../../../github/checks.ts";
import type { EvidenceDeps } from "../../../heal/evidence/red-pull-request.ts";
import { fileEnd } from "../../../store/follow/file-end.ts";
import { lookOfCycle } from "../../../watch/engine/look-file.ts";
import { webAddress } from "../../show/styled.ts";
import { isRed, type Job, type Jobs } from "./job.ts";
import { checkJob } from "./pull-request-jobs.ts";

/** Bytes that are read of the end of a local log. */
const MAX_LOCAL = 2 * 1024 * 1024;
/** What may be missing of so many, since the first line is whole. */
const MAX_LINE = 4096;
const MAX_RUNS = 3;

/**
 * Reads the jobs of a wait that is no pull request's: its own log as one job, the jobs of the runs on GitHub Actions that it links to,
 * or what shows why it failed.
 */
export async function waitJobs(wait: Wait, deps: EvidenceDeps): Promise<Jobs> {
  const of = waitName(wait);
  const links = linksOf(wait, deps);
  const page = links[0] ?? null;
  const own = ownLog(wait, page, deps);
  if (own) return { of, page, all: [own], meant: [own] };
  const jobs = await runJobs(wait, links, deps);
  const failed = jobs.filter(isRed);
  const told = failed.length > 0 || (jobs.length > 0 && !isOver(wait)) ? [] : toldJobs(wait, page);
  if (told.length > 0) return { of, page, all: [...told, ...jobs], meant: told };
  return { of, page, all: [...failed, ...jobs.filter((job) => !isRed(job))], meant: failed };
}

/** Addresses of the parts of a wait that failed, then of the whole, then of its other parts. */
export function linksOf(wait: Wait, { paths }: Pick<EvidenceDeps, "paths">): readonly string[] {
  const items = itemsOf(wait, paths.looks);
  const failed = items.filter(isRed);
  const urls = [
    failed,
    readEvidence(wait.extra.evidence),
    [{ url: wait.extra.url }],
    items,
    [{ url: pinnedPage(wait) }],
  ].flatMap((list) => list.map(({ url }) => url));
  return [...new Set(urls.filter((url): url is string => typeof url === "string" && webAddress(url) !== null))];
}

/** The parts of a wait: as its last look saw them while it runs, and as its end has them. */
export function itemsOf(
  wait: Wait,
  looks: string,
): readonly { readonly name: string; readonly state: CheckState; readonly url?: string }[] {
  const { items } = wait.extra;
  const seen: unknown = isOver(wait) && Array.isArray(items) ? items : (lookOfCycle(looks, wait)?.items ?? items);
  return Array.isArray(seen) ? seen : [];
}

function isOver({ state }: Wait): boolean {
  return !isRunning(state);
}

function ownLog(wait: Wait, url: string | null, { env }: EvidenceDeps): Job | null {
  const { log } = wait.extra;
  const raw = typeof log === "string" ? fileEnd(log, MAX_LOCAL) : "";
  if (raw.trim() === "") return null;
  const state: CheckState = !isOver(wait) ? "running" : wait.extra.outcome === "succeeded" ? "succeeded" : "failed";
  const read = async () => {
    const text = redact(raw, secretValues(env)).trimEnd();
    return { text, steps: null, isCut: Buffer.byteLength(raw) >= MAX_LOCAL - MAX_LINE };
  };
  return { name: waitName(wait), state, url, read };
}

/** Jobs of the runs that the links name, those first that are linked to themselves. */
async function runJobs(wait: Wait, links: readonly string[], deps: EvidenceDeps): Promise<readonly Job[]> {
  const runs = new Map<string, { readonly repo: string; readonly run: number; readonly attempt: number | null }>();
  for (const link of links) {
    const page = actionsPage(link);
    if (page === null) continue;
    const { repo, run, attempt } = page;
    const pinned = wait.extra.run_id === run && typeof wait.extra.attempt === "number" ? wait.extra.attempt : null;
    if (!runs.has(`${repo} ${run}`)) runs.set(`${repo} ${run}`, { repo, run, attempt: attempt ?? pinned });
  }
  const jobs: Job[] = [];
  for (const { repo, run, attempt } of [...runs.values()].slice(0, MAX_RUNS)) {
    const found = (await readJobs(deps.github, repo, run, attempt)) ?? [];
    jobs.push(...found.map((check) => checkJob(check, repo, wait.sha ?? `run-${run}`, deps)));
  }
  const isLinked = ({ url }: Job) => Number(url !== null && links.includes(url));
  return jobs.toSorted((a, b) => isLinked(b) - isLinked(a));
}

/** What shows why a wait failed, as the log of the job that it is about. */
function toldJobs(wait: Wait, page: string | null): readonly Job[] {
  const byJob = new Map<string, EvidenceLine[]>();
  for (const line of readEvidence(wait.extra.evidence)) {
    const name = line.job || waitName(wait);
    const lines = byJob.get(name);
    if (lines) lines.push(line);
    else byJob.set(name, [line]);
  }
  return [...byJob].map(([name, lines]) => ({
    name,
    state: "failed",
    url: lines.find(({ url }) => webAddress(url) !== null)?.url ?? page,
    read: async () => ({ text: redact(lines.map(({ text }) => text).join("\n")), steps: null }),
  }));
}
