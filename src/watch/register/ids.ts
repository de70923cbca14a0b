import { randomBytes } from "node:crypto";

/** A new id of a wait: `w` and ten hex digits. */
export function newWaitId(): string {
  return `w${randomBytes(5).toString("hex")}`;
}

/** A new id of a watcher: twelve hex digits, as the Python p9 had. */
export function newWatcherId(): string {
  return randomBytes(6).toString("hex");
}
