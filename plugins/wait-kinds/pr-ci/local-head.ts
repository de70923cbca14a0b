import { statSync } from "node:fs";
import { resolve } from "node:path";
import { readRemotes } from "../../../src/github.ts";
import { askGit, type PluginContext, sameRepo } from "../../../src/plugin.ts";
import { currentBranch, localBranch } from "./branch.ts";

/** What reached a remote longer ago than that has reached GitHub's read replicas, or has been replaced. */
const RECENT_MS = 5 * 60_000;

/** A branch at GitHub, and the commit that GitHub shows as its head. */
export interface ShownBranch {
  readonly branch: string;
  /** Full name of the repository that it lives in; null when GitHub does not say. */
  readonly home: string | null;
  readonly shown: string;
}

/** Another commit that this clone has for such a branch. */
export interface LocalHead {
  readonly sha: string;
  /**
   * `reached`: git has just seen it at the remote, by a push, a fetch or another tool. `ahead`: it is checked out here, and the
   * remote-tracking branch has another. `untracked`: it is checked out here, and nothing tells whether it was pushed.
   */
  readonly as: "reached" | "ahead" | "untracked";
}

/** The commit that this clone has for a branch in the place of the one that GitHub shows; null when it has no other. */
export async function headHere(branch: ShownBranch, context: PluginContext): Promise<LocalHead | null> {
  const tracked = await trackingHeads(branch, context);
  const reached = tracked.find(({ at, sha }) => sha !== branch.shown && isRecent(at, context));
  if (reached) return { sha: reached.sha, as: "reached" };
  const sha = await checkedOut(branch, context);
  if (sha === null || sha === branch.shown || tracked.some((one) => one.sha === sha)) return null;
  return { sha, as: tracked.length > 0 ? "ahead" : "untracked" };
}

/** Whether something of the branch that is checked out here has just reached a remote. */
export async function pushedLately(context: PluginContext): Promise<boolean> {
  const branch = await currentBranch(context);
  if (branch === null) return false;
  const refs = await askGit(context, ["for-each-ref", "--format=%(refname)", `refs/remotes/*/${branch}`]);
  for (const ref of (refs ?? "").split("\n").filter(Boolean)) {
    if (isRecent((await trackingHead(ref, context))?.at ?? 0, context)) return true;
  }
  return false;
}

interface Tracked {
  readonly sha: string;
  /** When it was last written (ms since the epoch); 0 when nothing tells. */
  readonly at: number;
}

const isRecent = (at: number, { clock }: PluginContext) => clock.now() - at < RECENT_MS;

/** The remote-tracking branches of a branch, whichever remote of its repository they are of. */
async function trackingHeads({ branch, home }: ShownBranch, context: PluginContext): Promise<readonly Tracked[]> {
  const remotes = (await readRemotes(context)).filter(({ repo }) => sameRepo(repo, home));
  const heads = await Promise.all(remotes.map(({ name }) => trackingHead(`refs/remotes/${name}/${branch}`, context)));
  return heads.filter((head) => head !== null);
}

/** A push and a fetch leave a line in the reflog, other tools often nothing but the file of the branch. */
async function trackingHead(ref: string, context: PluginContext): Promise<Tracked | null> {
  const sha = await askGit(context, ["rev-parse", "--verify", "--quiet", ref]);
  if (!sha) return null;
  const format = ["--date=unix", "--format=%H%x09%gd"];
  const entry = await askGit(context, ["reflog", "show", ...format, "-1", ref, "--"]);
  const [, logged = "", seconds = "0"] = /^(\S+)\t.*@\{(\d+)\}$/.exec(entry ?? "") ?? [];
  if (logged === sha) return { sha, at: Number(seconds) * 1000 };
  const path = await askGit(context, ["rev-parse", "--git-path", ref]);
  const file = path ? statSync(resolve(context.cwd, path), { throwIfNoEntry: false }) : undefined;
  return { sha, at: file?.mtimeMs ?? 0 };
}

/** The commit that is checked out here, if it is of that branch: by where the branch lives, or because it stands on what is shown. */
async function checkedOut({ branch, home, shown }: ShownBranch, context: PluginContext): Promise<string | null> {
  const current = await currentBranch(context);
  const local = current === null ? null : await localBranch(context, current);
  if (current === null || local?.name !== branch) return null;
  const isOfIt = sameRepo(local.head, home) || (await standsOn(current, shown, context));
  return isOfIt ? askGit(context, ["rev-parse", "--verify", "--quiet", "HEAD"]) : null;
}

/** Whether a local branch has that commit behind it, or had it before it was amended. */
async function standsOn(branch: string, sha: string, context: PluginContext): Promise<boolean> {
  if ((await askGit(context, ["merge-base", "--is-ancestor", sha, "HEAD"])) !== null) return true;
  const earlier = await askGit(context, ["reflog", "show", "--format=%H", "-100", `refs/heads/${branch}`, "--"]);
  return earlier?.split("\n").includes(sha) ?? false;
}
