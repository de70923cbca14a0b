import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { attend } from "../../../inbox/attended.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { findOfKind, findWait, findWaitHere, WAIT_ARGUMENT } from "../../show/find-wait.ts";
import { followWait } from "../../show/follow-wait.ts";
import { type Display, openDisplay } from "../../show/live.ts";
import { type Came, cameToEnd, finish } from "../../show/reporting.ts";
import { ring } from "../../show/ring.ts";
import { tellStillWatched } from "./foreground.ts";
import { together } from "./several.ts";
import { watchDeps } from "./watching.ts";

export function register(command: Command, context: Context): void {
  command
    .argument(
      "[wait...]",
      `${WAIT_ARGUMENT}, or a kind of wait and what it watches; default: that of this branch, else the only one that runs`,
    )
    .option("--repo <owner/name>", "the repository that the numbers belong to")
    .action(async (names, options) => {
      const deps = await watchDeps(context);
      const repo = () => context.repo(options.repo);
      const waits = new Map<string, Wait>();
      // Find all before following the first, so that a mistyped name is told at once.
      for (let at = 0; at < names.length; at += 1) {
        const [name = "", next] = names.slice(at);
        const ofKind = next === undefined ? null : await findOfKind(deps.store, [name, next], repo);
        if (ofKind) at += 1;
        const wait = ofKind ?? (await findWait(deps.store, name, repo));
        waits.set(wait.wait_id, wait);
      }
      if (names.length === 0) {
        const wait = await findWaitHere(deps.store, context, repo).catch((error) => orOnlyRunning(error, deps));
        waits.set(wait.wait_id, wait);
      }
      const { signal, release } = trapSignals();
      const display = openDisplay(context);
      const came = await Promise.all(
        [...waits.values()].map((wait) => follow(wait, { display, signal }, context, deps)),
      );
      display.end();
      release();
      const [only, ...more] = came;
      if (only) finish(context, more.length === 0 ? only : together(came));
    });
}

/** The wait that runs, when it is the only one. @throws the error that says why none is meant by this branch. */
function orOnlyRunning(error: unknown, { store }: WatchDeps): Wait {
  const [only, ...more] = [...store.read().waits.values()].filter(({ state }) => isRunning(state));
  if (only && more.length === 0 && error instanceof UsageError) return only;
  throw error;
}

/** Follows a wait to its end and tells it. */
async function follow(
  wait: Wait,
  { display, signal }: { readonly display: Display; readonly signal: AbortSignal },
  context: Context,
  deps: WatchDeps,
): Promise<Came> {
  const attending = attend(deps.store, wait.wait_id, await context.session());
  try {
    const ended = await followWait(wait, { display, signal }, context, deps);
    display.over(wait);
    if (!ended) return tellStillWatched(wait, context);
    const came = cameToEnd(context, ended);
    await attending.printed();
    if (isRunning(wait.state)) await ring(ended, context);
    return came;
  } finally {
    attending.release();
  }
}
