import type { Owner, Wait } from "./wait.ts";

/** The process of an owner. */
export type OwnerProcess = Pick<Owner, "pid" | "pid_start" | "boot_id">;

/** The owner of a wait that no process watches, so that any may claim it. */
export const NOBODY: OwnerProcess = { pid: 0, pid_start: "", boot_id: "" };

/** Whether no process owns the wait. */
export function isNobody(owner: OwnerProcess): boolean {
  return owner.pid === 0;
}

/** The owner of a wait's next turn: a process or {@link NOBODY}, with the previous watcher's id unless another is given. */
export function nextOwner(
  { owner }: Pick<Wait, "owner">,
  { pid, pid_start, boot_id }: OwnerProcess = NOBODY,
  watcherId = owner.watcher_id,
): Owner {
  return { watcher_id: watcherId, pid, pid_start, boot_id, generation: owner.generation + 1 };
}
