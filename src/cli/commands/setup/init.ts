import { dirname, join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { DegradedError, UsageError } from "../../../core/errors.ts";
import { hasLogin } from "../../../github/hosts.ts";
import type { HarnessName } from "../../../harness/harness.ts";
import { HARNESSES } from "../../../harness/registry.ts";
import { clientTitle, foundClients } from "../../../init/clients.ts";
import { checkWritable, type FileChange, writeChange } from "../../../init/files.ts";
import { withoutP9 } from "../../../init/give-back.ts";
import { planInit } from "../../../init/plan.ts";
import { WrittenFiles } from "../../../init/written.ts";
import { programFile } from "../../../process/self.ts";
import { makeDir } from "../../../store/files.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { harnessesOf, othersNote, unset } from "./harnesses.ts";
import { offerNotices } from "./offer-notices.ts";
import { offerWake } from "./offer-wake.ts";

interface Options {
  readonly harness?: string;
  readonly user?: true;
  readonly project?: true;
  readonly remove?: true;
  readonly dryRun?: true;
  readonly shim?: true;
  readonly statusline: boolean;
  readonly policy: boolean;
  readonly notify?: boolean;
  readonly wake?: boolean;
}

export function register(command: Command, context: Context): void {
  command
    .option(
      "--harness <names>",
      `the agents' clients, with commas between, or all that are found: ${HARNESSES.join(", ")}`,
    )
    .option(
      "--user",
      "for every project of yours: the client's own files (~/.claude/settings.json) and p9's config.yaml (the default)",
    )
    .option(
      "--project",
      "for everybody who works in this repository: its files (.claude/settings.json) and .control/policy.yaml",
    )
    .option("--remove", "take out what was put in, and restore the status line that was there")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--shim", "also write skills/p9/scripts/p9.py, for instructions that call the Python p9")
    .option("--no-statusline", "leave the status line alone")
    .option("--no-policy", "leave the policy alone")
    .option("--notify", "have endings shown on the desktop, or in the terminal, without asking")
    .option("--no-notify", "do not offer that")
    .option(
      "--wake",
      "Gemini CLI: turn on the two settings with which an ended background command goes on with the session",
    )
    .option("--no-wake", "do not offer that")
    .action((options) => init(options, context));
}

async function init(options: Options, context: Context): Promise<void> {
  if (options.user && options.project) throw new UsageError('Cannot use "--user" with "--project": wanted one of them');
  const { home } = context;
  const found = foundClients(context.env);
  const harnesses = harnessesOf(options.harness, found);
  if (options.wake && !harnesses.includes("gemini"))
    throw new UsageError('Cannot use "--wake" without "--harness gemini": it is about settings of Gemini CLI');
  const scope = options.project ? "project" : "user";
  const isDry = options.dryRun === true;
  const mayOffer = scope === "user" && !options.remove && (!isDry || options.notify === true);
  const mayWake = harnesses.includes("gemini") && !options.remove && (!isDry || options.wake === true);
  const plan = await planInit({
    scope,
    harnesses,
    wake: mayWake && (await offerWake(options.wake, scope, context)),
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
  const { changes } = plan;
  const others = options.harness === undefined ? unset(found, options, context) : [];
  const notes = [...plan.notes, ...othersNote(others, options.remove === true)];
  for (const change of changes) checkWritable(change);
  if (!isDry) write(changes, home);
  const files = changes.map(({ path, done }) => ({ path, done }));
  // What the environment and gh's configuration say is known without asking anybody.
  const login = options.remove || hasLogin(context.env) ? [] : ["gh is not logged in: gh auth login"];
  const hindrances = [...plan.hindrances, ...login];
  if (context.json)
    return context.printJson({ scope, harnesses, found, dry_run: isDry, files, notes: [...notes, ...hindrances] });
  if (isDry || options.remove) sayEach(files, isDry, context);
  else
    saySetUp(
      files,
      { scope, harnesses: options.harness === undefined ? [] : harnesses },
      hindrances.length === 0,
      context,
    );
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
  written.remember(outside, withoutP9);
  makeDir(home);
  for (const change of changes) writeChange(change);
}

type Done = readonly Pick<FileChange, "path" | "done">[];

/** What changed, line by line. */
function sayEach(files: Done, isDry: boolean, context: Context): void {
  for (const { path, done } of files)
    for (const line of done) context.print(`${path}: ${isDry ? "would have " : ""}${line}`);
  if (files.every(({ done }) => done.length === 0)) context.print("Nothing to do: nothing of p9 would change");
}

interface SetUp {
  readonly scope: "user" | "project";
  /** Those that were asked for; empty: Claude Code. */
  readonly harnesses: readonly HarnessName[];
}

/** Three lines: what was set up, what it does, what next; of what it does and what next nothing where it does not work. */
function saySetUp(files: Done, { scope, harnesses }: SetUp, works: boolean, context: Context): void {
  const changed = files.filter(({ done }) => done.length > 0).map(({ path }) => path);
  if (changed.length === 0) {
    context.print("Nothing to do: p9 is set up");
    return;
  }
  const whom = scope === "user" ? "for you" : "for everybody who works in this repository";
  const where = harnesses.length === 0 ? "" : `, in ${harnesses.map(clientTitle).join(", ")}`;
  context.print(`p9 is set up ${whom}${where}: ${briefly(changed).join(", ")}`);
  if (!works) return;
  const isClaude = harnesses.length === 0 || harnesses.includes("claude");
  const told = isClaude ? "brings the session back when that ends" : "tells the session how that ended";
  context.print(`It watches what your agent pushes, and ${told}.`);
  context.print(
    "Next: push something. p9 status shows what is watched, p9 doctor checks everything, p9 uninstall undoes this.",
  );
}

/** Paths, and the folder in place of more than three files in it. */
function briefly(paths: readonly string[]): readonly string[] {
  const beside = (path: string) => paths.filter((other) => dirname(other) === dirname(path)).length;
  return [...new Set(paths.map((path) => (beside(path) > 3 ? `${dirname(path)}/` : path)))];
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
