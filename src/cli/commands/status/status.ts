import type { Command } from "@commander-js/extra-typings";
import { EXIT } from "../../../core/exit-codes.ts";
import { sameRepo } from "../../../core/repo.ts";
import { sessionFamily } from "../../../core/session.ts";
import { isRunning } from "../../../core/states.ts";
import { isPullRequest } from "../../../core/traits.ts";
import { isHeardBy, type Wait } from "../../../core/wait.ts";
import { toldAbout } from "../../../notify/journal.ts";
import { isNews, shownWaits } from "../../../show/shown-waits.ts";
import { type StatusRow, statusRow } from "../../../show/status-row.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { lookOfCycle } from "../../../watch/engine/look-file.ts";
import type { Context } from "../../program/context.ts";
import { prValue } from "../../program/values.ts";
import { flow } from "../../show/styled.ts";
import { takeIn, watchDeps } from "../watch/watching.ts";
import { statusCells } from "./status-line.ts";

interface StatusOptions {
  readonly pr?: number;
  readonly repo?: string;
  readonly session?: string;
  readonly all?: true;
  readonly reap: boolean;
}

export function register(command: Command, context: Context): void {
  command
    .option(
      "--pr <number>",
      "the last state of every wait of one pull request, whatever it is; with --json of its checks",
      prValue,
    )
    .option("--repo <owner/name>", "with --pr: the repository it is in")
    .option("--session <id>", "only what this session waits for; `current` is the one that asks")
    .option("--all", "dismissed ones too, and all that ended within 14 days")
    .option("--no-reap", "do not re-arm the waits of dead watchers first")
    .action(async (options) => {
      const deps = await watchDeps(context);
      if (options.reap) await takeIn(context, deps);
      const selected = await select(options, context, deps);
      const told = toldAbout(deps.store.paths.notify, new Set(selected.map((wait) => wait.wait_id)));
      const rows = selected.map((wait) => ({
        ...statusRow(wait, lookOfCycle(deps.store.paths.looks, wait), deps),
        told: told.get(wait.wait_id) ?? [],
      }));
      const prs = rows.filter(isPullRequest);
      const waits = rows.filter((row) => !isPullRequest(row));
      // Contract: of one pull request the document holds the pull request's own row, and no waits.
      if (context.json) context.printJson({ open_prs: prs, open_waits: options.pr === undefined ? waits : [] });
      else print([...prs, ...waits], options.all === true || options.pr !== undefined, context, deps);
      context.exit(EXIT.ok);
    });
}

async function select(options: StatusOptions, context: Context, deps: WatchDeps): Promise<readonly Wait[]> {
  const mine = await sessionFilter(options.session, context, deps);
  if (options.pr !== undefined) return (await lastOf(options.pr, options.repo, context, deps)).filter(mine);
  return shownWaits(deps.store.read(), context.clock.now(), { all: options.all === true }).filter(mine);
}

/** The last wait of each target about that number: in the repository asked about, or where it is unknown in each that has it. */
async function lastOf(
  pr: number,
  flag: string | undefined,
  context: Context,
  deps: WatchDeps,
): Promise<readonly Wait[]> {
  const repo = await context.repo(flag);
  const last = deps.store.findPr(repo, pr);
  const about = [...deps.store.read().waits.values()].filter(
    (wait) => wait.pr === pr && (repo === null || sameRepo(wait.repo, repo)) && wait.wait_id !== last?.wait_id,
  );
  // Of the pull request itself the log knows the last one.
  const others = about.filter((wait) => !(last && isPullRequest(wait) && sameRepo(wait.repo, last.repo)));
  const newest = new Map(others.map((wait) => [`${wait.repo} ${wait.kind} ${wait.extra.key ?? wait.ref}`, wait]));
  return [...newest.values(), ...(last ? [last] : [])];
}

async function sessionFilter(
  named: string | undefined,
  context: Context,
  deps: WatchDeps,
): Promise<(wait: Wait) => boolean> {
  if (named === undefined) return () => true;
  const session = named === "current" ? await context.session() : named;
  const family = sessionFamily(session, deps.store.read().links);
  return (wait) => isHeardBy(wait, family);
}

function print(rows: readonly StatusRow[], all: boolean, context: Context, deps: WatchDeps): void {
  const news = all ? rows : rows.filter((row) => isNews(row, row.to_state, deps.clock.now()));
  if (news.length === 0) context.print("nothing in flight");
  // What runs comes first.
  const sorted = [...news].sort((a, b) => Number(isRunning(b.to_state)) - Number(isRunning(a.to_state)));
  const { columns } = context;
  for (const row of sorted)
    context.printParts(...flow(statusCells(row, deps.clock.now()), columns, columns !== null && columns < 60 ? 4 : 18));
  if (news.length < rows.length) context.print(`and ${rows.length - news.length} that ended before (--all)`);
}
