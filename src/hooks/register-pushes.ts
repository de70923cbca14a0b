import { errorText } from "../core/errors.ts";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import type { Wait } from "../core/wait.ts";
import type { GitHub } from "../github/client.ts";
import { healing } from "../heal/healing.ts";
import { systemDeps, type WatchDeps } from "../watch/deps.ts";
import { readLook } from "../watch/engine/look-file.ts";
import { startWatching } from "../watch/owner/start-driver.ts";
import { pinRequest, registerRequest, type WatchRequest } from "../watch/register/watch-request.ts";
import type { HookContext } from "./context.ts";
import { note } from "./log.ts";
import type { Pushed } from "./pushes/resolve-push.ts";
import type { InFlight } from "./texts.ts";

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
    kind: async (name, cwd) => {
      const { findWaitKind } = await import("../plugins-host/find/resolve.ts");
      return findWaitKind(name, { home: context.home, env, cwd, startNothing: true });
    },
  });
}

/** Registers and starts the waits that pushes imply where p9 is turned on, and returns them. */
export async function watchPushes(pushes: readonly Pushed[], context: HookContext): Promise<Wait[]> {
  const deps = hookDeps(context);
  const waits: Wait[] = [];
  for (const push of pushes) {
    if (!(await context.active(push.cwd))) continue;
    const { ci_watch } = await context.policy(push.cwd);
    for (const kind of ci_watch.auto) {
      const wait = await watchOne(kind, { ref: null, cwd: push.cwd, repo: push.repo, pushed: push }, context, deps);
      if (wait) waits.push(wait);
    }
  }
  return waits;
}

/** Binds the branch's wait to a pull request that `gh pr create` made. */
export async function watchPullRequest(url: string, context: HookContext): Promise<Wait[]> {
  if (!(await context.active())) return [];
  const target = { ref: url, cwd: context.cwd, repo: null, pushedAt: context.clock.now() };
  const wait = await watchOne("pr-ci", target, context, hookDeps(context));
  return wait ? [wait] : [];
}

async function watchOne(
  kindName: string,
  target: Pick<WatchRequest, "ref" | "cwd" | "repo" | "pushed" | "pushedAt">,
  context: HookContext,
  deps: WatchDeps,
): Promise<Wait | null> {
  try {
    const kind = await deps.kind(kindName, target.cwd);
    if (!kind) throw new Error(`No wait kind "${kindName}" (ci_watch.auto)`);
    const request: WatchRequest = { ...target, kind, session: context.session, adopt: true };
    const { wait } = await registerRequest(request, await pinRequest(request, false, deps), deps);
    context.folder.mark("waits", true);
    await startWatching(deps, wait, kind);
    return wait;
  } catch (error) {
    // A kind refuses the request when the push does not concern it (no deploy from this branch).
    if (!(error instanceof Error && error.name === "RefError")) note(context, `${kindName}: ${errorText(error)}`);
    return null;
  }
}

/** Waits of this session, and of those it goes on from, that have no verdict yet. */
export function waitsInFlight(context: HookContext): Wait[] {
  const view = context.store.read();
  const family = sessionFamily(context.session, view.links);
  return [...view.waits.values()].filter(
    (wait) =>
      isRunning(wait.state) && (family.has(wait.session_id) || wait.subscribers.some((each) => family.has(each))),
  );
}

/** A wait as a line about it needs it. */
export function inFlight(wait: Wait, context: HookContext): InFlight {
  const look = readLook(context.store.paths.looks, wait.wait_id);
  const current = look?.cycle_at === wait.cycle_at ? look : null;
  const expected = current?.expected_at ?? null;
  return {
    kind: wait.kind,
    ...(wait.extra.traits === undefined ? {} : { traits: wait.extra.traits }),
    ref: wait.ref,
    repo: wait.repo,
    pr: wait.pr,
    state: wait.state,
    needs: wait.needs,
    unbound: wait.extra.unbound === true,
    progress: current?.progress ?? null,
    etaS: expected === null ? null : Math.round((expected - context.clock.now()) / 1_000),
  };
}
