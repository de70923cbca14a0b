import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HookCall } from "../../harness/harness.ts";
import type { InboxFolder } from "../../inbox/folder.ts";
import { makeDir } from "../../store/files.ts";
import type { HookContext } from "../context.ts";
import { Reflogs } from "./reflog.ts";
import { type Pushed, resolvePush, whereItWent } from "./resolve-push.ts";
import { saidPushes } from "./said-pushes.ts";
import { readPushes } from "./trace.ts";
import { type Unwatched, UnwatchedFiles } from "./unwatched.ts";

/** Reflogs have whole seconds. */
const SECOND_MS = 1_000;
/** A session's first look after a command goes back so far: the hook begins some time after the push ended, and few clients time it. */
const FIRST_LOOK_MS = 10_000;
/** Claims are kept as long as a reflog entry may count as new. */
const CLAIMS_MS = 86_400_000;

/** What the client reported about the tool call: nothing outside of one. */
export type PushHint = Pick<HookCall, "command" | "output" | "pushedBranch" | "durationMs">;

/**
 * Finds what this session pushed since the last hook, and what earlier hooks could not register: by git's own trace; by the
 * remote-tracking reflogs when there is no trace, it overflowed, or the client reports a push that the trace lacks; where a sandbox
 * keeps both from being written, by the command together with what it printed. Keeps all of it in the session's folder until it is
 * registered.
 */
export async function findPushes(context: HookContext, hint: PushHint = {}): Promise<Unwatched[]> {
  const { left, traced, overflow } = await pushesOf(context.folder, context);
  const hasTrace = existsSync(context.folder.trace);
  const said = traced.length === 0 ? await saidPushes(hint, context) : [];
  const isMissed = traced.length === 0 && (hint.pushedBranch !== undefined || said.length > 0);
  const logged = !hasTrace || overflow || isMissed ? await fromReflogs(context, hint) : [];
  const more = [...logged, ...said.filter((push) => claimPush(context, push))];
  return newest([...left, ...[...traced, ...more].map((push) => ({ push }))], new UnwatchedFiles(context.folder));
}

/** Finds what the hooks of a session left, and the pushes in its trace. */
export async function pushesOf(folder: InboxFolder, context: HookContext) {
  const kept = new UnwatchedFiles(folder);
  const left = kept.left(context.clock.now());
  const { pushes, overflow } = readPushes(folder.trace);
  const traced: Pushed[] = [];
  for (const push of pushes) {
    const found = await resolvePush(push, context);
    for (const each of found) kept.keep({ push: each });
    if (push.take()) traced.push(...found);
    else for (const each of found) kept.drop({ push: each });
  }
  for (const push of traced) claimPush(context, push);
  return { left, traced, overflow };
}

/** Finds pushes in the reflogs of commits that this working tree had, made during the call or since the last look. */
async function fromReflogs(context: HookContext, hint: PushHint): Promise<Pushed[]> {
  const now = context.clock.now();
  const looked = lookedAt(context);
  const took = Math.max(hint.durationMs ?? 0, looked === null && hint.command !== undefined ? FIRST_LOOK_MS : 0);
  const since = Math.min(now - took, looked ?? now) - SECOND_MS;
  markLooked(context);
  const git = context.git();
  const reflogs = await Reflogs.of(git);
  const fresh = reflogs.pushes().filter(({ at, sha }) => at >= since && reflogs.wasHere(sha));
  const found: Pushed[] = [];
  for (const { remote, branch, sha, at } of fresh) {
    const push = { ...(await whereItWent(remote, git.cwd, context)), branch, sha, cwd: git.cwd, at };
    if (claimPush(context, push)) found.push(push);
  }
  return found;
}

/** Has a session without a trace count what is pushed from now on. */
export function beginLooking(context: HookContext): void {
  if (!existsSync(context.folder.trace) && lookedAt(context) === null) markLooked(context);
}

function lookedAt(context: HookContext): number | null {
  return statSync(join(context.folder.path, "looked"), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function markLooked(context: HookContext): void {
  makeDir(context.folder.path);
  writeFileSync(join(context.folder.path, "looked"), "", { mode: 0o600 });
}

/** Keeps the last push of each branch, and drops the others: an older one that stayed would be registered after it. */
export function newest(found: readonly Unwatched[], kept: UnwatchedFiles): Unwatched[] {
  const branchOf = (item: Unwatched) =>
    "push" in item ? `${item.push.repo} ${item.push.branch}` : `created ${item.created.url}`;
  const last = new Map(found.map((item) => [branchOf(item), item]));
  const left = [...last.values()];
  for (const item of found) if (!left.includes(item)) kept.drop(item);
  for (const item of left) kept.keep(item);
  return left;
}

/**
 * Claims a push for this session; false when another session has claimed it. Needed because a reflog does not tell apart two
 * sessions of one working tree.
 */
function claimPush(context: HookContext, push: Pushed): boolean {
  const folder = join(context.store.paths.inbox, ".pushes");
  makeDir(folder);
  const name = createHash("sha256").update(`${push.repo} ${push.branch} ${push.sha}`).digest("hex").slice(0, 24);
  try {
    closeSync(openSync(join(folder, name), "wx", 0o600));
    return true;
  } catch {
    return false;
  }
}

/** Removes claims of pushes that are too old to be found in a reflog again. */
export function sweepPushClaims(inboxes: string, now: number): void {
  const folder = join(inboxes, ".pushes");
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > CLAIMS_MS) rmSync(path, { force: true });
  }
}
