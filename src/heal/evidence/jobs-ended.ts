import type { Exec } from "../../base/exec-types.ts";
import { oneLine } from "../../base/text.ts";
import type { LookItem } from "../../contract/wait-kind.ts";
import { hasChecks } from "../../core/traits.ts";
import type { Wait } from "../../core/wait.ts";
import { readJobs } from "../../github/actions/jobs.ts";
import { actionsPage } from "../../github/actions/page.ts";
import { createGitHub, type GitHub } from "../../github/client.ts";
import type { Check } from "../../github/pull-request.ts";
import { groupRows } from "../../store/jsonl.ts";
import type { Parts, WatchDeps } from "../../watch/deps.ts";
import { hasEnded } from "../../watch/ended-parts.ts";
import { earlyCiLogReader } from "./ci-log.ts";
import { fetchChecks, fetchLogs } from "./fetch.ts";
import { MAX_JOBS } from "./job-logs.ts";
import { type RanFor, readMinutes, recordMinutes } from "./minutes.ts";

/** A job of GitHub Actions that a part of a wait links to. */
interface LinkedJob {
  readonly item: LookItem;
  readonly run: number;
  readonly id: number;
}

/** Time limit of a request when the wait is over (ms): a command that watched is not held up for its figures. */
const LAST_MS = 3000;
const DEFAULT_MS = 20_000;

/**
 * Keeps the logs of jobs that failed while their pull request is watched on, also those of other CI services, so that its verdict is
 * explained at once and a re-run does not destroy them, and records the minutes of the jobs of runs that ended. At the verdict the
 * classification has read the logs.
 */
export async function jobsEnded(wait: Wait, { fresh, items, over, signal }: Parts, deps: WatchDeps): Promise<void> {
  const { repo, pr, sha } = wait;
  if (!hasChecks(wait) || repo === null || pr === null || sha === null) return;
  const { exec, env, clock, store } = deps;
  // Of its own, since a client asks a host one thing at a time: no look waits behind a long log.
  const longest = over ? LAST_MS : Number.POSITIVE_INFINITY;
  const brief: Exec = (argv, how = {}) =>
    exec(argv, { ...how, signal, timeoutMs: Math.min(longest, how.timeoutMs ?? DEFAULT_MS) });
  const github = createGitHub({ exec: brief, env, clock, home: store.home });
  const failed = over ? [] : firstFailed(items).filter((item) => fresh.includes(item));
  if (failed.length > 0) {
    const place = { env, cwd: wait.extra.cwd ?? "/", home: store.home };
    const ciLog = earlyCiLogReader(place, signal);
    const evidence = { github, paths: store.paths, env, now: () => clock.now(), ciLog };
    await fetchLogs(repo, sha, failed.flatMap(linkedJob).map(checkOf), evidence);
    const others = await otherChecks({ repo, pr, sha }, failed, github);
    if (others.length > 0) await fetchLogs(repo, sha, others, evidence);
  }
  await countMinutes({ repo, pr, sha }, items, over, github, deps);
}

/** The parts whose logs the verdict reads, as far as they have failed by now. */
function firstFailed(items: readonly LookItem[]): readonly LookItem[] {
  const failed = items.filter(({ state }) => state === "failed");
  return failed.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).slice(0, MAX_JOBS);
}

/** The checks of other services behind parts that failed, as the verdict will see them: what is kept is kept under their numbers. */
async function otherChecks(
  { repo, pr, sha }: RanFor,
  failed: readonly LookItem[],
  github: GitHub,
): Promise<readonly Check[]> {
  const others = failed.filter((item) => item.url !== undefined && linkedJob(item).length === 0);
  if (others.length === 0) return [];
  const { failed: checks } = await fetchChecks(repo, pr, sha, { github });
  const isMeant = ({ name, url }: Check) => {
    const [shownName, shownUrl] = [oneLine(name, 120), oneLine(url ?? "", 500)];
    return others.some((item) => item.name === shownName && item.url === shownUrl);
  };
  return checks.filter(isMeant);
}

/** Asks once for the jobs of each run that ended; at the verdict also of those that go on, since nobody may look again. */
async function countMinutes(
  ranFor: RanFor,
  items: readonly LookItem[],
  over: boolean,
  github: GitHub,
  { store, clock }: WatchDeps,
): Promise<void> {
  const due = [...groupRows(items.flatMap(linkedJob), ({ run }) => String(run))].flatMap(([run, jobs]) => {
    const ran = jobs.filter(({ item }) => hasEnded(item) && item.state !== "skipped");
    const isDue = ran.length > 0 && (over || jobs.every(({ item }) => hasEnded(item)));
    return isDue ? [{ run: Number(run), ran }] : [];
  });
  if (due.length === 0) return;
  const known = new Set(readMinutes(store.paths).map(({ run }) => run));
  for (const { run, ran } of due) {
    if (ran.every(({ id }) => known.has(id))) continue;
    await recordMinutes(store.paths, ranFor, (await readJobs(github, ranFor.repo, run)) ?? [], clock.now());
  }
}

function linkedJob(item: LookItem): readonly LinkedJob[] {
  const { run, job = null } = actionsPage(item.url ?? "") ?? {};
  return run === undefined || job === null ? [] : [{ item, run, id: job }];
}

/** The check of a job, as far as its log needs it. */
function checkOf({ item, run, id }: LinkedJob): Check {
  return {
    kind: "check",
    id,
    name: item.name,
    app: "github-actions",
    appId: null,
    workflow: null,
    workflowId: null,
    event: null,
    suite: null,
    suiteEnded: null,
    suiteConclusion: null,
    run,
    runNumber: null,
    attempt: null,
    state: item.state,
    cause: null,
    raw: "",
    required: item.required ?? null,
    url: item.url ?? null,
    description: null,
    startedAt: item.startedAt ?? null,
    endedAt: item.endedAt ?? null,
  };
}
