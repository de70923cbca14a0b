import { resolve } from "node:path";
import { chosenBase, readRemotes, repoPushedTo } from "../../github/remotes.ts";
import type { Exec } from "../../process/exec.ts";
import { type Git, quickGit } from "../../process/git.ts";
import { type PushArgs, parsePushArgs } from "./push-args.ts";
import { type MovedRef, Reflogs } from "./reflog.ts";
import type { TracedPush } from "./trace.ts";

/** One branch that reached a remote. */
export interface Pushed {
  /** Full name of the repository that the push went to, or null when the remote's address names none. */
  readonly repo: string | null;
  /** The repository whose pull requests gh works on here (`gh repo set-default`), when one was chosen. */
  readonly base: string | null;
  /** Branch at the remote, without `refs/heads/`. */
  readonly branch: string;
  readonly sha: string;
  /** Folder to go on from: the working tree, or the bare repository. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What is known beside the trace. */
export interface PushContext {
  readonly exec: Exec;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The session's current folder. */
  readonly cwd: string;
}

/** The branches that a traced push moved, with the commit each got. Tags and deleted branches are none. */
export async function resolvePush(push: TracedPush, context: PushContext): Promise<Pushed[]> {
  const args = parsePushArgs(push.argv);
  const git = quickGit({ ...context, cwd: push.worktree ?? folderOf(args, context.cwd) });
  if (args.tagsOnly) return [];
  const current = await git(["symbolic-ref", "-q", "--short", "HEAD"]);
  const remote = args.remote ?? (await defaultRemote(git, current));
  const where = await whereItWent(remote, git.cwd, context);
  const reflogs = await Reflogs.of(git);
  const at = push.endedAt;
  const during = (ref: MovedRef) => ref.at >= wholeSecond(push.startedAt) && ref.at <= at;
  const found = ({ branch, sha }: { branch: string; sha: string }) => ({ ...where, branch, sha, cwd: git.cwd, at });

  if (args.everything || args.refspecs.some(isPattern)) return reflogs.pushes(remote).filter(during).map(found);

  const pushed: Pushed[] = [];
  for (const { source, branch } of await targetsOf(git, args, current)) {
    const moved = reflogs.pushOf(remote, branch, during)?.sha;
    const sha = push.code === 0 && moved ? moved : await shaAt(git, source, at);
    // When git failed, count only refs that have verifiably arrived.
    if (sha && (push.code === 0 || sha === moved)) pushed.push(found({ branch, sha }));
  }
  return pushed;
}

const wholeSecond = (ms: number) => Math.floor(ms / 1_000) * 1_000;

/** Where a push ran, by its own `-C` and `--git-dir`, from a folder. */
export function folderOf(args: PushArgs, cwd: string): string {
  let folder = cwd;
  args.where.forEach((word, index) => {
    if (word.startsWith("--git-dir=")) folder = resolve(folder, word.slice("--git-dir=".length));
    else if (word === "-C" || word === "--git-dir") folder = resolve(folder, args.where[index + 1] ?? ".");
  });
  return folder;
}

const isPattern = (refspec: string) => refspec === ":" || refspec === "+:" || refspec.includes("*");

/** The remote that git pushes to when none is named. */
export async function defaultRemote(git: Git, current: string | null): Promise<string> {
  const named = current && (await git(["for-each-ref", "--format=%(push:remotename)", `refs/heads/${current}`]));
  return named || "origin";
}

/** The repository that a push to `remote` goes to, and the one whose pull requests gh works on in that folder. */
export async function whereItWent(
  remote: string,
  cwd: string,
  { exec, env }: Pick<PushContext, "exec" | "env">,
): Promise<Pick<Pushed, "repo" | "base">> {
  const place = { exec, env, cwd };
  return { repo: await repoPushedTo(remote, place), base: chosenBase(await readRemotes(place)) };
}

interface Target {
  readonly source: string;
  readonly branch: string;
}

async function targetsOf(git: Git, args: PushArgs, current: string | null): Promise<Target[]> {
  if (args.refspecs.length === 0) {
    if (current === null) return [];
    const ref = await git(["for-each-ref", "--format=%(push:remoteref)", `refs/heads/${current}`]);
    return [{ source: current, branch: branchName(ref || "") ?? current }];
  }
  const targets: Target[] = [];
  for (const refspec of args.refspecs) {
    const target = await targetOf(git, refspec.replace(/^\+/, ""));
    if (target) targets.push(target);
  }
  return targets;
}

async function targetOf(git: Git, refspec: string): Promise<Target | undefined> {
  const [source = "", wanted = ""] = refspec.split(":");
  if (source === "") return undefined; // Deletes.
  const full = (await git(["rev-parse", "--symbolic-full-name", source])) ?? "";
  if (wanted.startsWith("refs/")) {
    const branch = branchName(wanted);
    return branch ? { source, branch } : undefined;
  }
  if (full.startsWith("refs/tags/")) return undefined;
  const branch = wanted || branchName(full);
  return branch ? { source, branch } : undefined;
}

function branchName(ref: string): string | null {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
}

/** The commit of `source` when the push ended, since later commits of the same tool call were not pushed. */
async function shaAt(git: Git, source: string, at: number): Promise<string | null> {
  const when = new Date(at).toISOString();
  const then = await git(["rev-parse", "-q", "--verify", `${source}@{${when}}^{commit}`]);
  return then ?? (await git(["rev-parse", "-q", "--verify", `${source}^{commit}`]));
}
