import { counted, oneLine } from "../../base/text.ts";
import { ExternalError, HeadMovedError } from "../../core/errors.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import { requireLinksWithin } from "../confine/head-links.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";
import type { HealCommand } from "./plan.ts";
import { git, gitOk, requireOwnTree, type Worktree } from "./worktree.ts";

/** What is committed, and where it goes. */
export interface Repair {
  readonly worktree: Worktree;
  readonly files: readonly string[];
  readonly red: RedPullRequest;
  readonly command: HealCommand;
  readonly remote: string;
  readonly repo: string;
  readonly pr: number;
  readonly wait: Wait | null;
}

const WORDS: Readonly<Record<string, string>> = {
  format: "formatting",
  lint: "lint findings",
  codegen_drift: "generated files",
  lockfile: "the lock file",
  import_missing: "a missing import",
};

/**
 * Commits the changed files and pushes them to the branch without force. The remote is asked once more right before: if its head is
 * not the commit that failed, nothing is pushed.
 *
 * @throws {HeadMovedError}; {@link ForbiddenError} for a link that leads out; {@link ExternalError} when git refuses.
 */
export async function commitAndPush(repair: Repair, deps: WatchDeps): Promise<string> {
  const { worktree, files, red, remote, wait } = repair;
  const { branch } = red.pull;
  const ref = `refs/heads/${branch}`;
  await gitOk(worktree.dir, ["check-ref-format", ref], deps, `push to a branch called "${oneLine(branch, 80)}"`);
  await requireOwnTree(worktree, deps);
  await gitOk(
    worktree.dir,
    ["add", "--all", "--", ...files.map((file) => `:(literal)${file}`)],
    deps,
    "stage the heal",
  );
  await gitOk(
    worktree.dir,
    [...(await identity(worktree, deps)), "commit", "--quiet", "--no-verify", "-m", message(repair)],
    deps,
    "commit the heal",
  );
  const commit = (await gitOk(worktree.dir, ["rev-parse", "HEAD"], deps, "read the heal's commit")).trim();
  // A repair that brings one in would be fast-forwarded into the checkout.
  await requireLinksWithin({ exec: deps.exec, env: deps.env, cwd: worktree.dir }, commit);
  const shown = await gitOk(worktree.root, ["ls-remote", remote, ref], deps, "ask the remote for its head");
  const head = shown.split(/\s/)[0] ?? "";
  if (head !== red.sha)
    throw new HeadMovedError(`Cannot push the heal: the branch moved to ${head.slice(0, 12) || "nothing"} meanwhile`);
  // Written before the push, so that a recovery of a killed heal knows that there may be one.
  await deps.store.commit(() => [
    {
      type: "heal.push",
      ...(wait ? { wait_id: wait.wait_id } : {}),
      repo: repair.repo,
      pr: repair.pr,
      sha: red.sha,
      commit,
    },
  ]);
  // Tags and submodules that the user's settings would push along are not the heal's.
  const only = ["--no-follow-tags", "--recurse-submodules=no"];
  const push = await git(worktree.root, ["push", "--quiet", ...only, remote, `${commit}:${ref}`], deps, 300_000);
  if (push.code !== 0) {
    const text = oneLine(push.stderr || "git failed", 300);
    if (/\[rejected\]|non-fast-forward|fetch first/.test(push.stderr))
      throw new HeadMovedError(`Cannot push the heal: the branch moved meanwhile (${text})`);
    throw new ExternalError(`Cannot push the heal: ${text}`);
  }
  return commit;
}

/** The user's own name where git knows one. */
async function identity({ dir }: Worktree, deps: WatchDeps): Promise<string[]> {
  const known = await git(dir, ["config", "user.email"], deps);
  return known.code === 0 && known.stdout.trim() !== "" ? [] : ["-c", "user.name=p9", "-c", "user.email=p9@localhost"];
}

function message({ red, command, files }: Repair): string {
  const type = red.found.failure_type;
  const line = red.found.evidence[0];
  const jobs = [...new Set(red.found.evidence.map(({ job }) => job))].filter(Boolean);
  const body = [
    `Check ${jobs.map((job) => `"${oneLine(job, 60)}"`).join(", ") || "of this pull request"} failed on ${red.sha.slice(0, 12)}${line ? `: ${oneLine(line.text, 160)}` : ""}`,
    "",
    `Ran: ${oneLine(command.run, 200)} (${command.from}), ${counted(files.length, "file")} changed.`,
  ];
  return `Fix ${WORDS[type] ?? type} with ${oneLine(command.run, 50)}\n\n${body.join("\n")}\n`;
}

/**
 * Fast-forwards the user's checkout to the pushed commit when that loses nothing; else returns what to do, in lines for people.
 */
export async function fastForward(
  root: string,
  branch: string,
  from: string,
  to: string,
  deps: WatchDeps,
): Promise<string[]> {
  const [name, head, status] = await Promise.all([
    git(root, ["symbolic-ref", "--quiet", "--short", "HEAD"], deps),
    git(root, ["rev-parse", "HEAD"], deps),
    git(root, ["status", "--porcelain", "--untracked-files=no"], deps),
  ]);
  if (name.stdout.trim() !== branch) return [];
  const clean = status.code === 0 && status.stdout === "";
  if (head.stdout.trim() !== from)
    return [`your checkout of ${oneLine(branch, 80)} has commits of its own: git pull --rebase brings the heal in`];
  if (!clean)
    return [`your checkout of ${oneLine(branch, 80)} has changes: git pull --rebase --autostash brings the heal in`];
  const merged = await git(root, ["merge", "--ff-only", "--quiet", to], deps);
  return [
    merged.code === 0
      ? `your checkout of ${oneLine(branch, 80)} is at ${to.slice(0, 12)} now`
      : `git pull brings the heal into your checkout of ${oneLine(branch, 80)}`,
  ];
}
