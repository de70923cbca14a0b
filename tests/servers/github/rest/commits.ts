import type { Check } from "../checks.ts";
import { statusAt } from "../checks.ts";
import { iso, isoOrNull } from "../clock.ts";
import type { Commit } from "../commit.ts";
import { repoUrl } from "../graphql/repository.ts";
import { appId } from "../ids.ts";
import type { Repo } from "../repo.ts";
import { json, noAccess, notFound, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/** Commits, their check runs, statuses and annotations, and comparisons. */
export const commitRoutes: Route[] = [
  ["GET", /^commits\/(.+)\/check-runs$/, (asked) => onCommit(asked, (commit) => listChecks(asked, commit))],
  ["GET", /^commits\/(.+)\/check-suites$/, (asked) => onCommit(asked, (commit) => listSuites(asked, commit))],
  ["GET", /^commits\/(.+)\/status$/, (asked) => onCommit(asked, (commit) => combined(asked, commit))],
  ["GET", /^commits\/(.+)\/pulls$/, (asked) => onCommit(asked, (commit) => pullsOf(asked, commit))],
  ["GET", /^commits\/([^/]+)$/, (asked) => onCommit(asked, (commit) => json(viewCommit(commit)))],
  ["GET", /^check-runs\/(\d+)$/, (asked) => onCheck(asked, (check, commit) => json(viewCheck(check, commit)))],
  ["GET", /^check-runs\/(\d+)\/annotations$/, (asked) => onCheck(asked, (check) => annotations(asked, check))],
  ["GET", /^compare\/(.+)\.\.\.(.+)$/, compare],
  [
    "GET",
    /^git\/ref\/heads\/(.+)$/,
    (asked) =>
      onCommit(asked, (commit) =>
        json({ ref: `refs/heads/${asked.parts[0]}`, object: { sha: commit.sha, type: "commit" } }),
      ),
  ],
];

function resolve(repo: Repo, name: string): Commit | undefined {
  const pull = [...repo.pulls.values()].find((candidate) => candidate.branch === name);
  const sha = repo.branches.get(name) ?? pull?.head.sha ?? name;
  return [...repo.commits.values()].find(
    (commit) => commit.sha === sha || (sha.length >= 7 && commit.sha.startsWith(sha)),
  );
}

function onCommit(asked: Asked, run: (commit: Commit) => Reply): Reply {
  const commit = resolve(asked.repo, asked.parts[0] ?? "");
  return commit ? run(commit) : json({ message: `No commit found for SHA: ${asked.parts[0]}` }, 422);
}

function onCheck(asked: Asked, run: (check: Check, commit: Commit) => Reply): Reply {
  if (!asked.world.permissions.checks) return noAccess;
  for (const commit of asked.repo.commits.values()) {
    const check = commit.suites
      .flatMap((suite) => suite.checks)
      .find((candidate) => String(candidate.id) === asked.parts[0]);
    if (check) return run(check, commit);
  }
  return notFound;
}

function listChecks({ world, url }: Asked, commit: Commit): Reply {
  if (!world.permissions.checks) return noAccess;
  const checks = commit.shownChecks();
  return paged(checks, url, (page) => ({
    total_count: checks.length,
    check_runs: page.map((check) => viewCheck(check, commit)),
  }));
}

function viewCheck(check: Check, commit: Commit) {
  const state = check.at(commit.repo.world.now());
  const { plan, suite } = check;
  const url = `${repoUrl(commit.repo)}/actions/runs/${suite.runId}/job/${check.id}`;
  return {
    id: check.id,
    head_sha: commit.sha,
    name: plan.name,
    external_id: plan.externalId ?? "",
    status: state.status.toLowerCase(),
    conclusion: state.conclusion?.toLowerCase() ?? null,
    started_at: isoOrNull(state.startedAt),
    completed_at: isoOrNull(state.completedAt),
    html_url: url,
    details_url: plan.detailsUrl ?? url,
    check_suite: { id: suite.id },
    app: { id: appId(suite.app), slug: suite.app, name: suite.app },
    output: {
      title: plan.title ?? null,
      summary: plan.summary ?? null,
      text: plan.text ?? null,
      annotations_count: check.annotations(commit.repo.world.now()).length,
    },
  };
}

function annotations({ url }: Asked, check: Check): Reply {
  const now = check.suite.repo.world.now();
  return paged(check.annotations(now), url, (page) =>
    page.map((item) => ({
      path: item.path,
      start_line: item.line,
      end_line: item.endLine ?? item.line,
      annotation_level: item.level ?? "failure",
      message: item.message,
      title: item.title ?? null,
      raw_details: null,
    })),
  );
}

function listSuites({ world, url }: Asked, commit: Commit): Reply {
  if (!world.permissions.checks) return noAccess;
  const suites = commit.shownSuites();
  return paged(suites, url, (page) => ({
    total_count: suites.length,
    check_suites: page.map((suite) => {
      const { status, conclusion } = suite.at(world.now());
      return {
        id: suite.id,
        head_sha: commit.sha,
        status: status.toLowerCase(),
        conclusion: conclusion?.toLowerCase() ?? null,
        app: { id: appId(suite.app), slug: suite.app },
      };
    }),
  }));
}

function combined({ world, url }: Asked, commit: Commit): Reply {
  if (!world.permissions.statuses) return noAccess;
  const shown = commit.shownStatuses().map((status) => ({ status, current: statusAt(status, world.now())! }));
  const states = shown.map(({ current }) => current.state);
  const bad = states.some((state) => state === "FAILURE" || state === "ERROR");
  const state = bad
    ? "failure"
    : states.length > 0 && states.every((value) => value === "SUCCESS")
      ? "success"
      : "pending";
  return paged(shown, url, (page) => ({
    state,
    sha: commit.sha,
    total_count: shown.length,
    statuses: page.map(({ status, current }) => ({
      id: status.id,
      context: status.plan.context,
      state: current.state.toLowerCase(),
      description: current?.description ?? null,
      target_url: status.plan.targetUrl ?? null,
      created_at: iso(current.at),
      updated_at: iso(current.at),
      creator: { login: status.plan.creator ?? "ci-bot" },
    })),
  }));
}

function viewCommit(commit: Commit) {
  return {
    sha: commit.sha,
    html_url: `${repoUrl(commit.repo)}/commit/${commit.sha}`,
    commit: { message: commit.message, committer: { date: iso(commit.pushedAt) } },
    parents: commit.parents.map((sha) => ({ sha })),
  };
}

function pullsOf({ repo, url }: Asked, commit: Commit): Reply {
  const pulls = repo.shownPulls().filter((pull) => pull.heads.some((head) => head.commit === commit));
  return paged(pulls, url, (page) =>
    page.map((pull) => ({ number: pull.number, state: pull.state === "OPEN" ? "open" : "closed" })),
  );
}

function compare({ repo, parts }: Asked): Reply {
  const [base, head] = [resolve(repo, parts[0] ?? ""), resolve(repo, parts[1] ?? "")];
  if (!base || !head) return notFound;
  const ahead = repo.isAncestor(base.sha, head.sha);
  const behind = repo.isAncestor(head.sha, base.sha);
  const status = base === head ? "identical" : ahead ? "ahead" : behind ? "behind" : "diverged";
  const [aheadBy, behindBy] = [distance(repo, base.sha, head.sha), distance(repo, head.sha, base.sha)];
  return json({
    status,
    ahead_by: aheadBy,
    behind_by: behindBy,
    total_commits: aheadBy,
    base_commit: viewCommit(base),
    commits: [],
    files: [],
  });
}

/** Commits that the second has and the first has not. */
function distance(repo: Repo, from: string, to: string): number {
  return [...repo.commits.keys()].filter((sha) => repo.isAncestor(sha, to) && !repo.isAncestor(sha, from)).length;
}
