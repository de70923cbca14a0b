import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { counted } from "../../../base/text.ts";
import { errorText } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { waitName } from "../../../core/wait-name.ts";
import { checkWritable, type FileChange, removeHalfWritten, writeChange } from "../../../init/files.ts";
import { checkPurge, purge as removeState } from "../../../init/purge.ts";
import { planUninstall } from "../../../init/uninstall.ts";
import { WrittenFiles } from "../../../init/written.ts";
import { programFile } from "../../../process/self.ts";
import type { Context } from "../../program/context.ts";

/** `p9 uninstall`: takes back what p9 wrote elsewhere, and ends what it has running. */
export function register(command: Command, context: Context): void {
  command
    .option("--purge", "also remove the state directory: the log, the queue, trust, your own configuration")
    .option("--dry-run", "say what would be done, and do nothing")
    .action(async ({ purge = false, dryRun = false }) => {
      const { home, cwd, env, exec } = context;
      if (purge) checkPurge(home);
      const written = new WrittenFiles(home);
      const left: string[] = [];
      // A file that cannot be changed keeps p9; the others do not.
      const leave = (path: string, error: unknown) => {
        left.push(path);
        context.warn(errorText(error));
      };
      const planned = await planUninstall({ cwd, env, exec, program: programFile() }, written, leave);
      const changes = planned.filter((change) => takeBack(change, dryRun, leave));
      const files = changes.filter(({ done }) => done.length > 0).map(({ path, done }) => ({ path, done }));
      if (!dryRun) for (const path of written.paths) removeHalfWritten({ path, ...written.place(path) });
      const goes = purge && left.length === 0;
      const watched = await endWatching({ dryRun, commands: goes }, context);
      const folders = written.paths.flatMap((path) => written.place(path).folders ?? []);
      if (!dryRun && goes) removeState(home, [...folders, ...ownFolder(home)]);
      else if (!dryRun) written.forget(changes.map(({ path }) => path));
      if (left.length > 0) context.exit(EXIT.degraded);
      const stays = changes.flatMap(({ path, left: why }) =>
        why !== undefined && existsSync(path) ? [{ path, why }] : [],
      );
      if (context.json)
        return context.printJson({ dry_run: dryRun, files, watched, purged: goes && !dryRun, left: stays });
      say(stays, files, { watched, purge: goes, dryRun, left }, context);
    });
}

/** The folder around the state directory where it is p9's by its name. */
function ownFolder(home: string): readonly string[] {
  const folder = dirname(home);
  return basename(folder) === "broomva" ? [folder] : [];
}

/** Writes one change. False when it could not be. */
function takeBack(change: FileChange, isDry: boolean, leave: (path: string, error: unknown) => void): boolean {
  try {
    checkWritable(change);
    if (!isDry) writeChange(change);
    return true;
  } catch (error) {
    leave(change.path, error);
    return false;
  }
}

/**
 * Ends the drivers, and with `commands` also the commands that p9 runs for its waits: without its state, nobody could find them. Gives
 * the number of open waits that nobody watches any more.
 */
async function endWatching(
  { dryRun, commands }: { readonly dryRun: boolean; readonly commands: boolean },
  context: Context,
): Promise<number> {
  const store = await context.store();
  const { needsWatcher } = await import("../../../core/wait.ts");
  const open = [...store.read().waits.values()].filter(needsWatcher);
  if (dryRun) return open.length;
  if (commands) {
    const { watchDeps } = await import("../watch/watching.ts");
    const { abandonWait } = await import("../../../watch/owner/abandon.ts");
    const deps = await watchDeps(context);
    for (const wait of open)
      await abandonWait(wait, deps).catch((error) => context.warn(`${waitName(wait)}: ${errorText(error)}`));
  }
  const { systemProcesses } = await import("../../../process/this-machine.ts");
  const { endDrivers } = await import("../../../watch/owner/stuck-driver.ts");
  await endDrivers({ store, clock: context.clock, processes: systemProcesses });
  return open.length;
}

interface Ended {
  readonly watched: number;
  readonly purge: boolean;
  readonly dryRun: boolean;
  /** Files that could not be read or changed. */
  readonly left: readonly string[];
}

function say(
  stays: readonly { readonly path: string; readonly why: string }[],
  files: readonly { readonly path: string; readonly done: readonly string[] }[],
  { watched, purge, dryRun, left }: Ended,
  context: Context,
): void {
  for (const { path, done } of files)
    for (const line of done) context.print(`${path}: ${dryRun ? "would have " : ""}${line}`);
  for (const { path, why } of stays) context.print(`${path}: ${why}`);
  if (left.length > 0) context.print(`p9 may still be in ${left.join(", ")}: p9 uninstall again, once that is mended`);
  else if (files.length === 0) context.print("p9 is in no settings file");
  if (watched > 0) {
    const back = purge ? "" : "; the next p9 command watches them again, and what they run goes on: p9 abandon <wait>";
    context.print(`${dryRun ? "would no longer be" : "no longer"} watched: ${counted(watched, "wait")}${back}`);
  }
  if (!purge) context.print(`The state stays in ${context.home}: p9 uninstall --purge removes it`);
  else context.print(dryRun ? `${context.home} would be removed` : `${context.home} is removed`);
  context.print("The program itself: npm uninstall -g @broomva/p9, or claude plugin uninstall p9@broomva-p9");
}
