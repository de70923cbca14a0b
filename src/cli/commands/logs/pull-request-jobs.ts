import { pullRequestUrl } from "../../../core/repo.ts";
import { type JobStep, readSteps } from "../../../github/actions/jobs.ts";
import type { GitHub } from "../../../github/client.ts";
import type { Check } from "../../../github/pull-request.ts";
import { fetchChecks, fetchLogs } from "../../../heal/evidence/fetch.ts";
import { MAX_KEPT } from "../../../heal/evidence/job-logs.ts";
import type { EvidenceDeps } from "../../../heal/evidence/red-pull-request.ts";
import type { PrTarget } from "../../program/pr-target.ts";
import type { Job, Jobs } from "./job.ts";

/** Reads the jobs of a pull request at a commit (null: its head). Their logs are read when they are asked for, and kept. */
export async function pullRequestJobs({ repo, pr }: PrTarget, sha: string | null, deps: EvidenceDeps): Promise<Jobs> {
  const { checks, failed, sha: commit, pull } = await fetchChecks(repo, pr, sha, deps);
  const isFailed = new Set(failed);
  const ordered = [...failed, ...checks.filter((check) => !isFailed.has(check))];
  const all = ordered.map((check) => checkJob(check, repo, commit, deps));
  const of = commit === pull.head ? `the head of #${pr}` : `#${pr} at ${commit.slice(0, 7)}`;
  return { of, page: `${pullRequestUrl(repo, pr)}/checks`, all, meant: all.slice(0, failed.length) };
}

/** The job behind a check of a commit. */
export function checkJob(check: Check, repo: string, sha: string, deps: EvidenceDeps): Job {
  return {
    name: check.name,
    state: check.state,
    url: check.url,
    async read() {
      const [log] = await fetchLogs(repo, sha, [check], deps);
      const text = log?.text ?? "";
      const steps = text === "" ? null : await stepsOf(check, repo, deps.github);
      return {
        text,
        steps,
        isElsewhere: log?.external === true,
        note: log?.note ?? null,
        isCut: text.length >= MAX_KEPT,
      };
    },
  };
}

/** The steps of a job of GitHub Actions. Its log can be read without them. */
async function stepsOf(check: Check, repo: string, github: GitHub): Promise<readonly JobStep[] | null> {
  if (check.kind !== "check" || check.app !== "github-actions" || check.id <= 0) return null;
  try {
    return await readSteps(github, repo, check.id);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "GitHubError") throw error;
    return null;
  }
}
