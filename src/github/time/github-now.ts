import type { Clock } from "../../base/clock.ts";
import type { GitHub } from "../client.ts";

/** Who compares times with GitHub's: the context of any plugin. */
export interface TimeContext {
  readonly github: GitHub;
  readonly clock: Pick<Clock, "now">;
  /** The repository that the times are of: its host's clock counts. */
  readonly repo: string | null;
}

/**
 * What time it is at GitHub (ms since the epoch). Whatever GitHub says of time is compared with this and never with the local
 * clock, which may be hours off, and may be set while p9 runs.
 */
export function githubNow({ github, clock, repo }: TimeContext): number {
  return github.now?.(repo) ?? clock.now();
}

/** A moment of this machine as GitHub's clock shows it. */
export function toGitHubTime(ms: number, context: TimeContext): number {
  return ms + githubNow(context) - context.clock.now();
}

interface Moments {
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** The times of a look's result, in ms since the epoch. */
interface Timed extends Moments {
  readonly items?: readonly Moments[];
  readonly settle?: { readonly notBefore?: number };
}

/** A result whose times are GitHub's, with the times that this machine's clock shows now: the engine knows no other. */
export function inLocalTime<R extends Timed>(result: R, context: TimeContext): R {
  return shifted(result, context.clock.now() - githubNow(context));
}

/** A result with all its times moved by so many ms. */
export function shifted<R extends Timed>(result: R, ms: number): R {
  const { settle, items } = result;
  const notBefore = settle?.notBefore;
  return {
    ...result,
    ...times(result, ms),
    ...(items ? { items: items.map((item) => ({ ...item, ...times(item, ms) })) } : {}),
    // 0 stands for "at once", and no moment does.
    ...(notBefore ? { settle: { ...settle, notBefore: notBefore + ms } } : {}),
  };
}

function times({ startedAt, endedAt }: Moments, ms: number) {
  return {
    ...(startedAt === undefined ? {} : { startedAt: startedAt + ms }),
    ...(endedAt === undefined ? {} : { endedAt: endedAt + ms }),
  };
}
