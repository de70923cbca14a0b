import { requireEnabled } from "../../../config/load.ts";
import type { Pin } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { isRunning } from "../../../core/states.ts";
import { type Wait, waitLabel } from "../../../core/wait.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { stopWatcher } from "../../../watch/owner/abandon.ts";
import { type Registering, registerWait } from "../../../watch/register/register.ts";
import type { Context } from "../../program/context.ts";
import { backgroundRow, startWatcher, tellBackground } from "./background.ts";
import { runForeground } from "./foreground.ts";
import { type Asked, pinRequest } from "./pin.ts";
import { takeIn, watchDeps } from "./watching.ts";

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

/** Registers what was asked for and watches it, here or in the background. */
export async function runWatch(asked: Asked, options: WatchOptions, context: Context): Promise<void> {
  const policy = await context.policy("watch");
  requireEnabled(policy, "ci_watch");
  const deps = await watchDeps(context);
  if (!options.dryRun) await takeIn(context, deps);
  const pin = await pinRequest(asked, policy, context, deps);
  context.sayNotes();
  if (pin.note) context.warn(pin.note);
  if (options.dryRun) return tellDryRun(pin, asked, context, deps);

  const background = options.background ?? false;
  const request: Registering = {
    kind: asked.kind,
    pin,
    options: asked.options,
    session: await context.session(),
    cwd: context.cwd,
    argv: asked.argv,
    mode: background ? "background" : "foreground",
    timeoutS: options.timeout ?? null,
    intervalS: options.interval ?? null,
    adopt: options.adopt ?? false,
    force: options.force ?? false,
  };
  const registration = await registerWait(request, deps);
  if (registration.superseded) await stopWatcher(registration.superseded, deps);
  const { wait } = registration;
  if (registration.outcome === "already") return refuse(wait, context);
  // Over the ceiling it starts when a slot becomes free.
  if (registration.outcome === "queued" && wait.extra.unbound !== true)
    return tellBackground({ ...wait, owner: { ...wait.owner, pid: 0 } }, context);
  if (background) return tellBackground(await startWatcher(wait, asked.kind, deps), context);
  await runForeground(wait, { kind: asked.kind, sliceS: options.slice ?? null }, context, deps);
}

/** Somebody watches it: the asking session hears of the end too, and the command is refused. */
function refuse(wait: Wait, context: Context): void {
  const { watcher_id, pid } = wait.owner;
  context.warn(
    `${waitLabel(wait)} is watched already by watcher ${watcher_id} (pid ${pid}, wait ${wait.wait_id}); this session hears of its end too: p9 attach ${wait.wait_id} follows it, --force replaces the watcher`,
  );
  if (context.json) context.printJson({ ...backgroundRow(wait), already: true });
  context.exit(EXIT.degraded);
}

function tellDryRun(pin: Pin, asked: Asked, context: Context, deps: WatchDeps): void {
  const open = deps.store.read().findOpen(asked.kind.name, pin.key);
  const watched = open && isRunning(open.state) ? open.wait_id : null;
  const { ref, pr = null, repo = null, sha = null } = pin;
  if (context.json) {
    context.printJson({ dry_run: true, kind: asked.kind.name, ref, pr, repo, sha, watched_by: watched });
    return;
  }
  const where = [repo, sha?.slice(0, 12), pin.complete ? "" : "not there yet"].filter(Boolean).join(", ");
  context.print(`would watch ${asked.kind.name} ${ref}${where ? ` (${where})` : ""}`);
  if (watched) context.print(`it is watched already as ${watched}`);
}
