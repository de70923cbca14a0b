import { oneLine } from "../../../base/text.ts";
import { errorText } from "../../../core/errors.ts";
import { healing } from "../../../heal/healing.ts";
import { hasLeftovers } from "../../../notify/cursor.ts";
import { systemDeps, type WatchDeps } from "../../../watch/deps.ts";
import { watchedByOlder } from "../../../watch/owner/older.ts";
import { orphans } from "../../../watch/owner/orphans.ts";
import { stuckDrivers } from "../../../watch/owner/stuck-driver.ts";
import type { Context } from "../../program/context.ts";

/** Makes the dependencies of watching from the command's context. */
export async function watchDeps(context: Context): Promise<WatchDeps> {
  const { env, clock, exec } = context;
  const log = { info: () => {}, warn: (text: string) => context.warn(oneLine(text, 500)) };
  return systemDeps(await context.store(), { env, clock, exec, log, github: context.github, healing });
}

/** Re-arms waits of dead watchers. Looks at processes only, without the network; problems are warnings. */
export async function takeIn(context: Context, deps: WatchDeps): Promise<void> {
  await tellLeftovers(context);
  const queued = [...deps.store.read().waits.values()].some(({ state }) => state === "PUSHED");
  // Cheap when every watcher lives: only processes are looked at.
  const isWatched =
    orphans(deps).every(({ liveness }) => liveness === "dying") &&
    watchedByOlder(deps).length === 0 &&
    stuckDrivers(deps).length === 0;
  if (!queued && isWatched) return;
  try {
    const { rearm } = await import("../../../watch/owner/recover.ts");
    await rearm(deps);
  } catch (error) {
    context.warn(`Cannot re-arm the waits of dead watchers: ${errorText(error)}`);
  }
}

/** Sends the notifications that killed processes left. */
async function tellLeftovers({ home, env, place: cwd, clock }: Context): Promise<void> {
  if (!hasLeftovers(home, clock.now())) return;
  const [{ tellLeftovers: tell }, { tellDeps }] = await Promise.all([
    import("../../../notify/tell.ts"),
    import("../../../notify/open.ts"),
  ]);
  await tell(tellDeps({ home, env, cwd, clock }));
}
