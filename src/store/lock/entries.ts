import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../core/errors.ts";
import { systemProcesses } from "../../process/this-machine.ts";

/*
 * Entries beside a lock file: one empty file for each process that wants the lock, in the folder `<lock>.d`. The name says whose it is,
 * so that it is whole from the moment that it is there: random part, process id, start time, process namespace, boot.
 */

const folderOf = (path: string) => `${path}.d`;

/** Adds an entry of this process, and gives its name. */
export function addEntry(path: string): string {
  const { pid, pid_start, boot_id } = systemProcesses.self();
  const name = [randomUUID().slice(0, 8), pid, hex(pid_start), namespace(), hex(boot_id)].join(".");
  mkdirSync(folderOf(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(join(folderOf(path), name), "wx", 0o600));
  return name;
}

/** Removes an entry. Names are never used twice, so this cannot remove another's. */
export function removeEntry(path: string, name: string): void {
  rmSync(join(folderOf(path), name), { force: true });
}

/** The entries of processes that live, or may live, in the order of their names; those of dead ones are removed. */
export function livingEntries(path: string): readonly string[] {
  const living: string[] = [];
  for (const name of namesIn(folderOf(path))) {
    if (mayLive(name)) living.push(name);
    else removeEntry(path, name);
  }
  return living.sort();
}

/** False only when the process is known to be dead. One in another namespace cannot be seen from here. */
function mayLive(name: string): boolean {
  const [, pid, start, space, boot] = name.split(".");
  if (boot !== hex(systemProcesses.bootId())) return false;
  if (space !== namespace()) return true;
  const { state, start: now } = systemProcesses.inspect(Number(pid));
  return state === "running" && hex(now) === start;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** The namespace that this process has its number in. */
function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    // Only Linux has them.
    return "0";
  }
}

const hex = (text: string) => Buffer.from(text).toString("hex").slice(0, 64);
