import { statSync } from "node:fs";

/** What tells a state directory from another at the same place: one that was removed and made again; null: there is none. */
export function homeMark(home: string): string | null {
  const found = statSync(home, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}
