import { isObject } from "../../base/json.ts";
import { oneLine, quote } from "../../base/text.ts";
import { UsageError } from "../../core/errors.ts";
import { parseRepo, sameRepo } from "../../core/repo.ts";
import { isRunning } from "../../core/states.ts";
import { isPullRequest } from "../../core/traits.ts";
import type { Wait } from "../../core/wait.ts";
import { shortWaitName, waitName } from "../../core/wait-name.ts";
import { askGit, type GitPlace } from "../../process/git.ts";
import type { Store } from "../../store/store.ts";

/** What `--help` says of an argument that {@link findWait} reads. */
export const WAIT_ARGUMENT = "an id, a pull request's number, address or branch, or a name";

/**
 * Finds a wait by its id, a pull request's number (`42`, `owner/name#42`), address or branch, or a name. Prefers a running one to an
 * ended one, and the newest of several watches of one target.
 *
 * @param repo gives the repository that a number belongs to, or null: it is not known.
 * @throws {UsageError} when there is none, or when the text stands for several targets: all of them are named then.
 */
export async function findWait(store: Store, text: string, repo: () => Promise<string | null>): Promise<Wait> {
  const number = numberIn(text);
  const wait =
    store.find(text) ??
    (number ? findPr(store, Number(number), await repo()) : findFull(store, text)) ??
    findName(store, text) ??
    (await findBranch(store, text, repo));
  if (wait) return wait;
  throw new UsageError(`Cannot find a wait ${quote(text, 80)}: wanted ${WAIT_ARGUMENT} (p9 status lists them)`);
}

/** The number of a text that is one: `42`, `#42`, `PR #42`. */
const numberIn = (text: string) => /^(?:PR )?#?(\d+)$/i.exec(text)?.[1];

/**
 * Every ended wait that a text stands for: as {@link findWait} reads it, and of several with one name all of them.
 *
 * @throws {UsageError} when there is none that ended.
 */
export async function findEnded(
  store: Store,
  text: string,
  repo: () => Promise<string | null>,
): Promise<readonly Wait[]> {
  const number = numberIn(text);
  const here = number ? await repo() : null;
  const ended = [...store.read().waits.values()].filter(
    ({ state, extra }) => !isRunning(state) && extra.dismissed !== true,
  );
  const found = ended.filter((wait) =>
    number ? wait.pr === Number(number) && (here === null || sameRepo(wait.repo, here)) : isNamed(wait, text),
  );
  if (found.length > 0) return found;
  const wait = await findWait(store, text, repo);
  if (!isRunning(wait.state)) return [wait];
  throw new UsageError(`Cannot dismiss ${waitName(wait)}: it is still watched`, {
    hint: `p9 abandon ${wait.wait_id} ends it`,
  });
}

/** Whether a text is the name of a wait, as any command prints it. */
function isNamed(wait: Wait, name: string): boolean {
  return [wait.ref, waitName(wait), shortWaitName(wait)].includes(name);
}

/**
 * Finds a wait by its id, or by a name as it is printed; null when there is none.
 *
 * @throws {UsageError} when several targets have the name.
 */
export function findNamed(store: Store, text: string): Wait | null {
  return store.find(text) ?? findName(store, text);
}

/**
 * Finds the wait of the branch that is checked out.
 *
 * @throws {UsageError} when no branch is, or none of its waits is known.
 */
export async function findWaitHere(store: Store, place: GitPlace, repo: () => Promise<string | null>): Promise<Wait> {
  const branch = await askGit(place, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  if (!branch)
    throw new UsageError(`Cannot tell which wait is meant: no branch is checked out here, wanted ${WAIT_ARGUMENT}`);
  const wait = await findBranch(store, branch, repo);
  if (wait) return wait;
  throw new UsageError(
    `Cannot find a wait of this branch (${quote(branch)}): p9 watch starts one, p9 status lists all`,
  );
}

/** The wait of `[host/]owner/name#42`, or of a pull request's address. */
function findFull(store: Store, text: string): Wait | null {
  const url = /^(https?:\/\/[^/]+\/.+?)\/pull\/(\d+)(?:[/?#].*)?$/i.exec(text);
  const [, place, number] = url ?? /^([^\s#]+\/[^\s#]+)#(\d+)$/.exec(text) ?? [];
  const repo = place ? parseRepo(place) : null;
  return repo && number ? findPr(store, Number(number), repo) : null;
}

/** The wait of the pull request of a branch, in the repository at hand where one is known. */
async function findBranch(store: Store, branch: string, repo: () => Promise<string | null>): Promise<Wait | null> {
  const found = [...store.read().waits.values()].filter((wait) => isPullRequest(wait) && branchOf(wait) === branch);
  if (found.length === 0) return null;
  const here = await repo();
  const meant = here === null ? found : found.filter((wait) => sameRepo(wait.repo, here));
  return theOnly(meant, `wait of ${quote(branch)}`, "wanted an id");
}

/** The branch of a pull request, as its watch pinned it. */
function branchOf({ extra: { pin } }: Wait): unknown {
  return isObject(pin) && isObject(pin.identity) ? pin.identity.branch : undefined;
}

/** The wait of a pull request; without one, another that is about it. */
function findPr(store: Store, pr: number, repo: string | null): Wait | null {
  const all = [...store.read().waits.values()].filter((wait) => wait.pr === pr);
  if (repo !== null) return store.findPr(repo, pr) ?? all.findLast((wait) => sameRepo(wait.repo, repo)) ?? null;
  const own = all.filter(isPullRequest);
  const found = own.length > 0 ? own : all;
  return theOnly(found, `#${pr}`, "wanted --repo owner/name, or an id") ?? store.findPr(null, pr);
}

function findName(store: Store, name: string): Wait | null {
  const found = [...store.read().waits.values()].filter((wait) => isNamed(wait, name));
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
