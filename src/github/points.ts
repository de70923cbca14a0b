import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { replaceFile } from "../store/files.ts";

/** Days that are kept. */
const KEEP = 400;

/** GraphQL points that the watchers of a home spent, by day (UTC). */
export function pointsByDay(home: string): Readonly<Record<string, number>> {
  try {
    const file: unknown = JSON.parse(readFileSync(fileOf(home), "utf8"));
    if (!isObject(file)) return {};
    return Object.fromEntries(
      Object.entries(file).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return {};
  }
}

/** Adds to a day. It is a figure, not a ledger: two drivers in the same millisecond may lose one of two additions. */
export function countPoints(home: string, day: string, points: number): void {
  try {
    const days = pointsByDay(home);
    const kept = Object.entries({ ...days, [day]: (days[day] ?? 0) + points }).slice(-KEEP);
    replaceFile(fileOf(home), JSON.stringify(Object.fromEntries(kept)), { sync: false });
  } catch {
    // A home that cannot be written is reported by whatever has to keep state.
  }
}

function fileOf(home: string): string {
  return join(home, "github-points.json");
}
