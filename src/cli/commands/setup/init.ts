import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { DegradedError, UsageError } from "../../../core/errors.ts";
import { hasLogin } from "../../../github/hosts.ts";
import { checkWritable, type FileChange, writeChange } from "../../../init/files.ts";
import { planInit } from "../../../init/plan.ts";
import { uninstall } from "../../../init/settings.ts";
import { WrittenFiles } from "../../../init/written.ts";
import { programFile } from "../../../process/self.ts";
import { makeDir } from "../../../store/files.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { offerNotices } from "./offer-notices.ts";

interface Options {
  readonly user?: true;
  readonly project?: true;
  readonly remove?: true;
  readonly dryRun?: true;
  readonly shim?: true;
  readonly statusline: boolean;
  readonly policy: boolean;
  readonly notify?: boolean;
}

export function register(command: Command, context: Context): void {
  command
    .option("--user", "for every project of yours: ~/.claude/settings.json and p9's own config.yaml (the default)")
    .option("--project", "for everybody who works in this repository: .claude/settings.json and .control/policy.yaml")
    .option("--remove", "take out what was put in, and restore the status line that was there")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--shim", "also write skills/p9/scripts/p9.py, for instructions that call the Python p9")
    .option("--no-statusline", "leave the status line alone")
    .option("--no-policy", "leave the policy alone")
    .option("--notify", "have endings shown on the desktop, or in the terminal, without asking")
    .option("--no-notify", "do not offer that")
    .action((options) => init(options, context));
}

async function init(options: Options, context: Context): Promise<void> {
  if (options.user && options.project) throw new UsageError('Cannot use "--user" with "--project": wanted one of them');
  const { home } = context;
  const scope = options.project ? "project" : "user";
  const isDry = options.dryRun === true;
  const mayOffer = scope === "user" && !options.remove && (!isDry || options.notify === true);
  const plan = await planInit({
    scope,
    remove: options.remove === true,
    channel: mayOffer ? await offerNotices(options.notify, context) : null,
    statusline: options.statusline,
    policy: options.policy,
    shim: options.shim === true,
    cwd: context.cwd,
    home,
    env: context.env,
    program: installation(),
    exec: context.exec,
  });
  const { changes, notes } = plan;
  for (const change of changes) checkWritable(change);
  if (!isDry) write(changes, home);
  const files = changes.map(({ path, done }) => ({ path, done }));
  // What the environment and gh's configuration say is known without asking anybody.
  const login = options.remove || hasLogin(context.env) ? [] : ["gh is not logged in: gh auth login"];
  const hindrances = [...plan.hindrances, ...login];
  if (context.json) return context.printJson({ scope, dry_run: isDry, files, notes: [...notes, ...hindrances] });
  if (isDry || options.remove) sayEach(files, isDry, context);
  else saySetUp(files, scope, hindrances.length === 0, context);
  for (const why of hindrances) context.print(`${isDry ? "p9 would not work" : "p9 does not work yet"}: ${why}`);
  for (const note of notes) context.warn(note);
}

function write(changes: readonly FileChange[], home: string): void {
  const written = new WrittenFiles(home);
  // The state stays when p9 goes, but for what set-up alone wrote there.
  const { notifyConfig, config } = paths(home);
  const outside = changes.filter(
    ({ path }) => [notifyConfig, config].includes(path) || !path.startsWith(join(home, "/")),
  );
  written.remember(outside, textWithout);
  makeDir(home);
  for (const change of changes) writeChange(change);
}

/** A file's text without what p9 has in it. */
function textWithout(path: string, text: string): string {
  return path.endsWith("settings.json") ? uninstall(text).text : text;
}

type Done = readonly Pick<FileChange, "path" | "done">[];

/** What changed, line by line. */
function sayEach(files: Done, isDry: boolean, context: Context): void {
  for (const { path, done } of files)
    for (const line of done) context.print(`${path}: ${isDry ? "would have " : ""}${line}`);
  if (files.every(({ done }) => done.length === 0)) context.print("Nothing to do: nothing of p9 would change");
}

/** Three lines: what was set up, what it does, what next; of what it does and what next nothing where it does not work. */
function saySetUp(files: Done, scope: "user" | "project", works: boolean, context: Context): void {
  const changed = files.filter(({ done }) => done.length > 0).map(({ path }) => path);
  if (changed.length === 0) {
    context.print("Nothing to do: p9 is set up");
    return;
  }
  const whom = scope === "user" ? "for you" : "for everybody who works in this repository";
  context.print(`p9 is set up ${whom}: ${changed.join(", ")}`);
  if (!works) return;
  context.print("It watches what your agent pushes, and brings the session back when that ends.");
  context.print(
    "Next: push something. p9 status shows what is watched, p9 doctor checks everything, p9 uninstall undoes this.",
  );
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
