import type { Clock } from "../../base/clock.ts";
import type { GitHub } from "../client.ts";

/** Fields of a plugin's context for comparing times with GitHub's. */
export interface TimeContext {
  readonly github: GitHub;
  readonly clock: Pick<Clock, "now">;
  /** Repository whose host's clock is used. */
  readonly repo: string | null;
}

/**
 * The time at GitHub (ms since the epoch). Compare GitHub's times with this, never with the local clock, which may be hours off or
 * be set while p9 runs.
 */
export function githubNow({ github, clock, repo }: TimeContext): number {
  return github.now?.(repo) ?? clock.now();
}

/** Converts a time of the local clock to GitHub's clock. */
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

/** Converts a look's result from GitHub's clock to the local clock, which the engine uses. */
export function inLocalTime<R extends Timed>(result: R, context: TimeContext): R {
  return shifted(result, context.clock.now() - githubNow(context));
}

/** Moves all times of a result by `ms`. */
function shifted<R extends Timed>(result: R, ms: number): R {
  const { settle, items } = result;
  const notBefore = settle?.notBefore;
  return {
    ...result,
    ...times(result, ms),
    ...(items ? { items: items.map((item) => ({ ...item, ...times(item, ms) })) } : {}),
    // 0 means "at once" and is no time to convert.
    ...(notBefore ? { settle: { ...settle, notBefore: notBefore + ms } } : {}),
  };
}

function times({ startedAt, endedAt }: Moments, ms: number) {
  return {
    ...(startedAt === undefined ? {} : { startedAt: startedAt + ms }),
    ...(endedAt === undefined ? {} : { endedAt: endedAt + ms }),
  };
}
