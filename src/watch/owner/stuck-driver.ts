import { rmSync } from "node:fs";
import { join } from "node:path";
import { ageMs } from "../../base/clock.ts";
import { isNobody } from "../../core/owner.ts";
import { needsWatcher, type Wait } from "../../core/wait.ts";
import { signalProcess } from "../../process/exec.ts";
import { isAlive } from "../../process/this-machine.ts";
import type { WatchDeps } from "../deps.ts";
import { type DriverNote, driverNotes, dropNote, readNote } from "./driver-note.ts";
import { giveBack } from "./lease.ts";

type StuckDeps = Pick<WatchDeps, "store" | "clock" | "processes">;

/** A driver whose loop has not turned for so long is dead, whatever its process looks like. */
const DEAD_MS = 60_000;
/** After a sleep of the machine every driver looks dead until it has turned once: it gets so long to do it. */
const PATIENCE_MS = 2_500;
/** How long a process that was killed may take to be gone. */
const GONE_MS = 2_000;
/** How long a driver that was asked to end may take. */
const ASKED_MS = 5_000;
const PAUSE_MS = 50;

/** Drivers that run, have something to watch, and have not turned for a minute. Looks at processes and files only. */
export function stuckDrivers(deps: StuckDeps): readonly DriverNote[] {
  return driverNotes(deps).filter((note) => isStuck(note, deps) && hasWork(note, deps));
}

function isStuck(note: DriverNote, { clock, processes }: StuckDeps): boolean {
  if (note.turnedAt === null || ageMs(note.turnedAt, clock.now()) < DEAD_MS) return false;
  return note.pid !== processes.self().pid && isAlive(processes, note);
}

/** Whether a driver owns an open wait, or one of its environment is nobody's: a driver without work notes nothing. */
function hasWork(note: DriverNote, { store }: StuckDeps): boolean {
  return [...store.read().waits.values()].some(
    (wait) =>
      needsWatcher(wait) && (isOwnedBy(wait, note) || (isNobody(wait.owner) && wait.extra.env_id === note.name)),
  );
}

function isOwnedBy({ owner }: Wait, { pid, pid_start, boot_id }: DriverNote): boolean {
  return owner.pid === pid && owner.pid_start === pid_start && owner.boot_id === boot_id;
}

/**
 * Ends the drivers that are stuck, and frees what they watched. They are killed first: a stopped process may hold a lock, and what is
 * gone cannot write any more.
 */
export async function endStuckDrivers(deps: WatchDeps): Promise<void> {
  const suspects = stuckDrivers(deps);
  if (suspects.length === 0) return;
  const left = await stillTrue(suspects, PATIENCE_MS, deps, (note) => {
    const now = readNote(deps, note.name);
    return now !== null && now.pid === note.pid && now.turnedAt === note.turnedAt && isAlive(deps.processes, note);
  });
  for (const note of left) signalProcess(note.pid, "SIGKILL");
  await stillTrue(left, GONE_MS, deps, (note) => isAlive(deps.processes, note));
  for (const note of left) {
    // One that cannot even be killed keeps its lock, but not the file of that name.
    if (isAlive(deps.processes, note)) rmSync(join(deps.store.paths.drivers, `${note.name}.lock`), { force: true });
    dropNote(deps, note);
    const waits = [...deps.store.read().waits.values()].filter((wait) => needsWatcher(wait) && isOwnedBy(wait, note));
    if (waits.length > 0) await giveBack(waits, "stuck", deps);
  }
}

/** Ends every driver: asked first, so that it gives back what it watches, then killed. */
export async function endDrivers(deps: StuckDeps): Promise<void> {
  const lives = (note: DriverNote) => note.pid !== deps.processes.self().pid && isAlive(deps.processes, note);
  const running = driverNotes(deps).filter(lives);
  for (const { pid } of running) signalProcess(pid, "SIGTERM");
  const left = await stillTrue(running, ASKED_MS, deps, lives);
  for (const { pid } of left) signalProcess(pid, "SIGKILL");
  await stillTrue(left, GONE_MS, deps, lives);
}

/** Removes what drivers left that were killed. */
export function dropDeadNotes(deps: StuckDeps): void {
  for (const note of driverNotes(deps)) if (!isAlive(deps.processes, note)) dropNote(deps, note);
}

/** Waits until something is true of none of these drivers, or the time is up; gives those of which it still is. */
async function stillTrue(
  notes: readonly DriverNote[],
  withinMs: number,
  { clock }: Pick<WatchDeps, "clock">,
  holds: (note: DriverNote) => boolean,
): Promise<readonly DriverNote[]> {
  const end = clock.monotonic() + withinMs;
  let left = notes.filter(holds);
  while (left.length > 0 && clock.monotonic() < end) {
    await clock.sleep(PAUSE_MS);
    left = left.filter(holds);
  }
  return left;
}
