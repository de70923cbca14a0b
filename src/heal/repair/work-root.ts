import { parseRepo, sameRepo } from "../../core/repo.ts";
import type { Exec } from "../../process/exec.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Environment for p9's own git: no prompt, no pager, and no trace, because by its trace a session's pushes are told from others
 * and a heal's push is not the agent's.
 */
export function gitEnv(env: Env): Env {
  return {
    ...env,
    GIT_TERMINAL_PROMPT: "0",
    GIT_TRACE2_EVENT: "0",
    GIT_PAGER: "cat",
    GIT_OPTIONAL_LOCKS: "0",
    LC_ALL: "C",
  };
}

/** Root of the checkout that `cwd` lies in, if it is one of `repo` (null: of any); else null. */
export async function workRoot(
  cwd: string,
  repo: string | null,
  { exec, env }: { readonly exec: Exec; readonly env: Env },
): Promise<string | null> {
  const options = { cwd, env: gitEnv(env), timeoutMs: 10_000 };
  const top = await exec(["git", "rev-parse", "--show-toplevel"], options);
  if (top.code !== 0) return null;
  const root = top.stdout.trimEnd();
  if (repo === null) return root;
  return (await remoteOf(root, repo, { exec, env })) === null ? null : root;
}

/** The remote of a checkout that is `repo`, `origin` first; null when none is. */
export async function remoteOf(
  root: string,
  repo: string,
  { exec, env }: { readonly exec: Exec; readonly env: Env },
): Promise<string | null> {
  const { code, stdout } = await exec(["git", "config", "--get-regexp", "^remote\\..*\\.url$"], {
    cwd: root,
    env: gitEnv(env),
    timeoutMs: 10_000,
  });
  if (code !== 0) return null;
  const remotes = stdout.split("\n").flatMap((line) => {
    const [, name, url] = /^remote\.(.+)\.url (.*)$/.exec(line) ?? [];
    return name && url ? [{ name, url }] : [];
  });
  const ours = remotes.filter(({ url }) => sameRepo(parseRepo(url), repo));
  const found = ours.find(({ name }) => name === "origin") ?? ours[0];
  if (found) return found.name;
  // A path or a mirror names no repository: the only remote is then the one that is meant, as gh sees it by GH_REPO.
  return remotes.length === 1 && (parseRepo(remotes[0]!.url) === null || /^(?:\/|\.|file:)/.test(remotes[0]!.url))
    ? remotes[0]!.name
    : null;
}
