import { oneLine } from "../../../base/text.ts";
import { requireEnabled } from "../../../config/load.ts";
import type { Options } from "../../../contract/options.ts";
import type { Pin, WaitKind } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { NOBODY } from "../../../core/owner.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { leave } from "../../../process/leave.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { stopWatcher } from "../../../watch/owner/abandon.ts";
import { ensureDriver } from "../../../watch/owner/start-driver.ts";
import { queuedWords } from "../../../watch/register/slots.ts";
import { registerRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";
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
  const policy = await context.policy("watch");
  requireEnabled(policy, "ci_watch");
  const { timeout = Number.POSITIVE_INFINITY, slice = Number.POSITIVE_INFINITY } = options;
  context.limitTo(Math.min(timeout, slice));
  const deps = await watchDeps(context);
  try {
    await registerAndWatch(asked, options, context, deps);
  } finally {
    await settled(deps, Number.isFinite(context.leftS()) ? TELL_LIMIT_MS : null);
    leave();
  }
}

/** Resolves when all subscribers have run, at the latest after `limitMs`. */
async function settled({ store, clock }: WatchDeps, limitMs: number | null): Promise<void> {
  if (limitMs === null) return store.settled();
  const told = new AbortController();
  await Promise.race([store.settled().then(() => told.abort()), clock.sleep(limitMs, told.signal)]);
}

async function registerAndWatch(asked: Asked, options: WatchOptions, context: Context, deps: WatchDeps): Promise<void> {
  if (!options.dryRun) await takeIn(context, deps);
  const { kind } = asked;
  const background = options.background ?? false;
  const request: WatchRequest = {
    kind,
    ref: asked.ref,
    argv: asked.argv,
    options: asked.options,
    session: await context.session(),
    // A kind that looks at an API does not need the directory.
    cwd: kind.process === "own" ? context.cwd : context.place,
    // Do not ask gh for the repository of kinds that run the user's commands.
    repo: kind.process === "own" && asked.repo === undefined ? null : await context.repo(asked.repo),
    mode: background ? "background" : "foreground",
    timeoutS: options.timeout,
    intervalS: options.interval,
    adopt: options.adopt,
    force: options.force,
  };
  const pin = await (options.dryRun ? pinNow : pinNowOrLater)(request, context, deps);
  context.sayNotes();
  if (pin.note) context.warn(pin.note);
  if (options.dryRun) return tellDryRun(pin, kind, context, deps);

  const registration = await registerRequest({ ...request, usedS: context.usedS() }, pin, deps);
  if (registration.superseded) await stopWatcher(registration.superseded, deps);
  const { wait } = registration;
  if (registration.outcome === "already") return refuse(wait, context);
  // Without a free slot it starts when one becomes free.
  if (registration.outcome === "queued" && wait.extra.unbound !== true) {
    const { path } = await context.policy();
    context.warn(`${waitName(wait)} is ${queuedWords(wait, (holder) => waitName(holder), deps, path ?? "")}`);
    await ensureDriver(deps);
    return tellBackground({ ...wait, owner: { ...wait.owner, ...NOBODY } }, context);
  }
  if (background) return tellBackground(await startWatcher(wait, kind, deps), context);
  await runForeground(
    wait,
    { kind, sliceS: options.slice === undefined ? null : options.slice - context.usedS() },
    context,
    deps,
  );
}

/** Refuses a target that is already watched; the session is subscribed to its end. */
function refuse(wait: Wait, context: Context): void {
  const { watcher_id, pid } = wait.owner;
  context.warn(
    `${waitName(wait)} is watched already by watcher ${watcher_id} (pid ${pid}, wait ${wait.wait_id}); this session hears of its end too: p9 attach ${wait.wait_id} follows it, --force replaces the watcher`,
  );
  if (context.json) context.printJson({ ...backgroundRow(wait), already: true });
  context.exit(EXIT.degraded);
}

function tellDryRun(pin: Pin, kind: WaitKind, context: Context, deps: WatchDeps): void {
  const open = deps.store.read().findOpen(kind.name, pin.key);
  const watched = open && isRunning(open.state) ? open.wait_id : null;
  const { ref, pr = null, repo = null, sha = null, title = null } = pin;
  if (context.json) {
    context.printJson({ dry_run: true, kind: kind.name, ref, title, pr, repo, sha, watched_by: watched });
    return;
  }
  const where = [repo, sha?.slice(0, 12), pin.complete ? "" : "not there yet"].filter(Boolean).join(", ");
  const what = title === null || title === ref ? "" : `: ${oneLine(title, 200)}`;
  context.print(`would watch ${kind.name} ${ref}${where ? ` (${where})` : ""}${what}`);
  if (watched) context.print(`it is watched already as ${watched}`);
}
