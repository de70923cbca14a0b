import { resolve } from "node:path";
import { stripControls } from "../../base/text.ts";
import { type Git, quickGit } from "../../process/git.ts";
import type { HookContext } from "../context.ts";
import { simpleCommands } from "../hand-wait/shell-commands.ts";
import { isPush, type PushArgs, parsePushArgs } from "./push-args.ts";
import { Reflogs } from "./reflog.ts";
import { defaultRemote, folderOf, type Pushed, whereItWent } from "./resolve-push.ts";
import { type SaidRef, saidRefs } from "./said-refs.ts";

/** A `git push` of a command line, and where it ran as far as its `cd` shows. */
interface AskedPush {
  readonly args: PushArgs;
  readonly folder: string;
}

/**
 * The pushes that a command asked for and its output reports, where the repository says the same: the address is the remote's, the
 * refs are those that were asked for, and their commits are those of the branches here. For sandboxes in which git can write neither
 * trace nor reflog. Asks nobody over the network.
 */
export async function saidPushes(
  { command = "", output = "" }: { readonly command?: string; readonly output?: string },
  context: HookContext,
): Promise<Pushed[]> {
  if (command === "" || !output.includes(" -> ")) return [];
  const asked = askedPushes(command, context.cwd);
  if (asked.length === 0) return [];
  const pushed: Pushed[] = [];
  for (const { to, refs } of saidRefs(stripControls(output)))
    for (const push of asked) pushed.push(...(await confirmed(push, to, refs, context)));
  return [...new Map(pushed.map((push) => [`${push.repo} ${push.branch} ${push.sha}`, push])).values()];
}

function askedPushes(command: string, cwd: string): AskedPush[] {
  const found: AskedPush[] = [];
  let folder = cwd;
  for (const { words } of simpleCommands(command)) {
    // What the shell would expand stays unknown: what is true there must be true here to be believed.
    if (words[0] === "cd" && words[1] !== undefined && !/[$`*?~]|^-/.test(words[1])) folder = resolve(folder, words[1]);
    if (!isPush(words)) continue;
    const args = parsePushArgs(words);
    if (!args.dryRun) found.push({ args, folder: folderOf(args, folder) });
  }
  return found;
}

async function confirmed(
  { args, folder }: AskedPush,
  to: string,
  refs: readonly SaidRef[],
  context: HookContext,
): Promise<Pushed[]> {
  const git = quickGit({ exec: context.exec, env: context.env, cwd: folder });
  const current = await git(["symbolic-ref", "-q", "--short", "HEAD"]);
  const remote = args.remote ?? (await defaultRemote(git, current));
  if (!(await addressesOf(remote, git)).includes(to)) return [];
  const where = await whereItWent(remote, folder, context);
  const pushed: Pushed[] = [];
  for (const ref of refs) {
    const sha = asksFor(args, ref, current) ? await commitOf(ref, git) : null;
    if (sha !== null) pushed.push({ ...where, branch: ref.branch, sha, cwd: folder, at: context.clock.now() });
  }
  return pushed;
}

/** The addresses that git says it pushes to. */
async function addressesOf(remote: string, git: Git): Promise<readonly string[]> {
  const isName = /^[^:/\\]+$/.test(remote);
  const known = await git(
    isName ? ["remote", "get-url", "--push", "--all", "--", remote] : ["ls-remote", "--get-url", "--", remote],
  );
  return (known ?? "").split("\n").filter(Boolean).map(withoutUser);
}

/** An address as git prints it: without user and password. */
function withoutUser(url: string): string {
  const [, scheme = "", rest = url] = /^([a-z][\w+.-]*:\/\/)(.*)$/is.exec(url) ?? [];
  if (scheme === "") return /^[^/:]*@[^/]*:/.test(url) ? url.replace(/^[^/:]*@/, "") : url;
  return scheme + rest.replace(/^[^/]*@/, "");
}

/** Whether the command line asks for what was reported. */
function asksFor({ refspecs, everything }: PushArgs, { from, branch }: SaidRef, current: string | null): boolean {
  if (everything) return from === branch;
  if (refspecs.length === 0) return current !== null && from === current;
  return refspecs.some((refspec) => {
    // `"$(git branch --show-current)"`, `"$BRANCH"`: what else but this branch could be told to be right?
    if (/[$`]/.test(refspec)) return current !== null && branch === current && (from === current || from === "HEAD");
    const [source = "", target] = refspec.replace(/^\+/, "").split(":");
    const own = source === "@" ? "HEAD" : short(source);
    const wanted = target === undefined ? (own === "HEAD" ? current : own) : short(target);
    return from === own && branch === wanted;
  });
}

const short = (ref: string) => ref.replace(/^refs\/heads\//, "");

/** The commit that was pushed: the branch's here, which must be the reported one; null: they do not agree. */
async function commitOf({ from, sha }: SaidRef, git: Git): Promise<string | null> {
  const ref = from === "HEAD" ? "HEAD" : `refs/heads/${from}`;
  const here = await git(["rev-parse", "-q", "--verify", `${ref}^{commit}`]);
  if (here === null || sha === null || here.startsWith(sha)) return here;
  // The branch has moved on since, in the same call.
  const said = await git(["rev-parse", "-q", "--verify", `${sha}^{commit}`]);
  return said !== null && (await Reflogs.of(git)).wasHere(said) ? said : null;
}
