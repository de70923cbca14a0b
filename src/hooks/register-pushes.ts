import { errorText, StateError } from "../core/errors.ts";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import { isHeardBy, isQueued, type Wait } from "../core/wait.ts";
import type { GitHub } from "../github/client.ts";
import { healing } from "../heal/healing.ts";
import type { InboxFolder } from "../inbox/folder.ts";
import { systemProcesses } from "../process/this-machine.ts";
import { systemDeps, type WatchDeps, watchConfigOf } from "../watch/deps.ts";
import { lookOfCycle } from "../watch/engine/look-file.ts";
import { startWatching } from "../watch/owner/start-driver.ts";
import { queuedWords } from "../watch/register/slots.ts";
import { pinRequest, registerRequest, type WatchRequest } from "../watch/register/watch-request.ts";
import type { HookContext } from "./context.ts";
import { note } from "./log.ts";
import { openIfNone } from "./open-inbox.ts";
import { bindCreated } from "./pushes/created.ts";
import { newest, pushesOf } from "./pushes/find-pushes.ts";
import { type Unwatched, UnwatchedFiles } from "./pushes/unwatched.ts";
import { type InFlight, nameOf } from "./texts.ts";

const refuse = () => Promise.reject(new Error("Cannot ask GitHub from a hook: the network is left to the driver"));
/** Hooks must not ask GitHub; the driver does. */
const OFFLINE: GitHub = { graphql: refuse, repository: refuse, rest: refuse };

/** Dependencies for registering waits, without the network. */
export function hookDeps(context: HookContext): WatchDeps {
  const { store, clock, exec, env } = context;
  return systemDeps(store, {
    clock,
    exec,
    env,
    github: async () => OFFLINE,
    healing,
    // A hook reads the policy of a directory once.
    config: async (cwd) => watchConfigOf(await context.policy(cwd)),
    kind: async (name, cwd) => {
      const { findWaitKind } = await import("../plugins-host/find/resolve.ts");
      return findWaitKind(name, { home: context.home, env, cwd, startNothing: true });
    },
  });
}

/**
 * Registers, starts and returns the waits for a session's pushes and pull requests, where p9 is turned on. Leaves items in the
 * session's `folder` when the state cannot be written.
 */
export async function watchFound(
  found: readonly Unwatched[],
  context: HookContext,
  folder = context.folder,
): Promise<Wait[]> {
  const kept = new UnwatchedFiles(folder);
  const deps = hookDeps(context);
  const waits: Wait[] = [];
  if (found.length > 0 && folder === context.folder) await openIfNone(context);
  let isBusy = false;
  for (const item of found) {
    // After one "later", the other items would wait for the same lock.
    const results: readonly (Wait | "later" | null)[] = isBusy ? ["later"] : await watchOne(item, context, deps);
    isBusy ||= results.includes("later");
    waits.push(...results.filter((result) => result !== null && result !== "later"));
    if (results.includes("later")) kept.leave(item);
    else kept.drop(item);
  }
  return waits;
}

/** Registers the items left in the folder of a session that has ended. True when none stays there. */
export async function watchLeft(folder: InboxFolder, context: HookContext): Promise<boolean> {
  const { left, traced } = await pushesOf(folder, context);
  const kept = new UnwatchedFiles(folder);
  await watchFound(newest([...left, ...traced.map((push) => ({ push }))], kept), context, folder);
  return kept.left(context.clock.now()).length === 0;
}

async function watchOne(item: Unwatched, context: HookContext, deps: WatchDeps): Promise<(Wait | "later" | null)[]> {
  const { cwd, at } = "push" in item ? item.push : item.created;
  if (!(await context.active(cwd))) return [];
  if ("created" in item) {
    const { url: ref, branch } = item.created;
    return [await register("pr-ci", { ref, cwd, repo: null, pushedAt: at }, context, deps, branch ?? null)];
  }
  const { ci_watch } = await context.policy(cwd);
  const results: (Wait | "later" | null)[] = [];
  for (const kind of ci_watch.auto) {
    results.push(await register(kind, { ref: null, cwd, repo: item.push.repo, pushed: item.push }, context, deps));
  }
  return results;
}

/** Registers one wait, or binds that of the branch that the pull request was made of. Null: the kind refused the request or failed; "later": the state could not be written. */
async function register(
  kindName: string,
  target: Pick<WatchRequest, "ref" | "cwd" | "repo" | "pushed" | "pushedAt">,
  context: HookContext,
  deps: WatchDeps,
  madeOf: string | null = null,
): Promise<Wait | "later" | null> {
  try {
    const kind = await deps.kind(kindName, target.cwd);
    if (!kind) throw new Error(`No wait kind "${kindName}" (ci_watch.auto)`);
    const request: WatchRequest = { ...target, kind, session: context.session, adopt: true };
    const pin = await pinRequest(request, false, deps);
    const bound = madeOf === null ? null : await bindCreated(madeOf, pin, deps);
    const wait = bound ?? (await registerRequest(request, pin, deps)).wait;
    context.folder.mark("waits", true);
    await startWatching(deps, wait, kind);
    return wait;
  } catch (error) {
    // A kind refuses the request when the push does not concern it (no deploy from this branch).
    const name = error instanceof Error ? error.name : "";
    if (name !== "RefError") note(context, `${kindName}: ${errorText(error)}`);
    if (name === "TrustError") context.untrusted.add(kindName);
    return error instanceof StateError ? "later" : null;
  }
}

/** Waits without a verdict of this session and of the sessions it continues. */
export function waitsInFlight(context: HookContext): Wait[] {
  const view = context.store.read();
  const family = sessionFamily(context.session, view.links);
  return [...view.waits.values()].filter((wait) => isRunning(wait.state) && isHeardBy(wait, family));
}

/** Reads the fields of a wait for a line about it. */
export function inFlight(wait: Wait, context: HookContext): InFlight {
  const look = lookOfCycle(context.store.paths.looks, wait);
  const expected = look?.expected_at ?? null;
  return {
    kind: wait.kind,
    ...(wait.extra.traits === undefined ? {} : { traits: wait.extra.traits }),
    ref: wait.ref,
    repo: wait.repo,
    pr: wait.pr,
    state: wait.state,
    needs: wait.needs,
    unbound: wait.extra.unbound === true,
    ...(isQueued(wait) ? { queued: queuedWords(wait, nameOf, { ...context, processes: systemProcesses }) } : {}),
    progress: look?.progress ?? null,
    etaS: expected === null ? null : Math.round((expected - context.clock.now()) / 1_000),
  };
}
