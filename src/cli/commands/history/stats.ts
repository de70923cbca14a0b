import { realpathSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { DegradedError, errorCode, errorText, UsageError } from "../../../core/errors.ts";
import { gather } from "../../../stats/gather.ts";
import { statsText } from "../../../stats/text.ts";
import { replaceFile } from "../../../store/files.ts";
import { VERSION } from "../../../version.ts";
import type { Context } from "../../program/context.ts";
import { sinceValue } from "../../program/values.ts";
import { broken } from "../../show/styled.ts";

export function register(command: Command, context: Context): void {
  command
    .option("--since <time>", "only from then on: 7d, or a date", sinceValue(context.clock.now()))
    .option("--html <file>", 'write a page with a timeline; "-" is standard output')
    .action(async (options) => {
      const now = context.clock.now();
      const { stats, cycles, work } = gather(await context.store(), { since: options.since ?? null, now });
      const { html } = options;
      const page = html === undefined || html === "-" ? null : resolve(context.cwd, html);
      if (html !== undefined) {
        const { statsPage } = await import("../../../stats/page.ts");
        const text = statsPage({ stats, cycles, work, version: VERSION });
        if (page === null) return context.stdout(text);
        writePage(page, text);
      }
      if (context.json) context.printJson(stats);
      else if (page === null || !context.wordsWanted) print(statsText(stats), context);
      else print(statsText(stats).slice(0, LEAD), context);
      if (page !== null) context.warn(`wrote ${page}`);
    });
}

/** Lines of the text that a person who asked for the page still wants to read. */
const LEAD = 2;

function print(lines: readonly string[], context: Context): void {
  for (const line of lines) for (const text of broken(line, context.columns)) context.print(text);
}

/** Writes through a link, and into what is no file (`/dev/stdout`, a pipe): neither is replaced. */
function writePage(path: string, page: string): void {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) writeFileSync(path, page);
    else replaceFile(stat ? realpathSync(path) : path, page, { sync: false, mode: 0o600 });
  } catch (error) {
    const isMissing = ["ENOENT", "ENOTDIR", "EISDIR"].includes(errorCode(error) ?? "");
    if (isMissing) throw new UsageError(`Cannot write "${path}": wanted a file in a folder that is there`);
    throw new DegradedError(`Cannot write "${path}": ${errorText(error)}`, { cause: error });
  }
}
