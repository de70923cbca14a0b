import { oneLine } from "../../../base/text.ts";
import { requireEnabled } from "../../../config/load.ts";
import type { Options } from "../../../contract/options.ts";
import type { Pin, WaitKind } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { NOBODY } from "../../../core/owner.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { shortWaitName, waitName } from "../../../core/wait-name.ts";
import { leave } from "../../../process/leave.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { stopWatcher } from "../../../watch/owner/abandon.ts";
import { ensureDriver } from "../../../watch/owner/start-driver.ts";
import type { Registration } from "../../../watch/register/register.ts";
import { queuedWords } from "../../../watch/register/slots.ts";
import { registerRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";
import { type Came, finish } from "../../show/reporting.ts";
import { backgroundRow, startWatcher, tellBackground } from "./background.ts";
import { runForeground } from "./foreground.ts";
import { pinNow, pinNowOrLater } from "./pin.ts";
import { takeIn, watchDeps } from "./watching.ts";

/** What was asked for on the command line. */
export interface Asked {
  readonly kind: WaitKind;
  readonly ref: string | null;
  readonly argv: readonly string[];
  readonly options: Options;
  /** `--repo`. */
  readonly repo: string | undefined;
}

/** Options of `watch` itself; those of the kind are in {@link Asked}. */
export interface WatchOptions {
  readonly background?: boolean;
  readonly timeout?: number;
  readonly interval?: number;
  readonly slice?: number;
  readonly adopt?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** How long the exit waits for notifications, in ms; the next command sends the rest. */
const TELL_LIMIT_MS = 700;

/** Registers a request and watches it, here or in the background. Exits at the end of its time, even if something hangs. */
export async function runWatch(asked: Asked, options: WatchOptions, context: Context): Promise<void> {
  await withWatching(options, context, async (deps) => {
    if (!options.dryRun) await takeIn(context, deps);
    finish(context, await registerAndWatch(asked, options, context, deps));
  });
}

/** Runs `work` with what watching needs, within the time that the command has. */
export async function withWatching(
  { timeout = Number.POSITIVE_INFINITY, slice = Number.POSITIVE_INFINITY }: WatchOptions,
  context: Context,
  work: (deps: WatchDeps) => Promise<void>,
): Promise<void> {
  const policy = await context.policy("watch");
  requireEnabled(policy, "ci_watch");
  context.limitTo(Math.min(timeout, slice));
  const deps = await watchDeps(context);
  try {
    await work(deps);
  } finally {
    await settled(deps, Number.isFinite(context.leftS()) ? TELL_LIMIT_MS : null);
    if (context.stop === null) leave();
  }
}

/** Resolves when all subscribers have run, at the latest after `limitMs`. */
async function settled({ store, clock }: WatchDeps, limitMs: number | null): Promise<void> {
  if (limitMs === null) return store.settled();
  const told = new AbortController();
  await Promise.race([store.settled().then(() => told.abort()), clock.sleep(limitMs, told.signal)]);
}

async function registerAndWatch(asked: Asked, options: WatchOptions, context: Context, deps: WatchDeps): Promise<Came> {
  const { kind } = asked;
  const request = await requestOf(asked, options, context);
  const pin = await pinAsked(request, options, context, deps);
  if (options.dryRun) return tellDryRun(pin, kind, context, deps);
  const registration = await registerPinned(request, pin, context, deps);
  const { wait } = registration;
  if (registration.outcome === "already") return refuse(wait, context);
  if (isWithoutSlot(registration)) {
    await tellQueued(wait, context, deps);
    return tellBackground({ ...wait, owner: { ...wait.owner, ...NOBODY } }, context);
  }
  if (options.background) return tellBackground(await startWatcher(wait, kind, deps), context);
  return runForeground(wait, { kind, sliceS: sliceLeft(options, context) }, context, deps);
}

/** Seconds that are left of `--slice`, or null. */
export function sliceLeft({ slice }: WatchOptions, context: Context): number | null {
  return slice === undefined ? null : slice - context.usedS();
}

/** The request that a command line makes. */
export async function requestOf(asked: Asked, options: WatchOptions, context: Context): Promise<WatchRequest> {
  const { kind, repo } = asked;
  // What runs the user's commands needs none, and gh is not asked for it: only a reference may be of a repository.
  const isOfNone = kind.process === "own" && (asked.ref === null || kind.takesRepo === false);
  return {
    kind,
    ref: asked.ref,
    argv: asked.argv,
    options: asked.options,
    session: await context.session(),
    // A kind that looks at an API does not need the directory.
    cwd: kind.process === "own" ? context.cwd : context.place,
    repo: isOfNone && repo === undefined ? null : await context.repo(repo),
    mode: options.background ? "background" : "foreground",
    timeoutS: options.timeout,
    intervalS: options.interval,
    adopt: options.adopt,
    force: options.force,
  };
}

/** Finds the target of a request, and says what is to be known of it. */
export async function pinAsked(
  request: WatchRequest,
  { dryRun }: WatchOptions,
  context: Context,
  deps: WatchDeps,
): Promise<Pin> {
  const pin = await (dryRun ? pinNow : pinNowOrLater)(request, context, deps);
  context.sayNotes();
  if (pin.note) context.warn(pin.note);
  return pin;
}

/** Registers a request that was pinned, and stops the watcher that it supersedes. */
export async function registerPinned(
  request: WatchRequest,
  pin: Pin,
  context: Context,
  deps: WatchDeps,
): Promise<Registration> {
  const registration = await registerRequest({ ...request, usedS: context.usedS() }, pin, deps);
  if (registration.superseded) await stopWatcher(registration.superseded, deps);
  if (registration.unmarked) {
    const { wait } = registration;
    const again = `p9 merge-ready ${wait.pr}${wait.repo ? ` --repo ${wait.repo}` : ""}`;
    context.warn(
      `${waitName(wait)} was marked MERGE_READY; watching it again took the mark back: ${again} sets it after the verdict`,
    );
  }
  return registration;
}

/** Whether a registered wait starts when a slot becomes free. */
export function isWithoutSlot({ outcome, wait }: Registration): boolean {
  return outcome === "queued" && wait.extra.unbound !== true;
}

/** Says who holds the slots, and has the queued wait looked at meanwhile. */
export async function tellQueued(wait: Wait, context: Context, deps: WatchDeps): Promise<void> {
  const { path } = await context.policy();
  context.warn(`${waitName(wait)} is ${queuedWords(wait, (holder) => waitName(holder), deps, path ?? "")}`);
  await ensureDriver(deps);
}

/** Refuses a target that is already watched; the session is subscribed to its end. */
export function refuse(wait: Wait, context: Context): Came {
  const { watcher_id, pid } = wait.owner;
  context.warn(
    `${waitName(wait)} is watched already by watcher ${watcher_id} (pid ${pid}, wait ${wait.wait_id}); this session hears of its end too: p9 attach ${wait.wait_id} follows it, --force replaces the watcher`,
  );
  return { code: EXIT.degraded, document: { ...backgroundRow(wait), already: true } };
}

/** Says what would be watched. */
export function tellDryRun(pin: Pin, kind: WaitKind, context: Context, deps: WatchDeps): Came {
  const open = deps.store.read().findOpen(kind.name, pin.key);
  const watched = open && isRunning(open.state) ? open.wait_id : null;
  const { ref, pr = null, repo = null, sha = null, title = null } = pin;
  if (!context.json) {
    const where = [repo, sha?.slice(0, 12), pin.complete ? "" : "not there yet"].filter(Boolean).join(", ");
    const what = title === null || title === ref ? "" : `: ${oneLine(title, 200)}`;
    const name = shortWaitName({ kind: kind.name, ref, pr, repo, traits: { noun: kind.traits?.noun } }, 300);
    context.print(`would watch ${name}${where ? ` (${where})` : ""}${what}`);
    if (watched) context.print(`it is watched already as ${watched}`);
  }
  const document = { dry_run: true, kind: kind.name, ref, title, pr, repo, sha, watched_by: watched };
  return { code: EXIT.ok, document };
}
