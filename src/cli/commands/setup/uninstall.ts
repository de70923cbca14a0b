import { rmSync } from "node:fs";
import type { Command } from "@commander-js/extra-typings";
import { counted } from "../../../base/text.ts";
import { checkWritable, writeChange } from "../../../init/files.ts";
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
      const written = new WrittenFiles(home);
      const changes = await planUninstall({ cwd, env, exec, program: programFile() }, written);
      for (const change of changes) checkWritable(change);
      if (!dryRun) for (const change of changes) writeChange(change);
      const files = changes.filter(({ done }) => done.length > 0).map(({ path, done }) => ({ path, done }));
      const watched = await endWatching(dryRun, context);
      if (!dryRun && purge) rmSync(home, { recursive: true, force: true });
      else if (!dryRun) written.forget(changes.map(({ path }) => path));
      if (context.json) return context.printJson({ dry_run: dryRun, files, watched, purged: purge && !dryRun });
      say(files, { watched, purge, dryRun }, context);
    });
}

/** Ends the drivers; gives the number of open waits that nobody watches any more. */
async function endWatching(isDry: boolean, context: Context): Promise<number> {
  const store = await context.store();
  const { needsWatcher } = await import("../../../core/wait.ts");
  const open = [...store.read().waits.values()].filter(needsWatcher).length;
  if (isDry) return open;
  const { systemProcesses } = await import("../../../process/this-machine.ts");
  const { endDrivers } = await import("../../../watch/owner/stuck-driver.ts");
  await endDrivers({ store, clock: context.clock, processes: systemProcesses });
  return open;
}

interface Ended {
  readonly watched: number;
  readonly purge: boolean;
  readonly dryRun: boolean;
}

function say(
  files: readonly { readonly path: string; readonly done: readonly string[] }[],
  { watched, purge, dryRun }: Ended,
  context: Context,
): void {
  for (const { path, done } of files)
    for (const line of done) context.print(`${path}: ${dryRun ? "would have " : ""}${line}`);
  if (files.length === 0) context.print("p9 is in no settings file");
  if (watched > 0) context.print(`${counted(watched, "wait")} ${dryRun ? "would be" : "are"} not watched any more`);
  if (!purge) context.print(`The state stays in ${context.home}: p9 uninstall --purge removes it`);
  else if (!dryRun) context.print(`${context.home} was removed`);
  context.print("The program itself: npm uninstall -g @broomva/p9, or claude plugin uninstall p9@broomva-p9");
}
