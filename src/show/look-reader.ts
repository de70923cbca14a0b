import { statSync } from "node:fs";
import type { Wait } from "../core/wait.ts";
import { type LookRecord, lookFile, readLook } from "../watch/engine/look-file.ts";

/** The last looks at waits; each file is read again only when another one stands in its place. */
export class LookReader {
  readonly #dir: string;
  readonly #known = new Map<string, { readonly mark: string; readonly look: LookRecord | null }>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The last look at a wait in its present cycle, or null; the same object while no other was written. */
  of({ wait_id, cycle_at }: Pick<Wait, "wait_id" | "cycle_at">): LookRecord | null {
    const stat = statSync(lookFile(this.#dir, wait_id), { throwIfNoEntry: false });
    const mark = stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : "";
    let known = this.#known.get(wait_id);
    if (known?.mark !== mark) {
      known = { mark, look: mark === "" ? null : readLook(this.#dir, wait_id) };
      this.#known.set(wait_id, known);
    }
    return known.look?.cycle_at === cycle_at ? known.look : null;
  }
}
