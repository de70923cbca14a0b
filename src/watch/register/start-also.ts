import { parseTimestamp } from "../../base/clock.ts";
import type { LookResult } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { sameRepo } from "../../core/repo.ts";
import { isFinal } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { toGitHubTime } from "../../github/time/github-now.ts";
import type { WatchDeps } from "../deps.ts";
import { newsMoment } from "../engine/slow/news.ts";
import { pinRequest, registerRequest, type WatchRequest } from "./watch-request.ts";

type Start = NonNullable<LookResult["starts"]>[number];

/**
 * Registers the waits that a look says begin with what it saw, for the session that waits, unless one of that kind is open for the same
 * pull request, or one has ended that knew of what they begin for: what somebody gave up or was told does not come back. Best effort: a
 * wait that cannot be registered is noted in the watcher's log. Kinds that run anything are not started so.
 */
export async function startAlso(wait: Wait, { starts = [] }: LookResult, deps: WatchDeps): Promise<void> {
  const { repo, session_id: session } = wait;
  const cwd = wait.extra.cwd ?? "/";
  for (const start of starts) {
    const { kind: name, ref } = start;
    const kind = await deps.kind(name, cwd);
    if (!kind || kind.process === "own" || (await isKnown(start, wait, deps))) continue;
    try {
      const request: WatchRequest = { kind, ref, session, cwd, repo };
      await registerRequest(request, await pinRequest(request, true, deps), deps);
    } catch (error) {
      deps.log.warn(`Cannot watch ${name} ${ref} beside ${wait.ref}: ${errorText(error)}`);
    }
  }
}

async function isKnown({ kind, newsAt }: Start, { repo, pr, sha }: Wait, deps: WatchDeps): Promise<boolean> {
  const { store, clock } = deps;
  const times = { github: await deps.github(), clock, repo };
  const all = [...store.read().waits.values()];
  const others = all.filter((other) => other.kind === kind && other.pr === pr && sameRepo(other.repo, repo));
  const newest = newsMoment(newsAt, clock.now());
  const knew = ({ extra, ts, sha: head }: Wait) =>
    newest === undefined ? head === sha : (extra.news_at ?? toGitHubTime(parseTimestamp(ts), times)) >= newest;
  if (others.some((other) => !isFinal(other.state) || knew(other))) return true;
  // The fold forgets waits that are over.
  const forgotten = pr === null ? null : store.findForgottenOf(kind, repo, pr);
  return forgotten !== null && knew(forgotten);
}
