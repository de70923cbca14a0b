import { isObject } from "../../base/json.ts";
import { oneLine, quote } from "../../base/text.ts";
import { UsageError } from "../../core/errors.ts";
import { parseRepo, sameRepo } from "../../core/repo.ts";
import { isFinal, isRunning } from "../../core/states.ts";
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
    (await findBranch(store, text, repo).then((found) => found && runningOf(store, found)));
  if (wait) return wait;
  throw new UsageError(`Cannot find a wait ${quote(text, 80)}: wanted ${WAIT_ARGUMENT} (p9 status lists them)`);
}

/** The number of a text that is one: `42`, `#42`, `PR #42`. */
const numberIn = (text: string) => /^(?:PR )?#?(\d+)$/i.exec(text)?.[1];

/**
 * Every wait that a text stands for: as {@link findWait} reads it, and all of a pull request where the text names one (its number,
 * address or branch). So what ends the waits of a pull request and what hides them mean the same.
 *
 * @throws {UsageError} as {@link findWait} does.
 */
export async function findAll(
  store: Store,
  text: string,
  repo: () => Promise<string | null>,
): Promise<readonly Wait[]> {
  const wait = await findWait(store, text, repo);
  const isNumber = numberIn(text) !== undefined || fullNumber(text) !== null;
  if (store.find(text) || (!isNumber && isNamed(wait, text))) return [wait];
  return [wait, ...waitsOfPr(store, wait).filter(({ wait_id }) => wait_id !== wait.wait_id)];
}

/**
 * Every ended wait that a text stands for: as {@link findAll} reads it, and of several with one name all of them.
 *
 * @throws {UsageError} when there is none that ended.
 */
export async function findEnded(
  store: Store,
  text: string,
  repo: () => Promise<string | null>,
): Promise<readonly Wait[]> {
  const isEnded = ({ state, extra }: Wait) => !isRunning(state) && extra.dismissed !== true;
  const named = [...store.read().waits.values()].filter((wait) => isEnded(wait) && isNamed(wait, text));
  if (named.length > 0 && numberIn(text) === undefined) return named;
  const all = await findAll(store, text, repo);
  const ended = all.filter(isEnded);
  // What is final does not stand in the status: it is meant where there is nothing else.
  const standing = ended.filter(({ state }) => !isFinal(state));
  if (ended.length > 0) return standing.length > 0 ? standing : ended;
  const [wait] = all;
  if (!wait || !isRunning(wait.state)) return all;
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
  if (wait) return runningOf(store, wait);
  throw new UsageError(
    `Cannot find a wait of this branch (${quote(branch)}): p9 watch starts one, p9 status lists all`,
  );
}

/** The wait of `[host/]owner/name#42`, or of a pull request's address. */
function findFull(store: Store, text: string): Wait | null {
  const of = fullNumber(text);
  return of && findPr(store, of.pr, of.repo);
}

/** The pull request that a text names with its repository, or null. */
function fullNumber(text: string): { readonly pr: number; readonly repo: string } | null {
  const url = /^(https?:\/\/[^/]+\/.+?)\/pull\/(\d+)(?:[/?#].*)?$/i.exec(text);
  const [, place, number] = url ?? /^([^\s#]+\/[^\s#]+)#(\d+)$/.exec(text) ?? [];
  const repo = place ? parseRepo(place) : null;
  return repo && number ? { pr: Number(number), repo } : null;
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

/**
 * Finds the wait of a kind and a reference, as `p9 watch` takes them; null when the first word names no kind of the waits there are.
 *
 * @throws {UsageError} when no wait of that kind is of that reference.
 */
export async function findOfKind(
  store: Store,
  [kind, text]: readonly [string, string],
  repo: () => Promise<string | null>,
): Promise<Wait | null> {
  const ofKind = [...store.read().waits.values()].filter((wait) => wait.kind === kind);
  if (ofKind.length === 0 || store.find(kind)) return null;
  const number = numberIn(text);
  const of = number ? { pr: Number(number), repo: await repo() } : fullNumber(text);
  const found = ofKind.filter((wait) =>
    of ? wait.pr === of.pr && (of.repo === null || sameRepo(wait.repo, of.repo)) : isNamed(wait, text),
  );
  const what = `${kind} ${quote(text, 80)}`;
  const wait = theOnly(found, what, "wanted --repo owner/name, or an id");
  if (wait) return wait;
  throw new UsageError(`Cannot find a wait ${what} (p9 status lists them)`);
}

/**
 * The wait of a pull request; without one, another that is about it. When only another one runs, that one: it is what can still be
 * followed or ended.
 */
function findPr(store: Store, pr: number, repo: string | null): Wait | null {
  const all = [...store.read().waits.values()].filter((wait) => wait.pr === pr);
  if (repo !== null) {
    const own = store.findPr(repo, pr);
    return own ? runningOf(store, own) : (all.findLast((wait) => sameRepo(wait.repo, repo)) ?? null);
  }
  const own = all.filter(isPullRequest);
  const found = own.length > 0 ? own : all;
  const wait = theOnly(found, `#${pr}`, "wanted --repo owner/name, or an id") ?? store.findPr(null, pr);
  return wait && runningOf(store, wait);
}

/** The wait itself while it runs; else the newest one of its pull request that runs; else itself. */
function runningOf(store: Store, wait: Wait): Wait {
  if (isRunning(wait.state)) return wait;
  return waitsOfPr(store, wait).findLast(({ state }) => isRunning(state)) ?? wait;
}

/** Every wait that is known of the pull request of one, oldest first; none when it has no pull request. */
function waitsOfPr(store: Store, { pr, repo }: Pick<Wait, "pr" | "repo">): readonly Wait[] {
  if (pr === null) return [];
  return [...store.read().waits.values()].filter((wait) => wait.pr === pr && sameRepo(wait.repo, repo));
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
