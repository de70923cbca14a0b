import { oneLine } from "../../base/text.ts";
import { UsageError } from "../../core/errors.ts";
import { sameRepo } from "../../core/repo.ts";
import { isRunning } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import type { Store } from "../../store/store.ts";

/**
 * The wait that somebody means by its id, a pull request's number or a name. Of several with one name, a running one is meant
 * before an ended one, and the newest before the others.
 *
 * @throws {UsageError} when there is none, or when the same number stands for pull requests of several repositories.
 */
export async function findWait(store: Store, text: string, repo: () => Promise<string | null>): Promise<Wait> {
  const number = /^#?(\d+)$/.exec(text)?.[1];
  const wait = store.find(text) ?? (number ? findPr(store, Number(number), await repo()) : byName(store, text));
  if (wait) return wait;
  throw new UsageError(
    `Cannot find a wait "${oneLine(text, 80)}": wanted an id, a pull request's number or a name (p9 status lists them)`,
  );
}

function findPr(store: Store, pr: number, repo: string | null): Wait | null {
  if (repo !== null) return store.findPr(repo, pr);
  const found = [...store.read().waits.values()].filter((wait) => wait.pr === pr);
  const other = found.find((wait) => !sameRepo(wait.repo, found[0]?.repo ?? null));
  if (found.length > 1 && other) {
    const repos = [...new Set(found.map((wait) => wait.repo ?? "an unknown repository"))];
    throw new UsageError(`Cannot tell which #${pr} is meant, of ${repos.join(", ")}: wanted --repo owner/name`);
  }
  return found.at(-1) ?? store.findPr(null, pr);
}

function byName(store: Store, name: string): Wait | null {
  const found = [...store.read().waits.values()].filter((wait) => wait.ref === name || waitName(wait) === name);
  return found.filter(({ state }) => isRunning(state)).at(-1) ?? found.at(-1) ?? null;
}
