import type { Commit } from "../commit.ts";
import type { Repo } from "../repo.ts";
import { json, noAccess, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/**
 * Analyses and alerts of code scanning, as far as a pull request and its base have them.
 * Source: docs.github.com/rest/code-scanning, "List code scanning analyses for a repository" and "List code scanning alerts for a repository"
 * (`pr`, `ref`, `tool_name`, `state`): 403 where the token lacks "Code scanning alerts: read", 404 "no analysis found".
 */
export const codeScanningRoutes: Route[] = [
  ["GET", /^code-scanning\/analyses$/, analyses],
  ["GET", /^code-scanning\/alerts$/, alerts],
];

/** One alert has one number on every ref. */
const ALERT = 7;
const nothing = json({ message: "no analysis found" }, 404);

function analyses({ world, repo, url }: Asked): Reply {
  if (!world.permissions.codeScanning) return noAccess;
  const pull = repo.pulls.get(Number(url.searchParams.get("pr")));
  const tool = url.searchParams.get("tool_name") ?? "";
  const scanned = pull?.heads.map(({ commit }) => commit).filter((commit) => isDone(commit, tool)) ?? [];
  if (!pull || scanned.length === 0) return nothing;
  const ref = `refs/pull/${pull.number}/merge`;
  const rows = scanned
    .toReversed()
    .map((commit) => ({ ref, commit_sha: mergeOf(repo, commit, pull.base), tool: { name: tool }, error: "" }));
  return paged(rows, url, (page) => page);
}

function alerts({ world, repo, url }: Asked): Reply {
  if (!world.permissions.codeScanning) return noAccess;
  const tool = url.searchParams.get("tool_name") ?? "";
  const pull = repo.pulls.get(Number(url.searchParams.get("pr")));
  const branch = (url.searchParams.get("ref") ?? "").slice("refs/heads/".length);
  const commit = repo.commits.get(pull ? pull.shownHead.sha : repo.branchSha(branch));
  if (!commit || !isDone(commit, tool)) return nothing;
  const rule = { severity: "error", security_severity_level: "high" };
  const found =
    commit.scans.get(tool) === "alerts" ? [{ number: ALERT, state: "open", rule, tool: { name: tool } }] : [];
  return paged(found, url, (page) => page);
}

function isDone(commit: Commit, tool: string): boolean {
  return ["clean", "alerts"].includes(commit.scans.get(tool) ?? "");
}

/** GitHub analyses the merge of the head into the base. Source: the same page, the example of `ref`: `refs/pull/42/merge`. */
function mergeOf(repo: Repo, head: Commit, base: string): string {
  const message = `merge of ${head.sha}`;
  return repo.commit(message, { message, parents: [repo.branchSha(base), head.sha] }).sha;
}
