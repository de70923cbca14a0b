import { askGit, type PluginContext, parseRepo, sameRepo } from "../../../src/plugin.ts";

/** A push older than that has reached GitHub's read replicas, or has been replaced. */
const RECENT_MS = 5 * 60_000;

/** The branch that is checked out here, or null (detached, or no git). */
export async function currentBranch(context: PluginContext): Promise<string | null> {
  const branch = await askGit(context, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  return branch || null;
}

/**
 * The sha that was pushed from here to that branch within the last minutes, by git's own record of the push; null when
 * none was. For some seconds after a push GitHub still shows the earlier head.
 */
export async function recentPush(context: PluginContext, repo: string, branch: string): Promise<string | null> {
  const remotes = await askGit(context, ["config", "--get-regexp", "^remote\\..*\\.url$"]);
  for (const line of (remotes ?? "").split("\n")) {
    const [, name = "", url = ""] = /^remote\.(.+)\.url (.+)$/.exec(line) ?? [];
    if (!name || !sameRepo(parseRepo(url), repo)) continue;
    const ref = `refs/remotes/${name}/${branch}`;
    const format = ["--date=unix", "--format=%H%x09%gd%x09%gs"];
    const entry = await askGit(context, ["reflog", "show", ...format, "-1", ref, "--"]);
    const [sha = "", at = "", what = ""] = (entry ?? "").split("\t");
    const seconds = Number(/@\{(\d+)\}$/.exec(at)?.[1]);
    if (what === "update by push" && context.clock.now() - seconds * 1000 < RECENT_MS) return sha;
  }
  return null;
}

/** One question to git in the wait's directory: its trimmed answer, or null when it failed. */
export function git(context: PluginContext, ...args: string[]): Promise<string | null> {
  return askGit(context, args);
}
