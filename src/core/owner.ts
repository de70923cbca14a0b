import type { Owner, Wait } from "./wait.ts";

/** The process of an owner. */
export type OwnerProcess = Pick<Owner, "pid" | "pid_start" | "boot_id">;

/** The process of an owner that is nobody: the wait is there to be taken up. */
export const NOBODY: OwnerProcess = { pid: 0, pid_start: "", boot_id: "" };

/** Whether an owner is nobody. */
export function isNobody(owner: OwnerProcess): boolean {
  return owner.pid === 0;
}

/** The owner of a wait's next turn: a process, or nobody yet; under the watcher's id of before, unless another is given. */
export function nextOwner(
  { owner }: Pick<Wait, "owner">,
  { pid, pid_start, boot_id }: OwnerProcess = NOBODY,
  watcherId = owner.watcher_id,
): Owner {
  return { watcher_id: watcherId, pid, pid_start, boot_id, generation: owner.generation + 1 };
}
