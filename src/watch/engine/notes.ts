import { oneLine } from "../../base/text.ts";
import type { LookResult } from "../../contract/wait-kind.ts";
import type { NewEvent } from "../../core/events.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";

/**
 * Records what a look reports beside its status, each thing once: that the wait can be looked at again, unknown values, notes.
 * `noted`: notes that this watch has recorded.
 */
export async function recordNotes(wait: Wait, result: LookResult, noted: Set<string>, deps: WatchDeps): Promise<void> {
  const { wait_id } = wait;
  const rows: NewEvent[] = [];
  if (wait.needs !== null) rows.push({ type: "wait.needs", wait_id, needs: null });
  for (const value of new Set((result.unknown ?? []).map((text) => oneLine(text)))) {
    if (!wait.unknown_values.includes(value)) rows.push({ type: "wait.unknown_value", wait_id, value });
  }
  const note = result.note && oneLine(result.note, 500);
  if (note && !noted.has(note)) {
    noted.add(note);
    rows.push({ type: "wait.note", wait_id, note });
  }
  if (rows.length > 0) await deps.store.commit((view) => (view.waits.has(wait_id) ? rows : []));
}
