import { existsSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { oneLine } from "../base/text.ts";
import { DegradedError, errorCode } from "../core/errors.ts";
import { paths } from "../store/paths.ts";
import { removeEmpty } from "./files.ts";

/** What a state directory holds beside the files of {@link paths}. */
const MORE = [
  ...[
    "asked",
    "environment.key",
    "github",
    "github-budget.json",
    "github-points.json",
    "heal",
    "heal-cache",
    "plugins",
    "plugins.lock",
  ],
  ...["plugins-catalog.json", "setup-cache", "tmp", "waits.jsonl", "waits.lock", "wait-queue.jsonl", "written.json"],
];

/** One of these is in every state directory that was used. */
const MARKS = ["state.jsonl", "config.yaml", "environment.key", "written.json", "session-default.id"];

/** Helpers of other files: what locks without `flock(2)` leave, and writes that were killed. */
const PASSING = /^\.doctor-\d+$|^[a-z-]+\.lock\.d$|\.[0-9a-f]{12}\.tmp$|\.jsonl?\.lock$|\.jsonc\.lock$/;

/**
 * Checks that a state directory holds nothing but p9's own, so that it may be removed: `BROOMVA_P9_HOME` can name any folder.
 *
 * @throws {DegradedError} naming what is not p9's.
 */
export function checkPurge(home: string): void {
  const names = namesIn(home);
  const known = new Set([...Object.values(paths(home)).map((path) => basename(path)), ...MORE]);
  const others = names.filter((name) => !known.has(name) && !PASSING.test(name));
  const isUsed = names.length === 0 || names.some((name) => MARKS.includes(name));
  if (others.length === 0 && isUsed) return;
  const what =
    others.length === 0 ? "nothing says that it is p9's" : `it holds ${others.slice(0, 5).map(quoted).join(", ")}`;
  throw new DegradedError(`Cannot remove "${home}": ${what}`, { hint: "remove what is p9's by hand" });
}

/**
 * Removes a state directory that {@link checkPurge} let pass; where it is a link, also what that leads to. Of `folders`, which p9 made,
 * those that are empty then go with it.
 */
export function purge(home: string, folders: readonly string[]): void {
  if (existsSync(home)) rmSync(realpathSync(home), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) removeEmpty(folder);
}

const quoted = (name: string) => `"${oneLine(name, 60)}"`;

function namesIn(home: string): readonly string[] {
  try {
    return readdirSync(home);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
