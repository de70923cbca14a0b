import type { WaitKind } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { hasChecks } from "../../core/traits.ts";
import { isQueued, type Wait } from "../../core/wait.ts";
import { nextRow, sameTurn } from "../../store/store.ts";
import type { WatchDeps } from "../deps.ts";
import { Watch } from "../engine/watch.ts";
import { promotions } from "../register/slots.ts";
import { hasOwnVariables, identifyEnvironment } from "./environment.ts";
import { claimLease, releaseLease } from "./lease.ts";
import { livenessOf, unwatchedWords } from "./liveness.ts";
import { watchedByOlder } from "./older.ts";
import { orphans } from "./orphans.ts";
import { ensureDriver, runningDriver, startOwnWatcher } from "./start-driver.ts";
import { endStuckDrivers } from "./stuck-driver.ts";

/** What was done about a wait without a live watcher. */
export interface Recovered {
  readonly wait: Wait;
  /** `re-armed`: somebody watches again. `parked`: nobody can, for want of `needs`. `reaped`: it cannot be looked at again. `waiting`: within the grace. */
  readonly what: "re-armed" | "parked" | "reaped" | "waiting";
  readonly reason: string;
  readonly pid: number | null;
}

/**
 * Gives a new watcher to every wait whose watcher is dead past the grace, or gave it back. Looks at processes and files only.
 * Safe to run concurrently: each wait is claimed by compare-and-swap on its lease. `now`: without waiting for the grace.
 */
export async function rearm(
  deps: WatchDeps,
  options: { readonly now?: boolean; readonly dryRun?: boolean; readonly only?: (wait: Wait) => boolean } = {},
): Promise<readonly Recovered[]> {
  const done: Recovered[] = [];
  if (!options.dryRun) await endStuckDrivers(deps);
  if (!options.dryRun) await promoteQueued(deps);
  if (!options.dryRun) await recoverHeals(deps, options.now ?? false);
  const driver = once(() => ensureDriver(deps));
  for (const wait of watchedByOlder(deps)) {
    if (options.only && !options.only(wait)) continue;
    done.push(await replaceWatcher(wait, deps, options.dryRun ?? false, driver));
  }
  for (const { wait, liveness } of orphans(deps, { starting: options.now ?? false })) {
    if (options.only && !options.only(wait)) continue;
    if (liveness === "dying" && !options.now) {
      done.push({ wait, what: "waiting", reason: unwatchedWords(wait, deps) ?? "", pid: null });
      continue;
    }
    try {
      done.push(await rearmOne(wait, deps, options.dryRun ?? false, driver));
    } catch (error) {
      done.push({ wait, what: "parked", reason: errorText(error), pid: null });
    }
  }
  return done;
}

async function rearmOne(
  wait: Wait,
  deps: WatchDeps,
  dryRun: boolean,
  driver: () => Promise<number>,
): Promise<Recovered> {
  const gone = await whyGone(wait, deps);
  if (gone) return { wait, what: "parked", reason: gone, pid: null };
  const missing = missingVariables(wait, deps);
  if (missing.length > 0) return park(wait, missing, deps, dryRun);
  if (dryRun) return { wait, what: "re-armed", reason: "would be watched again", pid: null };
  if (wait.state === "HEALING") return recoverHeal(wait, deps);
  const kind = await deps.kind(wait.kind, wait.extra.cwd ?? "/");
  if (kind?.process === "own" || hasOwnVariables(wait.extra.env_names)) {
    const pid = await startOwnWatcher(deps, wait);
    return { wait, what: "re-armed", reason: "in a process of its own", pid };
  }
  await joinEnvironment(wait, deps);
  return { wait, what: "re-armed", reason: "by the driver", pid: await driver() };
}

/** Gives a wait that an older p9 watches to this one: the new watcher ends the old one, which hands its waits back. */
async function replaceWatcher(
  wait: Wait,
  deps: WatchDeps,
  dryRun: boolean,
  driver: () => Promise<number>,
): Promise<Recovered> {
  const reason = `an older p9 ${dryRun ? "watches" : "watched"} it`;
  const kind = await deps.kind(wait.kind, wait.extra.cwd ?? "/");
  if (!kind) return { wait, what: "waiting", reason: `${reason}, and the wait kind "${wait.kind}" is gone`, pid: null };
  if (dryRun) return { wait, what: "re-armed", reason, pid: null };
  const isOwn = kind.process === "own" || hasOwnVariables(wait.extra.env_names);
  return { wait, what: "re-armed", reason, pid: await (isOwn ? startOwnWatcher(deps, wait) : driver()) };
}

/** Remembers the first answer: one new driver is started, however many waits it takes over. */
function once<T>(ask: () => T): () => T {
  let asked: { readonly answer: T } | null = null;
  return () => {
    asked ??= { answer: ask() };
    return asked.answer;
  };
}

/** Why a wait cannot be looked at again, or null. */
async function whyGone(wait: Wait, deps: WatchDeps): Promise<string | null> {
  if (hasChecks(wait) && wait.repo === null) return "its repository is not recorded, and none is guessed";
  if (!(await deps.kind(wait.kind, wait.extra.cwd ?? "/"))) return `the wait kind "${wait.kind}" is gone`;
  if (wait.extra.pin === undefined && wait.pr === null) return "what it was pinned to is not recorded";
  return null;
}

function missingVariables(wait: Wait, deps: WatchDeps): readonly string[] {
  const { env_id } = identifyEnvironment(deps.store.home, deps.env);
  if (wait.extra.env_id === env_id || wait.extra.env_id === undefined) return [];
  if (runningDriver(deps, wait.extra.env_id)) return [];
  return (wait.extra.env_names ?? []).filter((name) => !deps.env[name]);
}

/** Parks a wait whose registered variables are not set here, and records which ones it needs. */
async function park(wait: Wait, missing: readonly string[], deps: WatchDeps, dryRun: boolean): Promise<Recovered> {
  const needs = `the variable${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`;
  if (!dryRun && wait.needs !== needs) {
    await deps.store.commit((view) =>
      view.waits.has(wait.wait_id) ? [{ type: "wait.needs", wait_id: wait.wait_id, needs }] : [],
    );
  }
  return { wait, what: "parked", reason: `needs ${needs}`, pid: null };
}

/** Recovers a wait whose heal died; a look at the pull request shows whether it had pushed. */
async function recoverHeal(wait: Wait, deps: WatchDeps): Promise<Recovered> {
  const watched = await deps.healing.recover(wait, deps);
  if (!watched) return { wait, what: "waiting", reason: "another process has taken it up", pid: null };
  return { wait: watched, what: "re-armed", reason: "its heal had died", pid: null };
}

/**
 * Frees a wait of its dead watcher, so that the driver may take it at once. One of another environment, all of whose variables
 * are set here too, moves to this one unless its own driver runs.
 */
async function joinEnvironment(wait: Wait, deps: WatchDeps): Promise<void> {
  const here = identifyEnvironment(deps.store.home, deps.env).env_id;
  const there = wait.extra.env_id;
  const env_id = there !== undefined && runningDriver(deps, there) ? there : here;
  if (wait.extra.released === true && env_id === there) return;
  await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    return now && sameTurn(now, wait) ? [{ ...releaseLease(now, "released"), env_id }] : [];
  });
}

/** Recovers all waits whose heal died. */
async function recoverHeals(deps: WatchDeps, now: boolean): Promise<void> {
  for (const wait of [...deps.store.read().waits.values()]) {
    if (wait.state !== "HEALING") continue;
    const liveness = livenessOf(wait, deps);
    if (liveness === "alive" || liveness === "starting" || (liveness === "dying" && !now)) continue;
    await deps.healing.recover(wait, deps);
  }
}

/** Starts queued waits whose slot was not passed on because the watcher before them died. */
async function promoteQueued(deps: WatchDeps): Promise<void> {
  const queued = [...deps.store.read().waits.values()].some(isQueued);
  if (!queued) return;
  const rows = await deps.store.commit((view) => promotions(view, null, deps));
  if (rows.length > 0) await ensureDriver(deps);
}

/**
 * Ends waits that cannot be looked at again as ABANDONED (`reaped:dead-watcher`) and re-arms the rest. With `reconcile`, looks at
 * each target once first, so that one that ended meanwhile gets its real outcome.
 */
export async function reap(
  deps: WatchDeps,
  options: { readonly now: boolean; readonly reconcile: boolean },
): Promise<readonly Recovered[]> {
  const done: Recovered[] = [];
  const driver = once(() => ensureDriver(deps));
  for (const { wait, liveness } of orphans(deps, { starting: options.now })) {
    if (liveness === "dying" && !options.now) {
      done.push({ wait, what: "waiting", reason: "its watcher died within the grace", pid: null });
      continue;
    }
    try {
      done.push(await reapOne(wait, deps, options.reconcile, driver));
    } catch (error) {
      // A failure of one wait must not stop the others.
      done.push({ wait, what: "parked", reason: errorText(error), pid: null });
    }
  }
  return done;
}

async function reapOne(
  wait: Wait,
  deps: WatchDeps,
  reconcile: boolean,
  driver: () => Promise<number>,
): Promise<Recovered> {
  const gone = await whyGone(wait, deps);
  if (gone) return abandonUnwatchable(wait, gone, deps);
  if (wait.state === "HEALING") return recoverHeal(wait, deps);
  if (!reconcile) return abandonUnwatchable(wait, "--no-reconcile forbade another look", deps);
  const kind = await deps.kind(wait.kind, wait.extra.cwd ?? "/");
  const claimed = kind && (await claimLease(wait, deps, { now: true }));
  if (!kind || !claimed) return { wait, what: "waiting", reason: "another process has taken it up", pid: null };
  const look = await lookOnce(claimed, kind, deps);
  if (look) return { wait: look, what: "reaped", reason: look.extra.reason ?? "", pid: null };
  await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    const { env_id } = identifyEnvironment(deps.store.home, deps.env);
    if (!now || !sameTurn(now, claimed)) return [];
    return [{ ...releaseLease(now, "released"), env_id }];
  });
  return rearmOne(deps.store.read().waits.get(wait.wait_id) ?? wait, deps, false, driver);
}

/** One look at the target; two more when an outcome has to settle. The ended wait, or null when it goes on. */
async function lookOnce(wait: Wait, kind: WaitKind, deps: WatchDeps): Promise<Wait | null> {
  const config = await deps.config(wait.extra.cwd ?? "/");
  const { signal } = new AbortController();
  const watch = new Watch({ wait, kind, config, deps, mode: "background", signal });
  for (let look = 0; look < 3; look += 1) {
    const step = await watch.step();
    if (step.next === "ended") return step.wait;
    const pauseMs = watch.dueAt - deps.clock.monotonic();
    if (step.next !== "look" || pauseMs > 1500) return null;
    await deps.clock.sleep(pauseMs, signal);
  }
  return null;
}

async function abandonUnwatchable(wait: Wait, reason: string, deps: WatchDeps): Promise<Recovered> {
  const extra = { outcome: "unknown", cause: "reaped:dead-watcher", reason: `Its watcher is dead, and ${reason}` };
  const rows = await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    return now && sameTurn(now, wait)
      ? [nextRow(now, "ABANDONED", { extra }), ...promotions(view, wait.wait_id, deps)]
      : [];
  });
  const folded = rows.length > 0 ? (deps.store.find(wait.wait_id) ?? wait) : wait;
  return { wait: folded, what: rows.length > 0 ? "reaped" : "waiting", reason: extra.reason, pid: null };
}
