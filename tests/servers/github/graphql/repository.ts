import { shaOf } from "../ids.ts";
import type { Pull } from "../pull.ts";
import type { Deployment, Repo } from "../repo.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { viewDeployment } from "./deployments.ts";
import { forbidden, githubError } from "./errors.ts";
import { viewPull } from "./pull-request.ts";
import { viewRef } from "./refs.ts";

/** The repository's page. */
export function repoUrl(repo: Repo): string {
  return `https://${repo.world.name}/${repo.fullName}`;
}

interface PullsPage extends Page {
  headRefName?: string | null;
  baseRefName?: string | null;
  states?: string[] | null;
}

interface DeploymentsPage extends Page {
  environments?: string[] | null;
  orderBy?: { direction: string } | null;
}

/** A repository. */
export function viewRepo(repo: Repo): object {
  return {
    __typename: "Repository",
    id: `R_${repo.fullName}`,
    databaseId: Number.parseInt(shaOf(repo.fullName).slice(0, 7), 16),
    name: repo.name,
    nameWithOwner: repo.fullName,
    owner: { __typename: "Organization", id: `O_${repo.owner}`, login: repo.owner, name: repo.owner },
    url: repoUrl(repo),
    isPrivate: repo.readers !== null,
    isFork: repo.parent !== null,
    isArchived: repo.archived,
    viewerPermission: repo.viewerPermission,
    hasIssuesEnabled: true,
    description: "",
    mergeCommitAllowed: true,
    squashMergeAllowed: true,
    rebaseMergeAllowed: true,
    parent: () => (repo.parent ? viewRepo(repo.parent) : null),
    defaultBranchRef: () => viewRef(repo, repo.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => findRef(repo, qualifiedName.replace(/^refs\/heads\//, "")),
    object: (args: { oid?: string | null; expression?: string | null }) => findObject(repo, args),
    pullRequest: ({ number }: { number: number }) => {
      const pull = repo.shownPull(number);
      if (!pull) throw githubError("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
      return viewPull(pull);
    },
    deployments: (page: DeploymentsPage) =>
      connection(findDeployments(repo, page), page, (item) => viewDeployment(item, repo)),
    pullRequests: (page: PullsPage) => connection(findPulls(repo, page), page, viewPull),
    issueOrPullRequest: ({ number }: { number: number }) => {
      const pull = repo.shownPull(number);
      return pull ? viewPull(pull) : null;
    },
  };
}

function findDeployments(repo: Repo, { environments, orderBy }: DeploymentsPage): Deployment[] {
  if (!repo.world.permissions.deployments) throw forbidden();
  const found = repo.deployments.filter((item) => !environments || environments.includes(item.plan.environment));
  return orderBy?.direction === "DESC" ? found.reverse() : found;
}

function findPulls(repo: Repo, page: PullsPage): Pull[] {
  return repo
    .shownPulls()
    .filter((pull) => !page.headRefName || pull.branch === page.headRefName)
    .filter((pull) => !page.baseRefName || pull.base === page.baseRefName)
    .filter((pull) => !page.states || page.states.includes(pull.state))
    .reverse();
}

function findRef(repo: Repo, name: string): object | null {
  const ofPull = [...repo.pulls.values()].some((pull) => pull.branch === name);
  return repo.branches.has(name) || ofPull ? viewRef(repo, name) : null;
}

function findObject(
  repo: Repo,
  { oid, expression }: { oid?: string | null; expression?: string | null },
): object | null {
  const wanted = oid ?? expression ?? "";
  if (wanted.endsWith(":.github/workflows"))
    return viewWorkflows(repo, wanted.startsWith("refs/heads/") ? "base" : "head");
  const file = /^refs\/heads\/([^:]+):(.+)$/.exec(wanted);
  if (file) return viewFile(repo, file[1] ?? "", file[2] ?? "");
  const pull = [...repo.pulls.values()].find((candidate) => candidate.branch === wanted);
  const sha = repo.branches.get(wanted) ?? pull?.head.sha ?? wanted;
  const found = [...repo.commits.values()].find(
    (commit) => commit.sha === sha || (sha.length >= 7 && commit.sha.startsWith(sha)),
  );
  return found ? viewCommit(found) : null;
}

/**
 * A file of a branch, by an expression as of git rev-parse. Source: GraphQL, `Repository.object(expression:)` and `Blob`: a file that is not
 * there is null, without an error; docs.github.com, "Permissions required for fine-grained personal access tokens", "Contents".
 */
function viewFile(repo: Repo, branch: string, path: string): object | null {
  if (!repo.world.permissions.contents) throw forbidden();
  const file = repo.files.get(branch === repo.defaultBranch ? path : `${branch}:${path}`);
  if (!file) return null;
  const { text, size = Buffer.byteLength(text), truncated = false } = file;
  return { __typename: "Blob", id: `B_${path}`, text, byteSize: size, isTruncated: truncated, isBinary: false };
}

function viewWorkflows(repo: Repo, of: "head" | "base"): object | null {
  const files = repo.workflows.filter(({ only }) => only === undefined || only === of);
  if (files.length === 0) return null;
  const blob = (text: string) => ({ __typename: "Blob", text });
  const entries = files.map(({ path, text }) => ({
    name: path.split("/").at(-1),
    object: blob(text ?? "on: [push, pull_request]"),
  }));
  return { __typename: "Tree", entries };
}
