import { at, textAt } from "../../github/read.ts";
import { readPullRequest } from "../../github/read-pull-request.ts";
import { countingChecks } from "../../merge/counting-checks.ts";
import { classify } from "../classify/classify.ts";
import { jobLogs } from "./job-logs.ts";
import { record } from "./ledger.ts";
import type { EvidenceDeps } from "./red-pull-request.ts";

/**
 * Notes in the ledger how a job stands on the newest commit of the base branch: a failure that is there too is not the pull
 * request's. What cannot be read is simply not known; it holds nothing up.
 */
export async function rememberBase(
  repo: string,
  pull: { readonly number: number; readonly base: string },
  job: string,
  folder: string,
  deps: EvidenceDeps,
): Promise<void> {
  try {
    const { data } = await deps.github.repository(
      repo,
      `ref(qualifiedName: ${JSON.stringify(`refs/heads/${pull.base}`)}) { target { oid } }`,
    );
    const sha = textAt(at(data, "ref"), "target", "oid");
    if (!sha) return;
    const read = await readPullRequest(deps.github, repo, { number: pull.number, sha });
    const { checks, missing } = await countingChecks(deps.github, repo, read, { sha });
    if (missing) return;
    const check = checks.find(({ name, state }) => name === job && (state === "failed" || state === "succeeded"));
    if (!check) return;
    const passed = check.state === "succeeded";
    const [log] = passed ? [] : await jobLogs([check], { github: deps.github, repo, folder, env: deps.env });
    if (!passed && !log?.text) return;
    const signature = log ? classify(log.text, deps.rules).signature_hash : null;
    const outcome = passed ? "passed" : "failed";
    await record(
      deps.paths,
      [{ repo, job, signature, sha, tree: null, branch: pull.base, outcome, duration: null, run: check.id }],
      deps.now(),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "GitHubError")) throw error;
  }
}
