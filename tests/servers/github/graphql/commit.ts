import { iso } from "../clock.ts";
import type { Commit } from "../commit.ts";
import { appId } from "../ids.ts";
import { viewRollup, viewSuite } from "./checks.ts";
import { connection, type Page } from "./connection.ts";
import { viewDeployment } from "./deployments.ts";
import { forbidden } from "./errors.ts";
import { viewPull } from "./pull-request.ts";
import { repoUrl, viewRepo } from "./repository.ts";

/** A commit. */
export function viewCommit(commit: Commit): object {
  const { repo } = commit;
  const { world } = repo;
  const url = `${repoUrl(repo)}/commit/${commit.sha}`;
  return {
    __typename: "Commit",
    id: `C_${commit.sha}`,
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    message: commit.message,
    messageHeadline: commit.message.split("\n")[0],
    messageBody: commit.message.split("\n").slice(1).join("\n").trim(),
    committedDate: iso(commit.pushedAt),
    authoredDate: iso(commit.pushedAt),
    url,
    commitUrl: url,
    author: { name: "Octo Cat", email: "octocat@example.com", user: null },
    authors: (page: Page) =>
      connection([{ name: "Octo Cat", email: "octocat@example.com", user: null }], page, (item) => item),
    repository: () => viewRepo(repo),
    tree: { id: `T_${commit.sha}`, oid: commit.sha },
    parents: (page: Page) => connection(knownParents(commit), page, viewCommit),
    history: (page: Page) => connection(history(commit), page, viewCommit),
    statusCheckRollup: () => viewRollup(commit),
    checkSuites: (page: Page & { filterBy?: { appId?: number | null; checkName?: string | null } | null }) => {
      if (!world.permissions.checks) throw forbidden();
      const suites = commit
        .shownSuites()
        .filter((suite) => !page.filterBy?.appId || appId(suite.app) === page.filterBy.appId)
        .filter(
          (suite) => !page.filterBy?.checkName || suite.checks.some((c) => c.plan.name === page.filterBy?.checkName),
        );
      return connection(suites, page, (suite) => viewSuite(suite, commit));
    },
    associatedPullRequests: (page: Page) =>
      connection(
        repo.shownPulls().filter((pull) => pull.heads.some((head) => head.commit === commit)),
        page,
        viewPull,
      ),
    deployments: (page: Page & { environments?: string[] | null; orderBy?: { direction: string } | null }) => {
      if (!world.permissions.deployments) throw forbidden();
      const all = repo.deployments.filter(
        (item) => item.sha === commit.sha && (!page.environments || page.environments.includes(item.plan.environment)),
      );
      return connection(page.orderBy?.direction === "DESC" ? all.reverse() : all, page, (item) =>
        viewDeployment(item, repo),
      );
    },
  };
}

function knownParents(commit: Commit): Commit[] {
  return commit.parents.map((sha) => commit.repo.commits.get(sha)).filter((parent) => parent !== undefined);
}

function history(commit: Commit): Commit[] {
  const line: Commit[] = [];
  for (let at: Commit | undefined = commit; at; at = knownParents(at)[0]) line.push(at);
  return line;
}
