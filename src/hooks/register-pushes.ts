import type { Options } from "../contract/options.ts";
import type { WaitRequest } from "../contract/wait-kind.ts";
import { errorText } from "../core/errors.ts";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import type { Wait } from "../core/wait.ts";
import type { GitHub } from "../github/client.ts";
import { healing } from "../heal/healing.ts";
import { systemDeps, type WatchDeps } from "../watch/deps.ts";
import { readLook } from "../watch/engine/look-file.ts";
import { ensureDriver, startOwnWatcher } from "../watch/owner/start-driver.ts";
import { registerWait } from "../watch/register/register.ts";
import type { HookContext } from "./context.ts";
import { note } from "./log.ts";
import type { Pushed } from "./pushes/resolve-push.ts";
import type { InFlight } from "./texts.ts";

/** GitHub is for the driver: a hook that asks it is a bug. */
const OFFLINE = new Proxy({} as GitHub, {
  get: () => () => Promise.reject(new Error("Cannot ask GitHub from a hook: the network is left to the driver")),
});

/** What registering waits needs, with the network left out. */
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

/** Registers every wait that the pushes imply where p9 is on, and has them watched. The waits that came of it. */
export async function watchPushes(pushes: readonly Pushed[], context: HookContext): Promise<Wait[]> {
  const deps = hookDeps(context);
  const waits: Wait[] = [];
  for (const push of pushes) {
    if (!(await context.active(push.cwd))) continue;
    const { ci_watch } = await context.policy(push.cwd);
    for (const kind of ci_watch.auto) {
      const request = { ref: null, argv: [], options: {}, network: false, pushed: push } satisfies WaitRequest;
      const wait = await watchOne(kind, request, push, context, deps);
      if (wait) waits.push(wait);
    }
  }
  return waits;
}

/** `gh pr create`: the branch's wait is bound to its pull request at once. */
export async function watchPullRequest(url: string, context: HookContext): Promise<Wait[]> {
  if (!(await context.active())) return [];
  const deps = hookDeps(context);
  const request = { ref: url, argv: [], options: {}, network: false } satisfies WaitRequest;
  const wait = await watchOne(
    "pr-ci",
    request,
    { cwd: context.cwd, repo: null, at: context.clock.now() },
    context,
    deps,
  );
  return wait ? [wait] : [];
}

async function watchOne(
  kindName: string,
  request: WaitRequest,
  from: Pick<Pushed, "cwd" | "repo" | "at">,
  context: HookContext,
  deps: WatchDeps,
): Promise<Wait | null> {
  try {
    const kind = await deps.kind(kindName, from.cwd);
    if (!kind) throw new Error(`No wait kind "${kindName}" (ci_watch.auto)`);
    const { makePluginContext } = await import("../plugins-host/context.ts");
    const { checkOptions } = await import("../plugins-host/parts/options.ts");
    const options: Options = checkOptions(`wait kind "${kindName}"`, kind.options ?? {}, {});
    const { cwd } = from;
    const plugin = makePluginContext({
      plugin: kindName,
      home: context.home,
      env: context.env,
      cwd,
      github: OFFLINE,
      session: context.session,
      repo: from.repo,
      config: (await deps.config(cwd)).all,
      clock: context.clock,
      exec: context.exec,
      trusted: deps.trusted(cwd),
    });
    const pin = await kind.pin({ ...request, options }, plugin);
    const registration = await registerWait(
      {
        kind,
        pin,
        options,
        session: context.session,
        cwd,
        argv: [],
        mode: "background",
        timeoutS: null,
        intervalS: null,
        adopt: true,
        force: false,
        pushedAt: from.at,
      },
      deps,
    );
    context.folder.mark("waits", true);
    if (kind.process === "own") await startOwnWatcher(deps, registration.wait);
    else await ensureDriver(deps, registration.wait);
    return registration.wait;
  } catch (error) {
    // A kind that the push does not concern (no deploy from this branch) says so by refusing the request.
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
