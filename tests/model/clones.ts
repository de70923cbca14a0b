import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real clones with the branch `feature` checked out: of the repository itself, and of the fork `me/app`. */
export interface Clones {
  readonly own: string;
  readonly fork: string;
  /** The commit that is HEAD in both. */
  readonly sha: string;
  remove(): void;
}

/** Makes them once for all pull requests. */
export function makeClones(): Clones {
  const root = mkdtempSync(join(tmpdir(), "p9-model-clones-"));
  const make = (name: string, remotes: Record<string, string>) => {
    const cwd = join(root, name);
    const git = (...args: string[]) => execFileSync("git", args, { cwd, encoding: "utf8", env, stdio: "pipe" }).trim();
    execFileSync("git", ["init", "-q", "-b", "feature", cwd]);
    git("commit", "-q", "--allow-empty", "-m", "Change something");
    for (const [remote, url] of Object.entries(remotes)) git("remote", "add", remote, url);
    const sha = git("rev-parse", "HEAD");
    git("update-ref", "refs/remotes/origin/feature", sha);
    git("config", "branch.feature.remote", "origin");
    git("config", "branch.feature.merge", "refs/heads/feature");
    if (remotes.upstream) git("config", "remote.upstream.gh-resolved", "base");
    return { cwd, sha };
  };
  const own = make("own", { origin: "https://github.com/octo/app.git" });
  const fork = make("fork", {
    origin: "https://github.com/me/app.git",
    upstream: "https://github.com/octo/app.git",
  });
  return { own: own.cwd, fork: fork.cwd, sha: own.sha, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** The same commit in both, whoever runs it and when. */
const when = "2026-01-05T11:00:00Z";
const env = {
  ...process.env,
  GIT_AUTHOR_NAME: "Me",
  GIT_AUTHOR_EMAIL: "me@example.com",
  GIT_COMMITTER_NAME: "Me",
  GIT_COMMITTER_EMAIL: "me@example.com",
  GIT_AUTHOR_DATE: when,
  GIT_COMMITTER_DATE: when,
  GIT_CONFIG_GLOBAL: "/dev/null",
};
