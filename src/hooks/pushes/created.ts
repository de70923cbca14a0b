import type { Pin } from "../../contract/wait-kind.ts";
import { sameRepo } from "../../core/repo.ts";
import { isPullRequest } from "../../core/traits.ts";
import { isUnbound, type Wait } from "../../core/wait.ts";
import { askGit } from "../../process/git.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import { pinJson, pinOf } from "../../watch/engine/pin.ts";
import type { HookContext } from "../context.ts";

/**
 * The branch that a command made a pull request of: the one that `--head` names, else the one that is checked out. Null: the command
 * or git does not say.
 */
export async function branchOfCreated(command: string, context: Pick<HookContext, "exec" | "env" | "cwd">) {
  const named = headOf(command);
  if (named !== null && !ASKS_GIT.test(named)) return /[$`]/.test(named) ? null : named;
  return askGit(context, ["symbolic-ref", "--quiet", "--short", "HEAD"], { timeoutMs: 2_000 });
}

/** A part of a command line that stands for the branch that is checked out. */
const ASKS_GIT = /^(?:\$\(|`)\s*git\s+(?:branch\s+--show-current|rev-parse\s+--abbrev-ref\s+HEAD)\s*[)`]$/;

/** What `--head` of `gh pr create` names, without its owner; other programs and texts in the same command may hold those letters too. */
function headOf(command: string): string | null {
  const made = /\bgh\s+pr\s+(?:create|new)\b(.*)$/s.exec(command.replaceAll("\\\n", " "))?.[1] ?? "";
  const words = made.match(WORDS) ?? [];
  const end = words.findIndex((word) => /^[;&|\n]/.test(word));
  const own = end < 0 ? words : words.slice(0, end);
  const at = own.findIndex((word) => HEAD.test(word));
  const behind = (own[at] ?? "").replace(HEAD, "") || (at < 0 ? "" : (own[at + 1] ?? ""));
  return behind.replace(/["'\\]/g, "").replace(/^[\w-]+:/, "") || null;
}

/** The option that names the branch, alone or with its value; short options that take none may stand before its letter. */
const HEAD = /^(?:--head(?=$|=)|-[defw]*H)=?/;

/** Words of a command line, with their quotes, and what ends it. */
const WORDS = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\$\([^()]*\)|`[^`]*`|\\.|[^\s"'\\;&|`])+|[;&|\n]+/gs;

/**
 * Binds the wait of a pushed branch to the pull request that was made of it, as far as that is known without GitHub: its number. The
 * wait keeps its commit, and its old key as another name. Null: no wait of that branch waits for its pull request.
 */
export async function bindCreated(branch: string, pin: Pin, deps: WatchDeps): Promise<Wait | null> {
  let bound: string | null = null;
  await deps.store.commit((view) => {
    const wait = [...view.waits.values()].find((one) => awaits(one, branch, pin.repo ?? null));
    if (!wait) return [];
    bound = wait.wait_id;
    const before = pinOf(wait);
    const now: Pin = {
      ...pin,
      sha: wait.sha,
      prev_shas: before.prev_shas ?? [],
      aliases: [...(before.aliases ?? []), before.key],
      identity: { ...before.identity, ...pin.identity },
    };
    const { key, ref, pr = null, repo = wait.repo } = now;
    const target = { ref, pr, repo, sha: wait.sha, prev_shas: before.prev_shas ?? [], key };
    const reason = `${ref} was made of this branch`;
    return [{ type: "wait.pinned", wait_id: wait.wait_id, ...target, pin: pinJson(now), unbound: true, reason }];
  });
  return bound === null ? null : deps.store.find(bound);
}

/** Whether a wait waits for the pull request of a branch to appear. */
function awaits(wait: Wait, branch: string, repo: string | null): boolean {
  if (!isUnbound(wait) || !isPullRequest(wait) || wait.pr !== null) return false;
  return sameRepo(wait.repo, repo) && pinOf(wait).identity.branch === branch;
}
