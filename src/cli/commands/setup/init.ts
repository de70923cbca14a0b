import type { Command } from "@commander-js/extra-typings";
import { DegradedError, UsageError } from "../../../core/errors.ts";
import { checkWritable, writeChange } from "../../../init/files.ts";
import { planInit } from "../../../init/plan.ts";
import { askGit } from "../../../process/git.ts";
import { programFile } from "../../../process/self.ts";
import type { Context } from "../../program/context.ts";

interface Options {
  readonly user?: true;
  readonly project?: true;
  readonly remove?: true;
  readonly dryRun?: true;
  readonly shim?: true;
  readonly statusline: boolean;
  readonly policy: boolean;
}

export function register(command: Command, context: Context): void {
  command
    .option("--user", "for every project of yours: ~/.claude/settings.json and p9's own config.yaml")
    .option("--project", "for this repository: .claude/settings.json and .control/policy.yaml (the default inside one)")
    .option("--remove", "take out what was put in, and restore the status line that was there")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--shim", "also write skills/p9/scripts/p9.py, for instructions that call the Python p9")
    .option("--no-statusline", "leave the status line alone")
    .option("--no-policy", "leave the policy alone")
    .action((options) => init(options, context));
}

async function init(options: Options, context: Context): Promise<void> {
  if (options.user && options.project) throw new UsageError('Cannot use "--user" with "--project": wanted one of them');
  const program = installation();
  const scope = options.user
    ? "user"
    : options.project || (await askGit(context, ["rev-parse", "--git-dir"])) !== null
      ? "project"
      : "user";
  const { changes, notes } = await planInit({
    scope,
    remove: options.remove === true,
    statusline: options.statusline,
    policy: options.policy,
    shim: options.shim === true,
    cwd: context.cwd,
    home: context.home,
    env: context.env,
    program,
    exec: context.exec,
  });
  for (const change of changes) checkWritable(change);
  if (!options.dryRun) for (const change of changes) writeChange(change);
  const files = changes.map(({ path, done }) => ({ path, done }));
  if (context.json) return context.printJson({ scope, dry_run: options.dryRun === true, files, notes });
  for (const { path, done } of files)
    for (const line of done) context.print(`${path}: ${options.dryRun ? "would have " : ""}${line}`);
  if (files.every(({ done }) => done.length === 0))
    context.print(`Nothing to do: p9 is ${options.remove ? "not " : ""}set up`);
  for (const note of notes) context.warn(note);
}

/** dist/p9.js of this installation. @throws {DegradedError} for a temporary installation (npx). */
function installation(): string {
  const program = programFile();
  if (program.includes("/_npx/"))
    throw new DegradedError("Cannot set up hooks from a temporary installation (npx)", {
      hint: "npm install -g @broomva/p9, then p9 init",
    });
  return program;
}
