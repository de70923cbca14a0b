import { execFileSync } from "node:child_process";
import type { Commit } from "./commit.ts";
import type { Repo } from "./repo.ts";

/** A branch moved in the git repository that is followed. */
export interface Pushed {
  branch: string;
  commit: Commit;
}

/**
 * Lets a repository follow a real bare git repository: before every request its branches are read, pushes to the
 * branch of an open pull request become its head, others move the branch. A push to a fork moves the pull request of its
 * parent, and none that has only the branch's name. `onPush` plans the checks of the new commit.
 */
export function followGit(repo: Repo, gitDir: string, onPush: (pushed: Pushed) => void): void {
  const seen = new Map<string, string>();
  const git = (...args: string[]) => execFileSync("git", ["--git-dir", gitDir, ...args], { encoding: "utf8" }).trim();
  repo.world.beforeRequest(() => {
    const refs = git("for-each-ref", "--format=%(objectname) %(refname:short)", "refs/heads")
      .split("\n")
      .filter(Boolean);
    for (const line of refs) {
      const [sha = "", branch = ""] = line.split(" ");
      if (seen.get(branch) === sha) continue;
      seen.set(branch, sha);
      onPush({ branch, commit: take(sha, branch) });
    }
  });

  const take = (sha: string, branch: string): Commit => {
    const pull = [repo, repo.parent]
      .flatMap((of) => (of ? [...of.pulls.values()] : []))
      .find((one) => one.state === "OPEN" && one.branch === branch && sameName(one.headRepository, repo.fullName));
    const home = pull?.repo ?? repo;
    for (const line of git("rev-list", "--parents", "--max-count=50", "--reverse", sha).split("\n")) {
      const [own = "", ...parents] = line.split(" ");
      home.commit(own, { parents, message: git("log", "-1", "--format=%B", own) });
    }
    if (pull && pull.head.sha !== sha) pull.push(sha);
    if (!pull) repo.branches.set(branch, sha);
    return home.commits.get(sha)!;
  };
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
