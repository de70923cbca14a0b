import { holeError, holeOf, repoPushedTo, textAt } from "../../../src/github.ts";
import { askGit, type PluginContext } from "../../../src/plugin.ts";

/** A branch, identified by its name and the repository that it is in. */
export interface Branch {
  readonly name: string;
  /** Full name of that repository; null when git does not know it. */
  readonly head: string | null;
  /** Number of the pull request that `gh pr checkout` checked out into it, when git's configuration names one. */
  readonly number: number | null;
}

/** Runs git in the wait's directory and returns its trimmed output, or null when it failed. */
export function git(context: PluginContext, ...args: string[]): Promise<string | null> {
  return askGit(context, args);
}

/** The checked-out branch, or null (detached, or no git). */
export async function currentBranch(context: PluginContext): Promise<string | null> {
  return (await git(context, "symbolic-ref", "--quiet", "--short", "HEAD")) || null;
}

/**
 * Whether a repository has a branch at GitHub.
 *
 * @throws {GitHubError} when GitHub could not be read.
 */
export async function isAtGitHub(context: PluginContext, repo: string, name: string): Promise<boolean> {
  const ref = JSON.stringify(`refs/heads/${name}`);
  const { data, problems } = await context.github.repository(repo, `ref(qualifiedName: ${ref}) { name }`);
  const [problem] = problems;
  if (problem) throw holeError(holeOf(problem), `the branches of ${repo}`, `a token that may read ${repo}`);
  return textAt(data, "ref", "name") !== null;
}

/** Finds the remote branch that a local branch is pushed to, by git's configuration; null when the local branch does not exist. */
export async function localBranch(context: PluginContext, name: string): Promise<Branch | null> {
  if ((await git(context, "rev-parse", "--verify", "--quiet", `refs/heads/${name}`)) === null) return null;
  const settings = await branchSettings(context, name);
  const merge = settings.get("merge") ?? "";
  const number = /^refs\/pull\/(\d+)\/head$/.exec(merge)?.[1];
  if (number) return { name, head: null, number: Number(number) };
  const [pushed, fetched] = [settings.get("pushremote") ?? settings.get("pushdefault"), settings.get("remote")];
  const remote = pushed ?? fetched ?? (await remoteWith(context, name));
  // With a separate push remote, git ignores the upstream's name and pushes under the branch's own.
  const upstream = pushed === undefined || pushed === fetched ? branchOf(merge) : null;
  return { name: upstream ?? name, head: await repoPushedTo(remote, context), number: null };
}

/** Reads `remote`, `pushremote` and `merge` of a branch, and `pushdefault`; the last value in git's configuration counts. */
async function branchSettings(context: PluginContext, name: string): Promise<ReadonlyMap<string, string>> {
  const keys = "^(branch\\..*\\.(remote|pushremote|merge)|remote\\.pushdefault)$";
  const entries = (await git(context, "config", "-z", "--get-regexp", keys)) ?? "";
  const settings = new Map<string, string>();
  for (const entry of entries.split("\0")) {
    const end = entry.indexOf("\n");
    const [key, value] = [entry.slice(0, end), entry.slice(end + 1)];
    if (key === "remote.pushdefault") settings.set("pushdefault", value);
    else if (key.startsWith(`branch.${name}.`)) settings.set(key.slice(`branch.${name}.`.length), value);
  }
  return settings;
}

const branchOf = (ref: string) => (ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null);

/** Finds the only remote that has a branch of that name, else `origin`. */
async function remoteWith(context: PluginContext, name: string): Promise<string> {
  const refs = await git(context, "for-each-ref", "--format=%(refname)", `refs/remotes/*/${name}`);
  const remotes = (refs ?? "").split("\n").flatMap((ref) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1] ?? []);
  return remotes.length === 1 && remotes[0] ? remotes[0] : "origin";
}
