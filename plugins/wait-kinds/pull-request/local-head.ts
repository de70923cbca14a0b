import { statSync } from "node:fs";
import { resolve } from "node:path";
import { readRemotes } from "../../../src/github.ts";
import { askGit, type PluginContext, sameRepo } from "../../../src/plugin.ts";
import { currentBranch, localBranch } from "./branch.ts";

/** After this time a pushed commit is on GitHub's read replicas, or was replaced. */
const RECENT_MS = 5 * 60_000;

/** A branch at GitHub, and the commit that GitHub shows as its head. */
export interface ShownBranch {
  readonly branch: string;
  /** Full name of the branch's repository; null when GitHub does not say. */
  readonly home: string | null;
  readonly shown: string;
}

/** Another commit of such a branch in this clone. */
export interface LocalHead {
  readonly sha: string;
  /**
   * `reached`: git recently saw the commit at the remote, by a push, a fetch or another tool. `ahead`: checked out, and the
   * remote-tracking branch has another. `untracked`: checked out, and whether it was pushed is unknown.
   */
  readonly as: "reached" | "ahead" | "untracked";
}

/** Finds this clone's commit of a branch when it is not the one that GitHub shows; else null. */
export async function headHere(branch: ShownBranch, context: PluginContext): Promise<LocalHead | null> {
  const tracked = await trackingHeads(branch, context);
  const reached = tracked.find(({ at, sha }) => sha !== branch.shown && isRecent(at, context));
  if (reached) return { sha: reached.sha, as: "reached" };
  const sha = await checkedOut(branch, context);
  if (sha === null || sha === branch.shown || tracked.some((one) => one.sha === sha)) return null;
  return { sha, as: tracked.length > 0 ? "ahead" : "untracked" };
}

/** Whether the checked-out branch was recently pushed to (or fetched from) a remote. */
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
  /** When the ref was last written (ms since the epoch); 0 when unknown. */
  readonly at: number;
}

const isRecent = (at: number, { clock }: PluginContext) => clock.now() - at < RECENT_MS;

/** Reads the remote-tracking branches of a branch, for all remotes of its repository. */
async function trackingHeads({ branch, home }: ShownBranch, context: PluginContext): Promise<readonly Tracked[]> {
  const remotes = (await readRemotes(context)).filter(({ repo }) => sameRepo(repo, home));
  const heads = await Promise.all(remotes.map(({ name }) => trackingHead(`refs/remotes/${name}/${branch}`, context)));
  return heads.filter((head) => head !== null);
}

/** Reads a remote-tracking branch. Push and fetch write to the reflog; after other tools only the ref's file may tell the time. */
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

/** Reads HEAD if the checked-out branch is that branch: it has the same repository, or contains the shown commit. */
async function checkedOut({ branch, home, shown }: ShownBranch, context: PluginContext): Promise<string | null> {
  const current = await currentBranch(context);
  const local = current === null ? null : await localBranch(context, current);
  if (current === null || local?.name !== branch) return null;
  const isOfIt = sameRepo(local.head, home) || (await standsOn(current, shown, context));
  return isOfIt ? askGit(context, ["rev-parse", "--verify", "--quiet", "HEAD"]) : null;
}

/** Whether the checked-out local branch contains a commit, or did before an amend. */
async function standsOn(branch: string, sha: string, context: PluginContext): Promise<boolean> {
  if ((await askGit(context, ["merge-base", "--is-ancestor", sha, "HEAD"])) !== null) return true;
  const earlier = await askGit(context, ["reflog", "show", "--format=%H", "-100", `refs/heads/${branch}`, "--"]);
  return earlier?.split("\n").includes(sha) ?? false;
}
