import type { QueueState } from "./fold.ts";

/** The item that carries a key: one in the queue first, else one that is done. */
export function findKey(state: QueueState, source: string, key: string, visible: (owner: string | null) => boolean) {
  for (const item of state.items.values()) {
    if (item.source === source && item.key === key && visible(item.session_id))
      return { id: item.id, known: "open" as const };
  }
  for (const [id, gone] of state.gone) {
    if (gone.how === "done" && gone.source === source && gone.key === key && visible(gone.session_id))
      return { id, known: "done" as const };
  }
  return null;
}
