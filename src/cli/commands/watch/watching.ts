import { oneLine } from "../../../base/text.ts";
import { errorText } from "../../../core/errors.ts";
import { healing } from "../../../heal/healing.ts";
import { hasLeftovers } from "../../../notify/cursor.ts";
import { systemDeps, type WatchDeps } from "../../../watch/deps.ts";
import { orphans } from "../../../watch/owner/orphans.ts";
import type { Context } from "../../program/context.ts";

/** What the watching commands need, made of the command's own context. */
export async function watchDeps(context: Context): Promise<WatchDeps> {
  const { env, clock, exec } = context;
  const log = { info: () => {}, warn: (text: string) => context.warn(oneLine(text, 500)) };
  return systemDeps(await context.store(), { env, clock, exec, log, github: context.github, healing });
}

/**
 * Takes in what dead watchers left: their waits get a new one. Looks at processes only, without the network; what cannot be
 * done is said and stops nothing.
 */
export async function takeIn(context: Context, deps: WatchDeps): Promise<void> {
  await tellLeftovers(context);
  const queued = [...deps.store.read().waits.values()].some(({ state }) => state === "PUSHED");
  // The usual case, that every watcher lives, costs no more than looking at the processes.
  if (!queued && orphans(deps).every(({ liveness }) => liveness === "dying")) return;
  try {
    const { rearm } = await import("../../../watch/owner/recover.ts");
    await rearm(deps);
  } catch (error) {
    context.warn(`Cannot take in what dead watchers left: ${errorText(error)}`);
  }
}

/** Has people told of what a process that was killed could not tell them. */
async function tellLeftovers({ home, env, place: cwd, clock }: Context): Promise<void> {
  if (!hasLeftovers(home, clock.now())) return;
  const [{ tellLeftovers: tell }, { tellDeps }] = await Promise.all([
    import("../../../notify/tell.ts"),
    import("../../../notify/open.ts"),
  ]);
  await tell(tellDeps({ home, env, cwd, clock }));
}
