import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { replaceFile } from "../store/files.ts";

/** Number of days that are kept. */
const KEEP = 400;

/** Reads the GraphQL points that the watchers of a home spent, by day (UTC). */
export function pointsByDay(home: string): Readonly<Record<string, number>> {
  try {
    const file: unknown = JSON.parse(readSmallFile(fileOf(home)));
    if (!isObject(file)) return {};
    return Object.fromEntries(
      Object.entries(file).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return {};
  }
}

/** Adds points to a day. Without a lock, so two drivers at the same moment may lose one addition. */
export function countPoints(home: string, day: string, points: number): void {
  try {
    const days = pointsByDay(home);
    const kept = Object.entries({ ...days, [day]: (days[day] ?? 0) + points }).slice(-KEEP);
    replaceFile(fileOf(home), JSON.stringify(Object.fromEntries(kept)), { sync: false });
  } catch {
    // The store reports a home that cannot be written.
  }
}

function fileOf(home: string): string {
  return join(home, "github-points.json");
}
