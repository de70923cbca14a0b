import type { Pin } from "../../../contract/wait-kind.ts";
import { CeilingError, errorText } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { NOBODY } from "../../../core/owner.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { attend } from "../../../inbox/attended.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { abandonWait } from "../../../watch/owner/abandon.ts";
import type { WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";
import { reportFailure } from "../../program/failure.ts";
import { trapSignals } from "../../program/signals.ts";
import { followWait } from "../../show/follow-wait.ts";
import { type Display, openDisplay } from "../../show/live.ts";
import { type Came, cameToEnd, finish } from "../../show/reporting.ts";
import { ring } from "../../show/ring.ts";
import { startWatcher, tellBackground } from "./background.ts";
import { tellStillWatched, watchHere } from "./foreground.ts";
import {
  type Asked,
  isWithoutSlot,
  pinAsked,
  refuse,
  registerPinned,
  requestOf,
  sliceLeft,
  tellDryRun,
  tellQueued,
  type WatchOptions,
  withWatching,
} from "./run-watch.ts";
import { takeIn } from "./watching.ts";

/** One of several targets. */
export interface Target {
  /** The word that stands for it. */
  readonly word: string;
  /** What is asked for. Rejects when the word names nothing. */
  readonly asked: () => Promise<Asked>;
}

/** A target that was found, with the request for it. */
interface Found {
  readonly request: WatchRequest;
  readonly pin: Pin;
}

/** Exit codes from the one that says most to the one that says least: that of several targets is the first that one of them has. */
const WORST_FIRST = [
  EXIT.stateLost,
  EXIT.failed,
  EXIT.blocked,
  EXIT.timedOut,
  EXIT.unknown,
  EXIT.external,
  EXIT.forbidden,
  EXIT.policy,
  EXIT.usage,
  EXIT.ceiling,
  EXIT.degraded,
  EXIT.stillWaiting,
  EXIT.gone,
] as const;

/** What several targets of a command came to: the worst of their codes, and the list of their documents. */
export function together(came: readonly Came[]): Came {
  const code = WORST_FIRST.find((one) => came.some(({ code }) => code === one)) ?? EXIT.ok;
  return { code, document: came.map(({ document }) => document) };
}

/**
 * Watches several targets until all have ended. One that cannot be watched is told and holds up no other; two that are the same are
 * one; one without a slot, or with a watcher of its own, is followed. The document is the list of theirs.
 */
export async function watchSeveral(targets: readonly Target[], options: WatchOptions, context: Context): Promise<void> {
  await withWatching(options, context, async (deps) => {
    if (!options.dryRun) await takeIn(context, deps);
    const several = new Several(options, context, deps);
    const came = await several.watch(targets);
    finish(context, together(came));
  });
}

class Several {
  readonly #options: WatchOptions;
  readonly #context: Context;
  readonly #deps: WatchDeps;

  constructor(options: WatchOptions, context: Context, deps: WatchDeps) {
    this.#options = options;
    this.#context = context;
    this.#deps = deps;
  }

  /** What became of each target, those that are the same told once. */
  async watch(targets: readonly Target[]): Promise<readonly Came[]> {
    // At once, so that their requests to GitHub travel together.
    const found = await Promise.all(targets.map((target) => this.#orTold(target.word, () => this.#find(target))));
    const different = withoutRepeats(found);
    if (this.#options.dryRun || this.#options.background) return inTurn(different, (one) => this.#begin(one));
    const { signal, release } = trapSignals();
    const display = openDisplay(this.#context);
    try {
      // One after the other, so that the first named get the slots.
      const started = await inTurn(different, async (one) => {
        if ("code" in one) return () => Promise.resolve(one);
        return this.#start(one, display, signal);
      });
      return await Promise.all(started.map((follow) => follow()));
    } finally {
      display.end();
      release();
    }
  }

  async #find({ asked }: Target): Promise<Found> {
    const request = await requestOf(await asked(), this.#options, this.#context);
    return { request, pin: await pinAsked(request, this.#options, this.#context, this.#deps) };
  }

  /** The result, or what a target came to that failed: its message is told, and its document names it. */
  async #orTold<T>(ref: string, work: () => Promise<T>): Promise<T | Came> {
    try {
      return await work();
    } catch (error) {
      return { code: reportFailure(error, this.#context), document: { ref, error: errorText(error) } };
    }
  }

  /** With `--background` and `--dry-run`: registers it and returns, or says what would be. */
  async #begin(one: Found | Came): Promise<Came> {
    if ("code" in one) return one;
    const [context, deps] = [this.#context, this.#deps];
    const { request, pin } = one;
    return this.#orTold(pin.ref, async () => {
      if (this.#options.dryRun) return tellDryRun(pin, request.kind, context, deps);
      const registration = await registerPinned(request, pin, context, deps);
      const { wait } = registration;
      if (registration.outcome === "already") return refuse(wait, context);
      if (!isWithoutSlot(registration)) return tellBackground(await startWatcher(wait, request.kind, deps), context);
      await tellQueued(wait, context, deps);
      return tellBackground({ ...wait, owner: { ...wait.owner, ...NOBODY } }, context);
    });
  }

  /** Registers it; what it gives follows it to its end. */
  async #start({ request, pin }: Found, display: Display, signal: AbortSignal): Promise<() => Promise<Came>> {
    const [context, deps] = [this.#context, this.#deps];
    const told = (work: () => Promise<Came>) => () => this.#orTold(pin.ref, work);
    const started = await this.#orTold(pin.ref, () => this.#register({ request, pin }));
    if ("code" in started) return () => Promise.resolve(started);
    const { wait, how } = started;
    if (how !== "here") return told(() => this.#follow(wait, how === "queued", display, signal));
    const sliceS = sliceLeft(this.#options, context);
    return told(() => watchHere(wait, { kind: request.kind, sliceS, signal, display }, context, deps));
  }

  async #register({ request, pin }: Found) {
    const [context, deps] = [this.#context, this.#deps];
    try {
      const { outcome, wait } = await registerPinned(request, pin, context, deps);
      if (outcome === "already") context.warn(`${waitName(wait)} is watched already (${wait.wait_id}); following it`);
      return { wait, how: outcome === "already" ? ("other" as const) : ("here" as const) };
    } catch (error) {
      if (!(error instanceof CeilingError)) throw error;
      const { wait } = await registerPinned({ ...request, mode: "background" }, pin, context, deps);
      await tellQueued(wait, context, deps);
      return { wait, how: "queued" as const };
    }
  }

  /** Follows a wait that another process watches. `own`: it was registered here, so that Ctrl-C ends it. */
  async #follow(wait: Wait, own: boolean, display: Display, signal: AbortSignal): Promise<Came> {
    const [context, deps] = [this.#context, this.#deps];
    const attending = attend(deps.store, wait.wait_id, await context.session());
    try {
      let ended = await followWait(wait, { display, signal, limitS: context.leftS() }, context, deps);
      if (!ended && own && signal.aborted) ended = await abandonWait(wait, deps);
      display.over(wait);
      const now = ended ?? deps.store.find(wait.wait_id) ?? wait;
      if (!ended && isRunning(now.state)) return tellStillWatched(now, context);
      const came = cameToEnd(context, now);
      await attending.printed();
      if (ended) await ring(ended, context);
      return came;
    } finally {
      attending.release();
      display.over(wait);
    }
  }
}

/** The targets without those that an earlier one is too. */
function withoutRepeats(found: readonly (Found | Came)[]): readonly (Found | Came)[] {
  const known = new Set<string>();
  return found.filter((one) => {
    if ("code" in one) return true;
    const { kind } = one.request;
    const names = [one.pin.key, ...(one.pin.aliases ?? [])].map((key) => `${kind.name} ${key}`);
    const isKnown = names.some((name) => known.has(name));
    for (const name of names) known.add(name);
    return !isKnown;
  });
}

async function inTurn<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of list) results.push(await work(one));
  return results;
}
