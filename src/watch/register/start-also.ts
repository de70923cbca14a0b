import type { LookResult } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { sameRepo } from "../../core/repo.ts";
import { isFinal } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";
import { pinRequest, registerRequest, type WatchRequest } from "./watch-request.ts";

/**
 * Registers the waits that a look says begin with what it saw, for the session that waits, unless one of that kind is open for the same
 * pull request. Best effort: a wait that cannot be registered is noted in the watcher's log. Kinds that run anything are not started so.
 */
export async function startAlso(wait: Wait, { starts = [] }: LookResult, deps: WatchDeps): Promise<void> {
  const { repo, pr, session_id: session } = wait;
  const cwd = wait.extra.cwd ?? "/";
  for (const { kind: name, ref } of starts) {
    const kind = await deps.kind(name, cwd);
    if (!kind || kind.process === "own" || isWatched(name, { repo, pr }, deps)) continue;
    try {
      const request: WatchRequest = { kind, ref, session, cwd, repo };
      await registerRequest(request, await pinRequest(request, true, deps), deps);
    } catch (error) {
      deps.log.warn(`Cannot watch ${name} ${ref} beside ${wait.ref}: ${errorText(error)}`);
    }
  }
}

function isWatched(kind: string, { repo, pr }: Pick<Wait, "repo" | "pr">, { store }: WatchDeps): boolean {
  return [...store.read().waits.values()].some(
    (other) => other.kind === kind && other.pr === pr && sameRepo(other.repo, repo) && !isFinal(other.state),
  );
}
