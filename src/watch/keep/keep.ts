import { existsSync, rmdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { isRunning } from "../../core/states.ts";
import { needsWatcher, type Wait } from "../../core/wait.ts";
import { LockTimeoutError, withLock } from "../../store/lock/lock.ts";
import type { Keep, WatchDeps } from "../deps.ts";
import { filesOfWaits, type LeftFile } from "./ended-files.ts";
import { unreadEndings } from "./unread.ts";

/** One process of a home looks for what may go, and no more often. */
const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** So many directories are asked for their policy. */
const MAX_POLICIES = 50;

/**
 * Removes what ended waits left (logs, evidence, last looks, folders of commands) once it is older than `ci_watch.keep.days`, and the
 * oldest of it beyond `ci_watch.keep.size`. What a wait that is watched needs stays, and what belongs to an ending that a session has still
 * to be told. At most once an hour in a home, by one process; one that is killed leaves the rest to the next.
 */
export async function tidy(deps: WatchDeps, signal?: AbortSignal): Promise<void> {
  const { keepLock } = deps.store.paths;
  const last = statSync(keepLock, { throwIfNoEntry: false })?.mtimeMs;
  const since = last === undefined ? EVERY_MS : deps.clock.now() - last;
  if (Math.abs(since) < EVERY_MS || !existsSync(deps.store.paths.state)) return;
  try {
    await withLock(
      keepLock,
      async () => {
        await remove(deps, await keepIn(deps), signal);
        const now = deps.clock.now() / 1000;
        if (!signal?.aborted) utimesSync(keepLock, now, now);
      },
      { timeoutMs: 0 },
    );
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
  }
}

/**
 * What is kept: as the user's own configuration says, where it does. A policy governs its own repository only, so that of several the one
 * that keeps the most counts.
 */
async function keepIn(deps: WatchDeps): Promise<Keep> {
  const own = (await deps.config(deps.store.home)).keep ?? DEFAULT;
  if (own.isUsers) return own;
  const folders = [...deps.store.read().waits.values()].map((wait) => wait.extra.cwd ?? "/");
  const found: Keep[] = [];
  for (const folder of [...new Set(folders)].slice(-MAX_POLICIES)) found.push((await deps.config(folder)).keep ?? own);
  if (found.length === 0) return own;
  return { days: Math.max(...found.map(({ days }) => days)), size: Math.max(...found.map(({ size }) => size)) };
}

/** What no configuration says. */
const DEFAULT: Keep = { days: 30, size: 500_000_000 };

async function remove(deps: WatchDeps, keep: Keep, signal?: AbortSignal): Promise<void> {
  const mayGo = unneeded(deps);
  const tooOld = deps.clock.now() - keep.days * DAY_MS;
  const sizes = new Map<number, number>();
  let total = 0;
  for await (const file of filesOfWaits(deps.store.paths)) {
    if (signal?.aborted) return;
    if (file.writtenAt < tooOld && mayGo(file)) {
      removeFile(file);
      continue;
    }
    total += file.bytes;
    sizes.set(secondOf(file), (sizes.get(secondOf(file)) ?? 0) + file.bytes);
  }
  let excess = total - keep.size;
  if (excess <= 0) return;
  const last = secondThatFrees(sizes, excess);
  for await (const file of filesOfWaits(deps.store.paths)) {
    if (signal?.aborted) return;
    const goes = secondOf(file) < last || (secondOf(file) === last && excess > 0);
    if (!goes || !mayGo(file)) continue;
    removeFile(file);
    excess -= file.bytes;
  }
}

const secondOf = ({ writtenAt }: LeftFile) => Math.floor(writtenAt / 1000);

/** The second up to which everything must go for so many bytes; of its own files, perhaps not all. */
function secondThatFrees(sizes: ReadonlyMap<number, number>, excess: number): number {
  let freed = 0;
  for (const [second, bytes] of [...sizes].sort(([a], [b]) => a - b)) {
    freed += bytes;
    if (freed >= excess) return second;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether nobody needs a file any more. Waits are asked for at that moment, because one may have been watched again. */
function unneeded({ store }: WatchDeps): (file: LeftFile) => boolean {
  const unread = unreadEndings(store);
  const ofCommit = (of: string, sha: string | null) => sha?.startsWith(of) ?? false;
  return ({ of }) => {
    if (unread.waits.has(of) || unread.commits.some((sha) => ofCommit(of, sha))) return false;
    const live = (wait: Wait) => isRunning(wait.state) || needsWatcher(wait);
    const { waits } = store.read();
    const wait = waits.get(of);
    if (wait) return !live(wait);
    return ![...waits.values()].some((one) => live(one) && ofCommit(of, one.sha));
  };
}

/** Removes it, and its own folder when nothing else is in there. Best effort. */
function removeFile({ path, folder }: LeftFile): void {
  try {
    rmSync(path, { recursive: true, force: true });
    if (folder !== undefined) rmdirSync(folder);
  } catch {
    // The folder holds more; or another process has removed it.
  }
}
