import { readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { ageMs } from "../../base/clock.ts";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import type { ProcessId } from "../../process/this-machine.ts";
import { makeDir, replaceFile } from "../../store/files.ts";
import { VERSION } from "../../version.ts";
import type { WatchDeps } from "../deps.ts";

/** What a driver says of itself, in a file of its name: the environment that it drives, or `wait-<id>` of its only wait. */
export interface DriverNote extends ProcessId {
  readonly name: string;
  /** Its version of p9; undefined for version 1.0. */
  readonly version: string | undefined;
  /** Wall time at which its loop last turned with something to watch; null: it had nothing yet, or notes none. */
  readonly turnedAt: number | null;
}

type NoteDeps = Pick<WatchDeps, "store" | "clock" | "processes">;

/** A driver at work notes that often that its loop turns. */
const NOTE_EVERY_MS = 20_000;

/** The note of that name, or null when there is none that can be read. */
export function readNote({ store }: Pick<NoteDeps, "store">, name: string): DriverNote | null {
  try {
    const path = noteFile(store, name);
    const file: unknown = JSON.parse(readSmallFile(path));
    if (!isObject(file) || typeof file.pid !== "number") return null;
    return {
      name,
      pid: file.pid,
      pid_start: String(file.pid_start ?? ""),
      boot_id: String(file.boot_id ?? ""),
      version: typeof file.version === "string" ? file.version : undefined,
      turnedAt: file.turns === true ? statSync(path).mtimeMs : null,
    };
  } catch {
    return null;
  }
}

/** The notes of all drivers. */
export function driverNotes(deps: Pick<NoteDeps, "store">): readonly DriverNote[] {
  let names: string[] = [];
  try {
    names = readdirSync(deps.store.paths.drivers);
  } catch {
    // No driver has run here.
  }
  return names.flatMap((name) =>
    name.endsWith(".json") ? (readNote(deps, name.slice(0, -".json".length)) ?? []) : [],
  );
}

/** The note that this process keeps of itself while it drives. */
export class OwnNote {
  readonly #deps: NoteDeps;
  readonly #name: string;
  #written = false;
  #turnedAt: number | null = null;

  constructor(deps: NoteDeps, name: string) {
    this.#deps = deps;
    this.#name = name;
  }

  /** Says that this process drives. */
  write(): void {
    const { store, processes } = this.#deps;
    makeDir(store.paths.drivers);
    const note = { ...processes.self(), version: VERSION, ...(this.#turnedAt === null ? {} : { turns: true }) };
    replaceFile(noteFile(store, this.#name), JSON.stringify(note), { sync: false });
    this.#written = true;
  }

  /**
   * Notes that the loop turns and has something to watch, every twenty seconds and after a sleep of the machine. False when another
   * process has taken this one's place: it must not write anything any more.
   */
  turn(): boolean {
    const now = this.#deps.clock.now();
    if (this.#turnedAt !== null && ageMs(this.#turnedAt, now) < NOTE_EVERY_MS) return true;
    if (this.#written && this.#isTaken()) return false;
    const isFirst = this.#turnedAt === null;
    this.#turnedAt = now;
    try {
      if (isFirst || readNote(this.#deps, this.#name) === null) this.write();
      // Only the time of the file moves, which a full disk allows.
      utimesSync(noteFile(this.#deps.store, this.#name), now / 1000, now / 1000);
    } catch {
      // A driver without a note is judged by its process.
    }
    return true;
  }

  /** Takes the note back, unless it is another process's by now. */
  remove(): void {
    if (this.#written && !this.#isTaken()) rmSync(noteFile(this.#deps.store, this.#name), { force: true });
  }

  #isTaken(): boolean {
    const note = readNote(this.#deps, this.#name);
    const self = this.#deps.processes.self();
    return (
      note !== null && (note.pid !== self.pid || note.pid_start !== self.pid_start || note.boot_id !== self.boot_id)
    );
  }
}

function noteFile(store: NoteDeps["store"], name: string): string {
  return join(store.paths.drivers, `${name}.json`);
}

/** Removes the note of a driver that is gone. A process that lives after all writes its own again. */
export function dropNote({ store }: Pick<NoteDeps, "store">, { name }: DriverNote): void {
  rmSync(noteFile(store, name), { force: true });
}
