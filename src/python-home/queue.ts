import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { errorCode } from "../core/errors.ts";
import { inferTier } from "../queue/isolation/tier.ts";
import { Queue } from "../queue/store/queue.ts";
import { asItem, type ItemRow, type NewRow } from "../queue/store/rows.ts";

/**
 * Takes over the queue of the Python p9: items of its `wait-queue.jsonl` enter this queue with their ids, each once, however
 * often it is called. The file is read and not changed; lines that are no item are passed over.
 *
 * @returns how many items entered.
 */
export async function importPythonQueue(home: string, options: { readonly clock: Clock }): Promise<number> {
  const rows = pythonItems(join(home, "wait-queue.jsonl"));
  if (rows.length === 0) return 0;
  let entered = 0;
  await new Queue(home, options).write((state) => {
    const fresh = rows.filter(({ id }) => !state.items.has(id) && !state.gone.has(id));
    entered = fresh.length;
    return fresh.map(({ ts: _, ...row }): NewRow => row);
  });
  return entered;
}

/** The largest queue of the Python p9 that is taken over. */
const MAX_BYTES = 64 * 1024 * 1024;

function pythonItems(path: string): readonly ItemRow[] {
  let text: string;
  try {
    text = readSmallFile(path, MAX_BYTES);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  const rows = new Map<string, ItemRow>();
  for (const line of text.split("\n")) {
    const row = asPythonItem(line);
    if (row) rows.set(row.id, row);
  }
  return [...rows.values()];
}

/** The Python p9 never inferred a tier: `none` is what it wrote when nobody said anything, the others were given by hand. */
function asPythonItem(line: string): ItemRow | null {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(row)) return null;
  const item = asItem(row, "queue.pushed", "");
  if (!item) return null;
  const tier = item.isolation_tier === "none" ? null : item.isolation_tier;
  const inferred = inferTier({ item: item.item, files: item.files, changed: [], related: null, tier });
  return { ...item, tier, isolation_tier: inferred.tier };
}
