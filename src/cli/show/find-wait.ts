import { oneLine } from "../../base/text.ts";
import { UsageError } from "../../core/errors.ts";
import { isRunning } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import type { Store } from "../../store/store.ts";

/**
 * Finds a wait by its id, a pull request's number or a name. Prefers a running one to an ended one, and the newest of several
 * watches of one target.
 *
 * @param repo gives the repository that a number belongs to, or null: it is not known.
 * @throws {UsageError} when there is none, or when the text stands for several targets: all of them are named then.
 */
export async function findWait(store: Store, text: string, repo: () => Promise<string | null>): Promise<Wait> {
  const number = /^#?(\d+)$/.exec(text)?.[1];
  const wait =
    store.find(text) ?? (number ? findPr(store, Number(number), await repo()) : null) ?? findName(store, text);
  if (wait) return wait;
  throw new UsageError(
    `Cannot find a wait "${oneLine(text, 80)}": wanted an id, a pull request's number or a name (p9 status lists them)`,
  );
}

function findPr(store: Store, pr: number, repo: string | null): Wait | null {
  if (repo !== null) return store.findPr(repo, pr);
  const found = [...store.read().waits.values()].filter((wait) => wait.pr === pr);
  return theOnly(found, `#${pr}`, "wanted --repo owner/name, or an id") ?? store.findPr(null, pr);
}

function findName(store: Store, name: string): Wait | null {
  const found = [...store.read().waits.values()].filter((wait) => wait.ref === name || waitName(wait) === name);
  return theOnly(found, `"${oneLine(name, 80)}"`, "wanted an id");
}

/** The newest of the waits that run, or of all when none does. @throws {UsageError} when they are about several targets. */
function theOnly(found: readonly Wait[], what: string, wanted: string): Wait | null {
  const running = found.filter(({ state }) => isRunning(state));
  const meant = running.length > 0 ? running : found;
  const newest = new Map(meant.map((wait) => [targetOf(wait), wait]));
  if (newest.size > 1) {
    const names = [...newest.values()].map((wait) => `${wait.wait_id} (${waitName(wait, 80)}, ${wait.state})`);
    throw new UsageError(`Cannot tell which ${what} is meant, of ${names.join(" and ")}: ${wanted}`);
  }
  return meant.at(-1) ?? null;
}

/** Equal for two waits of the same target. A row without a key (of the Python p9) has its number, and its repository if it is known. */
function targetOf({ kind, extra, repo, pr, ref }: Wait): string {
  return pr === null ? `${kind} ${extra.key ?? ref}` : `${repo?.toLowerCase() ?? ""}#${pr}`;
}
